"""Who is told of a storm, and when: by night only an uproar wakes anybody."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.desk.alerted import DAYTIME, NIGHT, on_duty, storm
from tests.web.cast import person

from kuulo.desk.people import deactivate
from kuulo.desk.storm.alert import tell, when
from kuulo.models import Alert, Duty, Role, Unit

pytestmark = pytest.mark.django_db
HELSINKI = ZoneInfo("Europe/Helsinki")


def alerts(state: str = "queued") -> list[tuple[str, str]]:
    return [(one.person.name if one.person else one.duty.address, one.kind) for one in _rows(state)]


def _rows(state: str) -> list[Alert]:
    return list(Alert.objects.filter(state=state).select_related("person", "duty").order_by("pk"))


def test_each_hears_of_the_levels_that_they_asked_for():
    on_duty("Rise", least="rise")
    on_duty("Storm", least="storm")
    on_duty("Uproar", least="uproar")
    Duty.objects.create(address="https://chat.example/hook")
    told = storm(level="rise")
    assert tell(told, "opened", now=DAYTIME) == 1
    assert alerts() == [("Rise", "opened")]
    told.level = "storm"
    assert tell(told, "doubled", now=DAYTIME) == 3
    # nobody was told before: for all it is new, and what waited is not sent twice
    assert alerts() == [("Rise", "opened"), ("Storm", "opened"), ("https://chat.example/hook", "opened")]
    assert alerts("cancelled") == [("Rise", "opened")]


def test_who_was_told_hears_that_it_has_grown():
    on_duty()
    told = storm()
    tell(told, "opened", now=DAYTIME)
    Alert.objects.update(state="sent")
    told.told_at = 34
    tell(told, "doubled", now=DAYTIME)
    assert alerts() == [("Anna", "doubled")]


def test_nobody_is_told_of_the_same_twice():
    on_duty()
    told = storm()
    assert [tell(told, "opened", now=DAYTIME), tell(told, "opened", now=DAYTIME)] == [1, 0]
    Alert.objects.update(state="sent")
    assert tell(told, "doubled", now=DAYTIME) == 0
    told.level = "uproar"  # the count is the same, and yet there is something to tell
    assert tell(told, "doubled", now=DAYTIME) == 1


def test_a_line_of_a_wider_storm_is_told_with_that_one():
    on_duty()
    assert tell(storm(stream="subtheme:3", part_of=storm()), "opened", now=DAYTIME) == 0


def test_who_left_or_has_no_role_is_not_told():
    left, bare = on_duty("Left"), on_duty("Bare")
    deactivate(person(Role.ADMINISTRATOR), left.person)
    bare.person.memberships.all().delete()
    assert tell(storm(), "opened", now=DAYTIME) == 0


def test_by_night_only_an_uproar_wakes_or_who_wants_to_be_woken():
    on_duty("Sleeps")
    on_duty("Wakes", nights=True)
    told = storm()
    tell(told, "opened", now=NIGHT)
    due = {one.person.name: one.due for one in _rows("queued")}
    assert due == {"Sleeps": datetime(2020, 11, 19, 7, 30, tzinfo=HELSINKI), "Wakes": NIGHT}
    told.level, told.told_at = "uproar", 40
    tell(told, "doubled", now=NIGHT)
    assert {one.person.name: one.due for one in _rows("queued")} == {"Sleeps": NIGHT, "Wakes": NIGHT}
    assert len(_rows("cancelled")) == 2


@pytest.mark.parametrize(
    ("now", "told"),
    [
        # the clock goes back in the night to 25 October 2026, forward in that to 29 March 2026
        ("2026-10-24T22:00:00+03:00", "2026-10-25T07:30:00+02:00"),
        ("2026-10-25T03:30:00+03:00", "2026-10-25T07:30:00+02:00"),
        ("2026-10-25T03:30:00+02:00", "2026-10-25T07:30:00+02:00"),
        ("2026-03-28T23:59:59+02:00", "2026-03-29T07:30:00+03:00"),
        ("2026-03-29T04:00:00+03:00", "2026-03-29T07:30:00+03:00"),
        ("2026-06-01T06:59:59+03:00", "2026-06-01T07:30:00+03:00"),
        ("2026-06-01T07:00:00+03:00", "2026-06-01T07:00:00+03:00"),
        ("2026-06-01T21:59:59+03:00", "2026-06-01T21:59:59+03:00"),
        ("2026-12-31T22:00:00+02:00", "2027-01-01T07:30:00+02:00"),
    ],
)
def test_the_morning_is_the_municipalitys_own(now, told):
    assert when(datetime.fromisoformat(now), wakes=False) == datetime.fromisoformat(told)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))
def test_nobody_waits_long_and_nobody_is_told_by_night(now):
    told = when(now, wakes=False)
    assert now <= told <= now + timedelta(hours=11)  # a night is an hour longer in autumn
    assert 7 <= told.astimezone(HELSINKI).hour < 22
    assert when(now, wakes=True) == now


def test_mentors_of_the_unit_are_called_and_all_where_it_has_none():
    schools, streets = (Unit.objects.create(names={"en": name}) for name in ("Schools", "Streets"))
    person(Role.MENTOR, name="Near", unit=schools)
    person(Role.MENTOR, name="Far")
    deactivate(person(Role.ADMINISTRATOR), person(Role.MENTOR, name="Left", unit=streets))
    told = storm()
    assert tell(told, "mentor", unit=schools, now=DAYTIME) == 1
    assert alerts() == [("Near", "mentor")]
    assert tell(told, "mentor", unit=streets, now=DAYTIME) == 2
    assert alerts() == [("Near", "mentor"), ("Far", "mentor")]  # the same person is not called twice
    assert tell(storm(stream="pile"), "mentor", now=NIGHT) == 2
    assert {one.due.astimezone(HELSINKI).hour for one in _rows("queued")[2:]} == {7}


def test_a_call_reaches_a_mentor_also_for_a_line_of_a_storm():
    person(Role.MENTOR)
    assert tell(storm(stream="subtheme:3", part_of=storm()), "mentor", now=DAYTIME) == 1
