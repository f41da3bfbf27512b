"""Whatever the text, what is found stands in it where it is said to stand."""

from hypothesis import given
from hypothesis import strategies as st
from invented_places import finder, place

NAMES = ("Kallio", "Malmin lentokenttä", "Itä-Pasila", "Os", "Östersundom", "Rantatie")
FINDER = finder(*(place(name) for name in NAMES), place("Ås", language="sv"), languages=("fi", "sv", "nb", "en"))
PIECES = st.sampled_from(
    [*NAMES, "Malmin", "lentokentälle", "malmin\nlentokenttä", "Kalliossakin", "ITÄ-PASILASSA", "Ås", "A\u030as", " 5",
     "\u0308", "ﬁ", "İ", "ß", "'", "-", "@", "://", ".", "\u00a0", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")]
)  # fmt: skip


@given(st.text(max_size=200) | st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join))
def test_mentions_are_exact_in_order_and_apart(text):
    found = FINDER.mentions(text)
    ends = [0]
    for one in found:
        assert ends[-1] <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.facts["form"]
        assert one.facts["form"].strip() == one.facts["form"]
        assert 0 < one.confidence <= 1
        ends.append(one.end)


@given(st.sampled_from(NAMES[:3]), st.text(alphabet="abcå ,.!?\n", max_size=30))
def test_a_name_with_a_capital_is_found_wherever_it_stands(name, before):
    text = f"{before} joo {name}, niin"
    start = len(before) + len(" joo ")
    assert (start, start + len(name)) in [(one.start, one.end) for one in FINDER.mentions(text)]


def test_a_long_text_of_nothing_but_names_is_read_in_one_go():
    text = "Kallio-Itä-Pasila " * 20_000
    assert len(FINDER.mentions(text)) == 40_000


def test_a_long_text_of_names_that_overlap_is_read_in_one_go():
    chain = finder(place("Malmin koulu"), place("Koulun Malmi"))
    assert len(chain.mentions("Malmin koulun " * 40_000)) == 40_000


def test_an_endless_word_is_no_name():
    assert FINDER.mentions("kallio" * 50_000 + " " + "a-" * 50_000) == []
