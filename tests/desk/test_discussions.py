"""Discussions that we opened: who came is counted, who did not is told, and where the people are is found."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.utils import timezone
from tests.desk.desk_rows import add_message, add_source, add_theme, place
from tests.desk.storm_rows import author
from tests.desk.test_civic_sources import connected, heard
from tests.hear.test_kerrokantasi import Hearings
from tests.hear.test_lausuntopalvelu import Service
from tests.web.cast import person

from kuulo.desk.discussions import acts, seek
from kuulo.desk.discussions.count import count, draw_up, judged, past, proposed
from kuulo.desk.discussions.overview import going_on, marks, over, quiet_now
from kuulo.desk.discussions.said import elsewhere, in_discussion
from kuulo.desk.discussions.told import keep_opened
from kuulo.desk.discussions.where import where
from kuulo.desk.inbox import Filters
from kuulo.desk.not_now import NotNow
from kuulo.group.languages import shipped_concepts
from kuulo.hear.connector import Opened
from kuulo.lang.services import concepts
from kuulo.models import Discussion, Event, Gazetteer, Message, Place, Source, Theme, Whereabouts

pytestmark = pytest.mark.django_db
MEALS = "school-meals"


def day(ago: int):
    return timezone.localdate() - timedelta(days=ago)


@pytest.fixture
def aino():
    return person("official", name="Aino")


def told(**more):
    given = dict.fromkeys(acts.TOLD)
    given |= {"name": "Kouluruoka", "question": "", "thread": "", "url": "", "services": [], "opened": day(20)}
    return given | more


def follow(by, **more) -> Discussion:
    return acts.follow(by, told(**{"source": add_source("Kuulemiset"), "thread": "h1"} | more))


def say(text="Lisää kasviksia", *, ago=10, by=None, thread="h1", **more) -> Message:
    given = {"source": add_source("Kuulemiset"), "thread": thread, "author": author(by) if by else None}
    return add_message(text, arrived=timezone.now() - timedelta(days=ago), **given | more)


def anew(one: Discussion) -> Discussion:
    return Discussion.objects.get(pk=one.pk)


def refused(code, act):
    events = Event.objects.count()
    with pytest.raises(NotNow) as refusal:
        act()
    assert refusal.value.code == code
    assert Event.objects.count() == events


def test_people_are_counted_and_two_loud_ones_are_no_discussion(aino):
    for number in range(9):
        say(f"Viesti {number}", by=1 + number % 2)
    one = follow(aino)
    assert (one.figures["messages"], one.figures["people"], one.state) == (9, 2, "quiet")
    for number in (3, 4, 5):
        say(f"Uusi {number}", by=number)
    assert draw_up() == 1
    assert Discussion.objects.get().state == "enough"
    assert draw_up() == 0


def test_only_what_residents_said_there_and_then_counts(aino):
    say(by=1)
    say("Ennen avaamista", ago=30, by=2)
    say("Toinen kuuleminen", by=3, thread="h2")
    say("Virkamies vastaa", by=4, actor="official")
    for number, status in enumerate(("aside", "gone", "safety")):
        say("Ei tänne", by=5 + number, status=status)
    one = follow(aino)
    assert one.figures["messages"] == 1
    assert set(Filters(discussion=one.pk, copies="all").queryset()) == set(in_discussion(one))
    closing_day = acts.change(aino, one, told(source=one.source, thread="h1", opened=day(40), closes=day(25)))
    assert set(in_discussion(closing_day)) == {Message.objects.get(text="Ennen avaamista")}


def test_where_nobody_says_who_writes_each_text_is_one(aino):
    first = say()
    say(copy_of=first)
    say("Vähemmän makkaraa")
    one = follow(aino)
    assert (one.figures["people"], one.figures["unknown"], sum(one.figures["voices"].values())) == (0, 3, 2)
    assert "unknown-writers" in marks(one)


def test_a_discussion_may_be_a_theme_or_a_place(aino):
    theme, merged = add_theme("T1"), add_theme("T2")
    place(say(by=1, thread=""), theme)
    place(say(by=2, thread=""), theme, counted=False)
    one = follow(aino, source=None, thread="", theme=merged)
    assert one.figures["messages"] == 0
    Theme.objects.filter(pk=merged.pk).update(state="merged", merged_into=theme)
    one = Discussion.objects.get()
    count(one)
    assert one.figures["messages"] == 1
    school = furnished_place("Koulu")
    about(say("Koulun ruoka", by=3), school)
    assert follow(aino, source=None, thread="", place=school).figures["messages"] == 1


def furnished_place(name, **more):
    gazetteer = Gazetteer.objects.get_or_create(name="a", sha256="0")[0]
    names = {"names": {"fi": [name]}, "kind": "district"}
    return Place.objects.create(code=name, gazetteer=gazetteer, **names | more)


def about(message, one):
    Whereabouts.objects.create(message=message, place=one, by="text", arrived=message.arrived)
    return message


def test_what_was_left_open_is_learnt_from_our_own_and_said_to_be(aino):
    one = follow(aino)
    assert (one.wanted, one.within, one.learnt) == (5, 14, 0)
    source = one.source
    one.delete()
    for number in range(6):
        for writer in range(8 + number):
            say(f"{writer}", ago=95, by=writer + 1, thread=f"vanha {number}")
        follow(aino, thread=f"vanha {number}", opened=day(100), closes=day(60))
    assert proposed(source).voices == 9
    new = follow(aino, thread="uusi", opened=day(7))
    assert (new.wanted, new.learnt, new.state) == (9, 6, "quieter")
    seen = judged(new)
    assert (seen.of, round(seen.expected, 1)) == (6, 10.5)
    chosen = follow(aino, thread="valittu", wanted=2, within=3)
    assert (chosen.wanted, chosen.within, chosen.learnt) == (2, 3, None)
    assert past(None) == []


def test_what_people_do_is_one_event_and_can_be_undone(aino):
    one = follow(aino)
    assert [row.pk for row in quiet_now()[0]] == [one.pk]
    steps = [
        acts.take_to(aino, one, where="Puskaradio", on=day(0), note="Kysyin siellä"),
        acts.not_quiet(aino, one),
        acts.end(aino, one),
    ]
    one.refresh_from_db()
    assert (one.taken_at, one.not_quiet, bool(one.ended)) == (day(0), True, True)
    assert quiet_now() == ([], 0)
    for step in reversed(steps):
        acts.undo(aino, step)
    one.refresh_from_db()
    assert (one.taken_at, one.not_quiet, one.ended) == (None, False, None)
    assert quiet_now()[1] == 1
    kinds = [*Event.objects.order_by("pk").values_list("kind", flat=True)]
    made = ["made", "taken-to", "not-quiet", "ended", "undone", "undone", "undone"]
    assert kinds == [f"discussion-{kind}" for kind in made]
    assert "Puskaradio" not in str([*Event.objects.values_list("facts", flat=True)])
    refused("undone-before", lambda: acts.undo(aino, steps[0]))


def test_what_cannot_be_now_is_refused(aino):
    one = follow(aino)
    refused("nowhere", lambda: acts.follow(aino, told(source=None)))
    refused("ends-before", lambda: acts.follow(aino, told(source=one.source, closes=day(21))))
    refused("followed-already", lambda: follow(aino))
    refused("no-words", lambda: acts.take_to(aino, one, where=" ", on=day(0)))
    refused("in-future", lambda: acts.take_to(aino, one, where="tori", on=day(-1)))
    first = acts.take_to(aino, one, where="tori", on=day(3))
    acts.take_to(aino, one, where="kylätalo", on=day(1))
    refused("changed-meanwhile", lambda: acts.undo(aino, first))
    acts.not_quiet(aino, one)
    acts.end(aino, one)
    refused("said-already", lambda: acts.not_quiet(aino, one))
    refused("ended-already", lambda: acts.end(aino, one))


def test_a_week_after_it_was_taken_somewhere_a_quiet_one_is_told_of_again(aino):
    one = follow(aino)
    Discussion.objects.update(taken_at=day(6))
    assert quiet_now()[1] == 0
    Discussion.objects.update(taken_at=day(7))
    assert quiet_now()[0] == [one]


def test_the_quiet_stand_first_and_what_is_over_apart(aino):
    for number in range(6):
        say(f"{number}", by=number + 1, thread="vilkas")
    lively = follow(aino, thread="vilkas")
    early = follow(aino, thread="varhainen", opened=day(1))
    quiet = follow(aino, thread="hiljainen")
    shut = follow(aino, thread="suljettu", closes=day(1))
    left = follow(aino, thread="jätetty")
    acts.end(aino, left)
    assert [*going_on().rows] == [quiet, early, lively]
    assert {*over().rows} == {shut, left}
    assert Discussion.objects.get(pk=shut.pk).state == "closed-quiet"


def test_our_own_deafness_is_no_quiet(aino):
    hearings = Hearings()
    with closing(hearings.door):
        connection = connected(hearings)
        one = follow(aino, source=connection.source)
        assert "trouble" not in marks(anew(one))
        type(connection).objects.update(trouble={"code": "not-let-in"})
        assert "trouble" in marks(anew(one))
        type(connection).objects.update(state="off")
        assert marks(anew(one)) == ["off"]
        assert marks(follow(aino)) == ["by-hand"]


def test_a_hearing_that_nobody_came_to_is_known_by_itself():
    hearings = Hearings()
    with closing(hearings.door):
        opened = hearings.now - timedelta(days=20)
        closes = hearings.now + timedelta(days=10)
        hearings.hearing |= {"open_at": opened.isoformat(), "close_at": closes.isoformat()}
        connection = heard(connected(hearings))
        one = Discussion.objects.get()
        assert (one.name, one.thread, one.told) == ("Oulunkylän puiston suunnitelma", hearings.hearing["id"], True)
        assert (one.opened, one.closes) == (timezone.localdate(opened), timezone.localdate(closes))
        assert one.url == "https://hearings.example/oulunkylan-puisto"
        draw_up()
        assert Discussion.objects.get().state == "quiet"
        hearings.say("Lisää penkkejä")
        hearings.hearing["close_at"] = (closes + timedelta(days=5)).isoformat()
        connection.cursor = {**connection.cursor, "day": "2026-01-01"}
        connection.save()
        heard(connection)
        draw_up()
        one = Discussion.objects.get()
        assert one.closes == timezone.localdate(closes + timedelta(days=5))
        assert one.figures["messages"] == 1
        assert Event.objects.filter(kind="discussion-told").count() == 1


def test_a_request_for_statements_is_known_by_itself_but_not_since_when():
    service = Service()
    with closing(service.door):
        heard(connected(service))
        one = Discussion.objects.get()
        assert (one.name, one.opened, one.opened_known) == ("Puistojen hoito", timezone.localdate(), False)
        assert one.closes == timezone.localdate(service.closed)
        assert "opened-unknown" in marks(one)


@pytest.mark.parametrize(
    "odd",
    [
        Opened(id="", name="Nimi"),
        Opened(id="x" * 201, name="Nimi"),
        Opened(id="x", name=""),
        Opened(id="x", name="Nimi", closes=datetime(2020, 1, 1, tzinfo=UTC)),
    ],
)
def test_what_makes_no_discussion_makes_none(odd):
    keep_opened(add_source(), [odd])
    assert not Discussion.objects.exists()


def test_odd_days_and_addresses_of_a_source_do_no_harm():
    odd = Opened(
        id="x",
        name="n" * 999,
        url="javascript:alert(1)",
        opened=datetime(1, 1, 1, tzinfo=UTC),
        closes=datetime(9999, 12, 31, tzinfo=UTC),
    )
    keep_opened(add_source(), [odd])
    one = Discussion.objects.get()
    assert (len(one.name), one.url, one.closes, one.opened_known) == (200, "", None, False)


@pytest.mark.parametrize("closes", [datetime(1, 1, 1, tzinfo=UTC), datetime(1, 1, 2, tzinfo=UTC)])
def test_a_day_before_all_calendars_is_no_last_day(closes):
    keep_opened(add_source(), [Opened(id="x", name="Nimi", url="https://[x", closes=closes)])
    one = Discussion.objects.get()
    assert (one.closes, one.url) == (None, "")


def test_who_wrote_before_it_was_first_heard_of_counts_where_no_opening_day_is_told():
    for number in range(6):
        say(f"Lausunto {number}", ago=5, by=number + 1)
    keep_opened(add_source("Kuulemiset"), [Opened(id="h1", name="Kaavaluonnos")])
    draw_up()
    one = Discussion.objects.get()
    assert not one.opened_known
    assert (one.figures["people"], one.state) == (6, "enough")


def test_what_becomes_part_of_it_is_no_longer_elsewhere(aino):
    one = follow(aino, opened=day(3))
    early = say("Lisää puuroa kouluun", ago=10, by=1)
    one.elsewhere.add(early)
    assert [found.pk for found in elsewhere(one)] == [early.pk]
    acts.change(aino, one, told(source=one.source, thread="h1", opened=day(20)))
    assert not elsewhere(Discussion.objects.get()).exists()


def test_midnight_closes_with_the_day_before():
    midnight = timezone.make_aware(datetime(2040, 6, 2))
    keep_opened(add_source(), [Opened(id="x", name="Nimi", closes=midnight)])
    assert Discussion.objects.get().closes.isoformat() == "2040-06-01"


def test_what_a_person_named_stays_named(aino):
    one = follow(aino, name="Oma nimi")
    keep_opened(one.source, [Opened(id="h1", name="Lähteen nimi", closes=timezone.now() + timedelta(days=3))])
    now = Discussion.objects.get()
    assert (now.name, now.closes) == ("Oma nimi", day(-3))


def vector_of(service: str) -> bytes:
    at = [one.id for one in concepts()].index(service)
    return shipped_concepts()[at].astype(np.float16).tobytes()


def matter(text, service=MEALS, *, source="Palaute", **more):
    return say(text, source=add_source(source), thread="", vector=vector_of(service), **more)


def test_where_the_people_are_is_found_in_other_sources(aino):
    north = furnished_place("Pohjoinen")
    about(matter("Kouluruoka on kylmää", language="fi", by=1), north)
    place(matter("Skolmaten är kall", language="sv", by=2, source="Some"), add_theme("T1"))
    matter("Vanha kouluruoka", ago=95)
    matter("Kirjasto on kiinni", "library-opening-hours")
    matter("Kouluruoka täällä", ago=3, by=3).delete()
    inside = say("Kouluruokaa lisää", vector=vector_of(MEALS), language="fi", by=4)
    one = follow(aino, place=north, source=None, thread="")
    other = follow(aino)
    Source.objects.create(name="Puskaradio", run_by="residents", followers=900)
    assert seek.seek(limit=2) == 2
    while seek.seek(limit=2):
        pass
    found = where(other)
    assert found.sources == [("Palaute", 1), ("Some", 1)]
    assert [(theme.code, n) for theme, n in found.themes] == [("T1", 1)]
    assert {code: (both.here, both.elsewhere) for code, both in found.languages.items()} == {
        "fi": (1, 1),
        "sv": (0, 1),
    }
    assert [source.name for source in found.silent] == ["Puskaradio"]
    assert inside not in set(Filters(elsewhere=other.pk, copies="all").queryset())
    assert Filters(elsewhere=other.pk, source="Some", copies="all").queryset().count() == 1
    assert [(row.code, both.here, both.elsewhere) for row, both in where(one).areas] == [("Pohjoinen", 1, 0)]


def test_later_messages_are_found_later_and_another_matter_is_sought_anew(aino):
    one = follow(aino)
    matter("Kouluruoka on kylmää")
    assert seek.seek() == 1
    assert seek.seek() == 0
    assert where(one).messages == 1
    waiting = matter("Kouluruoka on hyvää", status="new")
    matter("Kouluruoka on suolaista")
    assert where(one).messages == 1
    Message.objects.filter(pk=waiting.pk).update(status="grouped")
    assert seek.seek() == 2
    assert where(one).messages == 3
    acts.change(aino, one, told(source=one.source, thread="h1", services=["library-opening-hours"]))
    assert where(Discussion.objects.get()).messages == 0
    while seek.seek():
        pass
    now = Discussion.objects.get()
    assert (now.sought, where(now).messages) == (["library-opening-hours"], 0)


def test_a_name_that_tells_no_service_is_not_guessed_at(aino):
    follow(aino, name="Kuntastrategia")
    matter("Kouluruoka on kylmää")
    while seek.seek():
        pass
    one = Discussion.objects.get()
    assert (one.sought, where(one).messages) == ([], 0)
