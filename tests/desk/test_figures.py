"""The figures of a theme are what counting its messages by hand gives, and no change goes unnoticed."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from kuulo.desk import lifts
from kuulo.desk.figures import refresh_figures
from kuulo.desk.place import place_new
from kuulo.models import Author, Message, Placement, Theme

SNOW = ("Plough our street.", "Plough the pavement.", "plough our street", "The plough came late.")


def settle(encoder):
    while place_new(encoder, limit=20):
        pass


def refresh_all():
    while refresh_figures(limit=2):
        pass


@pytest.fixture
def town(wait, encoder):
    anna, bo = Author.objects.create(key="a"), Author.objects.create(key="b")
    wait(SNOW[0], channel="form", author=anna)
    wait(*SNOW[1:3], channel="mail", author=bo)
    wait(SNOW[3], channel="mail", author=anna)
    settle(encoder)
    return Theme.objects.get(code="T1")


def test_figures_are_what_counting_gives(town):
    refresh_all()
    town.refresh_from_db()
    rows = Message.objects.filter(placements__theme=town, placements__counted=True)
    figures = town.figures
    assert figures["messages"] == rows.count() == 4
    assert figures["distinct"] == 3
    assert figures["people"] == 2
    assert figures["channels"] == {"form": 1, "mail": 3}
    assert figures["sources"] == {"form": 4}
    for key, column in (("languages", "language"), ("kinds", "kind")):
        assert figures[key] == Counter(rows.values_list(column, flat=True))
    assert figures["voices"] == {side: rows.filter(kind=side).count() for side in ("wants", "opposes")}
    assert sum(figures["weeks"].values()) == 4
    assert set(figures["weeks"]) == {"2025-12-29"}
    assert figures["latest"] > figures["first"]
    assert not Theme.objects.filter(stale=True).exists()


def test_a_subtheme_counts_its_own(town):
    refresh_all()
    for part in town.subthemes.all():
        assert part.figures["messages"] == part.sub_placements.filter(counted=True).count() > 0


def test_growth_compares_the_last_seven_days_with_the_four_weeks_before(town):
    newest = Message.objects.latest("arrived").arrived
    for days, at in zip((0, 6, 7, 20), Placement.objects.order_by("pk"), strict=True):
        Placement.objects.filter(pk=at.pk).update(arrived=newest - timedelta(days=days))
    refresh_all()
    town.refresh_from_db()
    assert town.figures["growth"] == {"now": 2, "before": 0.5, "until": localdate(newest).isoformat()}


def test_a_silent_theme_is_counted_anew_when_days_go_by(town):
    refresh_all()
    late = Message.objects.latest("arrived")
    Message.objects.filter(pk=late.pk).update(arrived=late.arrived + timedelta(days=30))
    refresh_all()
    town.refresh_from_db()
    assert [theme.figures["growth"]["now"] for theme in (town, *town.subthemes.all())] == [0] * len(
        Theme.objects.all()
    )


def test_without_authors_nobody_is_counted(wait, encoder):
    wait(*SNOW)
    settle(encoder)
    refresh_all()
    assert Theme.objects.get(code="T1").figures["people"] is None


def test_an_empty_theme_has_figures(db):
    theme = Theme.objects.create(code="T1")
    assert refresh_figures(limit=5) == 1
    theme.refresh_from_db()
    assert (theme.figures["messages"], theme.figures["uncertain"], theme.stale) == (0, 0, False)
    assert refresh_figures(limit=5) == 0


def test_the_queries_do_not_grow_with_the_messages(town, wait, encoder):
    def queries():
        lifts._known.clear()  # what is usual is counted anew each time, whatever an earlier test left
        Theme.objects.exclude(pk=town.pk).update(stale=False)
        Theme.objects.filter(pk=town.pk).update(stale=True)
        with CaptureQueriesContext(
            connection,
        ) as held:
            refresh_figures(limit=1)
        return len(held)

    few = queries()
    wait(*(f"Plough street number {n} before seven." for n in range(9)))
    settle(encoder)
    assert queries() == few
