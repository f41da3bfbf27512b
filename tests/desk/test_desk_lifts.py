"""Who writes about a theme more often than others do: the report's rule, out of rows."""

import pytest
from tests.desk.themes_town import Said, build

from kuulo.desk.lifts import background_figures, everyone
from kuulo.group.result import Grouping, Placement
from kuulo.message import Message as Heard
from kuulo.models import Theme
from kuulo.report.facets import Facet
from kuulo.report.lifts import lifts

pytestmark = pytest.mark.django_db


def said(theme: str, area: str, n: int, author: str = "") -> list[Said]:
    return [Said(at=(theme,), background=[["Alue", area]], author=author and f"{author}{at}") for at in range(n)]


def figures(code: str) -> dict:
    return background_figures(Theme.objects.get(code=code))


def test_the_desk_finds_what_the_report_finds():
    """The same messages through kuulo.report.lifts: the same values, the same ratios."""
    told = [("T1", "Keskusta", 40), ("T1", "Pohjoinen", 10), ("T2", "Keskusta", 10), ("T2", "Pohjoinen", 60)]
    build([one for theme, area, n in told for one in said(theme, area, n)])
    cells = [(theme, area) for theme, area, n in told for _ in range(n)]
    areas = ("Keskusta", "Pohjoinen")
    facet = Facet("Alue", areas, tuple(areas.index(area) for _, area in cells), tells_sender=True)
    placements = tuple(Placement(status="grouped", theme=theme) for theme, _ in cells)
    report = lifts([Heard(text="x") for _ in cells], Grouping(placements=placements, themes=()), [facet])
    for code in ("T1", "T2"):
        found = [(one["value"], one["times"]) for one in figures(code)["lifts"]]
        assert found == [(areas[lift.value], round(lift.times, 2)) for lift in report[code]]
        assert found


def test_messages_are_counted_by_column_and_value():
    build(
        [
            *said("T1", "Keskusta", 3),
            *said("T1", "Pohjoinen", 2),
            Said(at=("T1",)),
            Said(at=("T1",), status="uncertain"),
        ]
    )
    assert figures("T1")["background"] == {"Alue": {"Keskusta": 3, "Pohjoinen": 2}}


def test_a_column_of_very_many_values_is_no_group_of_people():
    build([Said(at=("T1",), background=[["Postinumero", f"{n:05d}"], ["Alue", "A"]]) for n in range(41)])
    assert figures("T1")["background"] == {"Alue": {"A": 41}}


def test_one_who_writes_often_counts_once_and_copies_count_for_nothing():
    many = said("T1", "Keskusta", 40)
    for one in many:
        one.author = "the same"
    build([*many, *said("T2", "Pohjoinen", 40, "p"), *said("T2", "Keskusta", 5, "k")])
    assert figures("T1")["lifts"] == []
    first = said("T3", "Keskusta", 1)
    copies = [Said(at=("T3",), background=[["Alue", "Keskusta"]], copy_of=first[0]) for _ in range(40)]
    build([*first, *copies])
    assert figures("T3")["lifts"] == []
    assert figures("T3")["background"] == {"Alue": {"Keskusta": 41}}


def test_what_nobody_else_writes_about_has_no_number_of_times():
    build([*said("T1", "Keskusta", 30), *said("T2", "Pohjoinen", 30)])
    (lift,) = figures("T1")["lifts"]
    assert lift == {"column": "Alue", "value": "Keskusta", "times": None, "messages": 30}


def test_everyone_is_counted_anew_when_a_hundredth_more_have_come():
    build(said("T1", "Keskusta", 3))
    known = everyone()
    assert everyone() is known
    more = known.newest[0] // 100 + 1
    build(said("T2", "Keskusta", more))
    assert everyone().sizes["Alue", "Keskusta"] == 3 + more
