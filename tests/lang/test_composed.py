"""Letters are composed, and a pile of marks on one costs no more than other text."""

import sys

from kuulo.lang.composed import composed


def test_letters_and_their_marks_become_one():
    assert composed("Ka\u0308vely") == "Kävely"


def test_a_long_text_is_composed_just_as_a_short_one():
    assert composed("a\u0308e\u0301x\u0327\u0301 " * 2_000) == composed("a\u0308e\u0301x\u0327\u0301 ") * 2_000


def test_a_pile_of_marks_keeps_thirty():
    # without that these would be put in order for minutes
    piled = composed("a" + "\u0301\u0316" * 200_000 + "b")
    assert (piled[0], piled[-1], len(piled)) == ("á", "b", 31)
    assert sys.getsizeof(piled) < 1_000
