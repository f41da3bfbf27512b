"""Who writes more often about a theme is said only where chance is an unlikely reason."""

import random

import pytest

from kuulo.group.result import Grouping, Placement
from kuulo.report.facets import Facet
from kuulo.report.lifts import lifts


def result(cells):
    """Cells are (theme, value) a message."""
    placements = tuple(Placement(status="grouped", theme=theme) for theme, _ in cells)
    facet = Facet("area", ("Malmi", "Harju"), tuple(value for _, value in cells), tells_sender=True)
    return Grouping(placements=placements, themes=()), (facet,)


def test_a_clear_difference_is_found_with_its_size():
    cells = [("T1", 0)] * 40 + [("T2", 0)] * 60 + [("T1", 1)] * 10 + [("T2", 1)] * 90
    found = lifts(*result(cells))
    assert [(lift.value, round(lift.times, 2), lift.count) for lift in found["T1"]] == [(0, 4.0, 40)]
    # 90 of 100 against 60 of 100 is half as much again, and certain; the other side of it is no lift
    assert [(lift.value, round(lift.times, 2)) for lift in found["T2"]] == [(1, 1.5)]


def test_fewer_than_five_messages_say_nothing():
    cells = [("T1", 0)] * 4 + [("T2", 0)] * 4 + [("T2", 1)] * 400
    assert "T1" not in lifts(*result(cells))


def test_copies_count_for_nothing():
    placements = tuple(Placement(status="grouped", theme="T1", copy_of=0 if at else -1) for at in range(50))
    placements += tuple(Placement(status="grouped", theme="T2") for _ in range(50))
    facet = Facet("area", ("Malmi", "Harju"), (0,) * 50 + (1,) * 50, tells_sender=True)
    assert "T1" not in lifts(Grouping(placements=placements, themes=()), (facet,))


def test_what_does_not_tell_of_senders_is_not_compared():
    grouping, (facet,) = result([("T1", 0)] * 50 + [("T2", 1)] * 50)
    assert lifts(grouping, (Facet(facet.name, facet.values, facet.of),)) == {}


@pytest.mark.parametrize("seed", range(20))
def test_chance_alone_is_hardly_ever_told(seed):
    chance = random.Random(seed)
    cells = [(f"T{chance.randrange(12)}", chance.randrange(2)) for _ in range(600)]
    assert sum(map(len, lifts(*result(cells)).values())) == 0
