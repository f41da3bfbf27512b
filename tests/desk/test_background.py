"""What stands beside the text is found as it is written, and nothing that only looks like it."""

import pytest
from tests.desk.themes_town import Said, build

from kuulo.desk.background import has_background
from kuulo.models import Message

pytestmark = pytest.mark.django_db

PAIRS = [
    ("Alue", "Etelä"),
    ("Alue", "etelä"),
    ("Alue", "Etelä-Pohja"),
    ("Alue", "100 %"),
    ("Alue", "100 x"),
    ("Ikä", "a_b"),
    ("Ikä", "axb"),
    ('"Alue"', '["Alue", "Etelä"]'),
    ("Alue", "a\\b"),
    ("Alue", '"'),
    ("", "Etelä"),
]


@pytest.mark.parametrize(("column", "value"), PAIRS)
def test_a_pair_is_found_once_and_as_it_is_written(column, value):
    build([Said(background=[["Muu", "x"], [*pair]]) for pair in PAIRS])
    found = Message.objects.filter(has_background(column, value))
    assert [message.background[1] for message in found] == [[column, value]]


def test_the_pair_of_an_original_is_asked_of_its_copies():
    first = Said(background=[["Alue", "Etelä"]])
    build([first, Said(copy_of=first), Said()])
    assert Message.objects.filter(has_background("Alue", "Etelä", at="copy_of__")).get().copy_of == first.row
