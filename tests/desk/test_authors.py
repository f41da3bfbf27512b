"""People are known by a pseudonym, for as long as the key of its period lives; and counted for good."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kuulo.desk.authors import DAYS, block, blocked, close_periods, pseudonym
from kuulo.desk.figures import refresh_figures
from kuulo.desk.receive import receive
from kuulo.desk.seal import unseal
from kuulo.hear.connector import Post
from kuulo.models import Author, Message, Placement, Source, Theme

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=DAYS)


@pytest.fixture(autouse=True)
def keys(settings, tmp_path) -> Path:
    settings.AUTHOR_KEYS = tmp_path / "keys"
    return settings.AUTHOR_KEYS


@pytest.fixture
def place() -> Source:
    return Source.objects.create(name="Lomake", channel="web")


def test_a_writer_keeps_the_pseudonym_within_a_period_and_a_source(place):
    other = Source.objects.create(name="Keskustelu")
    assert pseudonym("Anna", place, now=NOW) == pseudonym(" ANNA ", place, now=NOW) != ""
    assert pseudonym("Anna", place, now=NOW) != pseudonym("Anna", other, now=NOW)
    assert pseudonym("Anna", place, now=NOW) != pseudonym("Anna", place, now=LATER)
    assert pseudonym("  ", place, now=NOW) == ""


def test_when_a_period_is_over_its_key_and_its_pseudonyms_are_gone(place, keys):
    old = Author.objects.create(key=pseudonym("Anna", place, now=NOW), name=b"x", name_until=NOW)
    new = Author.objects.create(key=pseudonym("Anna", place, now=LATER))
    assert (close_periods(now=NOW), close_periods(now=LATER), close_periods(now=LATER)) == (0, 1, 0)
    assert len(list(keys.iterdir())) == 1
    key = old.key
    old.refresh_from_db()
    assert (old.key[0], old.name, old.name_until) == ("~", b"", None)
    assert Author.objects.get(pk=new.pk).key == pseudonym("Anna", place, now=LATER)
    # even with the same name, in the same period, nobody is found again
    assert pseudonym("Anna", place, now=NOW) != key


def test_people_are_counted_as_before_when_the_key_is_gone(place):
    theme = Theme.objects.create(code="T1", stale=True)
    receive(place, [Post(id=str(at), text=f"Tie on liukas {at}", author=f"a{at % 3}") for at in range(6)])
    for message in Message.objects.all():
        Placement.objects.create(message=message, theme=theme, main=True, counted=True, arrived=message.arrived)
    refresh_figures(limit=1)
    before = Theme.objects.get().figures["people"]
    close_periods(now=datetime.now(UTC) + timedelta(days=2 * DAYS))
    Theme.objects.update(stale=True)
    refresh_figures(limit=1)
    assert Theme.objects.get().figures["people"] == before == 3


def test_who_is_blocked_is_passed_over_and_known_by_a_key_of_its_own(place, keys):
    other = Source.objects.create(name="Keskustelu")
    block("@kiusaaja", place)
    close_periods(now=datetime.now(UTC) + timedelta(days=2 * DAYS))
    told = receive(place, [Post(id="1", text="Roskaa", author="@Kiusaaja"), Post(id="2", text="Asiaa", author="b")])
    assert (told.added, told.passed) == (1, {"blocked": 1})
    assert (blocked("@kiusaaja", place), blocked("@kiusaaja", other), blocked("", place)) == (True, False, False)
    assert (keys / "blocked.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("by_name", [True, False])
def test_a_name_is_kept_sealed_where_a_source_is_answered_by_name(by_name):
    place = Source.objects.create(name="Sivu", by_name=by_name)
    receive(place, [Post(id="1", text="Asiaa", author="b", author_name="Anna Esimerkki")])
    author = Author.objects.get()
    assert b"Anna" not in bytes(author.name)
    assert unseal(author.name, "author-name") == ("Anna Esimerkki" if by_name else None)
    assert (author.name_until is not None) == by_name
