"""Who writes more often about a theme is said only where chance is an unlikely reason."""

import math
import random
from dataclasses import replace

import pytest

from kuulo.group.result import Grouping, Placement
from kuulo.message import Message
from kuulo.report.facets import Facet
from kuulo.report.lifts import lifts


def found_in(cells, authors=(), latest=False):
    """Cells are (theme, value) a message; the lifts of the one facet."""
    messages = [Message(text="x", author=author) for author in authors or [""] * len(cells)]
    grouping, (facet,) = result(cells)
    told = replace(facet, tells_sender=not latest, is_latest=latest)
    return lifts(messages, grouping, (told,))


def result(cells):
    placements = tuple(Placement(status="grouped", theme=theme) for theme, _ in cells)
    facet = Facet("area", ("Malmi", "Harju"), tuple(value for _, value in cells), tells_sender=True)
    return Grouping(placements=placements, themes=()), (facet,)


def test_a_clear_difference_is_found_with_its_size():
    cells = [("T1", 0)] * 40 + [("T2", 0)] * 60 + [("T1", 1)] * 10 + [("T2", 1)] * 90
    found = found_in(cells)
    assert [(lift.value, round(lift.times, 2)) for lift in found["T1"]] == [(0, 4.0)]
    # 90 of 100 against 60 of 100 is half as much again, and not certain to be a fifth more
    assert "T2" not in found


def test_fewer_than_five_messages_say_nothing():
    cells = [("T1", 0)] * 4 + [("T2", 0)] * 4 + [("T2", 1)] * 400
    assert "T1" not in found_in(cells)


def test_copies_count_for_nothing():
    placements = tuple(Placement(status="grouped", theme="T1", copy_of=0 if at else -1) for at in range(50))
    placements += tuple(Placement(status="grouped", theme="T2") for _ in range(50))
    facet = Facet("area", ("Malmi", "Harju"), (0,) * 50 + (1,) * 50, tells_sender=True)
    messages = [Message(text="x")] * 100
    assert "T1" not in lifts(messages, Grouping(placements=placements, themes=()), (facet,))


def test_what_does_not_tell_of_senders_is_not_compared():
    grouping, (facet,) = result([("T1", 0)] * 50 + [("T2", 1)] * 50)
    messages = [Message(text="x")] * 100
    assert lifts(messages, grouping, (Facet(facet.name, facet.values, facet.of),)) == {}


@pytest.mark.parametrize("seed", range(20))
def test_chance_alone_is_hardly_ever_told(seed):
    chance = random.Random(seed)
    cells = [(f"T{chance.randrange(12)}", chance.randrange(2)) for _ in range(600)]
    assert sum(map(len, found_in(cells).values())) == 0


def test_what_nobody_else_writes_about_is_told_without_a_number():
    found = found_in([("T1", 0)] * 19 + [("T2", 0)] * 23 + [("T2", 1)] * 97)
    assert [(lift.value, lift.times) for lift in found["T1"]] == [(0, math.inf)]


def test_one_who_writes_often_counts_once():
    cells = [("T1", 0)] * 40 + [("T2", 0)] * 60 + [("T1", 1)] * 10 + [("T2", 1)] * 90
    authors = ["Aino"] * 40 + [f"r{at}" for at in range(160)]
    assert "T1" not in found_in(cells, authors)


def test_what_grows_is_told_and_what_fades_is_not():
    cells = [("T1", 0)] * 40 + [("T2", 0)] * 60 + [("T3", 0)] * 5 + [("T3", 1)] * 40 + [("T2", 1)] * 60
    found = found_in(cells, latest=True)
    assert [lift.value for lift in found["T3"]] == [1]
    assert "T1" not in found


def test_of_two_columns_that_say_the_same_one_is_compared():
    grouping, (facet,) = result([("T1", 0)] * 40 + [("T2", 0)] * 60 + [("T1", 1)] * 5 + [("T2", 1)] * 95)
    other = Facet("role", facet.values[::-1], tuple(1 - value for value in facet.of), tells_sender=True)
    messages = [Message(text="x")] * 200
    assert [lift.facet for lift in lifts(messages, grouping, (facet, other))["T1"]] == [0]
