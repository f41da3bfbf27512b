"""A storm's card tells the facts of its first ten minutes, out of the messages, however many there are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.desk.desk_rows import add_message, add_theme, place
from tests.desk.storm_rows import author, many, say, storm, the_theme, vector

from kuulo.desk.storm.answered import answered_at, keep_first_answers
from kuulo.desk.storm.card import card_of
from kuulo.desk.storm.growth import growth
from kuulo.desk.storm.normal import the_watch
from kuulo.desk.storm.overview import open_count, open_storms, past, usual
from kuulo.desk.storm.rate import measured
from kuulo.desk.storm.report import report_of
from kuulo.desk.storm.said import MOST, heard, in_storm, in_stream
from kuulo.desk.storm.voices import question_in
from kuulo.group.rate import NEW_RATE
from kuulo.models import Baseline, Delivery, Gazetteer, Message, Place, Whereabouts

pytestmark = pytest.mark.django_db


def where(code: str, parent: Place | None = None) -> Place:
    file = Gazetteer.objects.first() or Gazetteer.objects.create(name="paikat", sha256="0")
    return Place.objects.create(code=code, gazetteer=file, kind="district", names={"fi": [code]}, parent=parent)


def be_at(message: Message, spot: Place) -> None:
    Whereabouts.objects.create(message=message, place=spot, by="text", arrived=message.arrived)


def test_a_card_counts_the_storms_messages_and_no_others():
    many(12)
    say("Ennen ryöppyä", 500)
    add_message("Toinen teema", arrived=timezone.now())
    say("Syrjässä", 10, status="aside")
    card = card_of(storm())
    assert (card.people.messages, card.people.people) == (12, 12)
    assert not card.heard.is_cut
    assert card.channels == {"": 12}
    assert card.languages == {"fi": 12}


def test_a_few_loud_ones_are_told_from_many_people():
    for at in range(20):
        say(f"Minä taas {at}", 100 - at, by=1 + at % 2)
    loud = card_of(storm()).people
    assert (loud.messages, loud.people, loud.loudest, loud.few_are_loud) == (20, 2, 1.0, True)
    many(40)
    assert not card_of(storm(stream="again")).people.few_are_loud


def test_who_is_not_known_counts_as_nobody_known():
    for at in range(6):
        say("Nimetön", 50 - at)
    assert (card_of(storm()).people.unknown, card_of(storm(stream="b")).people.few_are_loud) == (6, False)


def test_growth_stands_against_what_is_normal_and_ends_with_the_storm():
    many(12)
    one = storm()
    Baseline.objects.create(stream=one.stream, profile=[1.0] * 72, level=0.5)
    told = growth(one)
    assert sum(step.n for step in told.steps) == 12
    assert told.length == timedelta(minutes=15)
    assert {round(step.normal, 3) for step in told.steps} == {0.5}
    assert all(step.high > step.normal for step in told.steps)
    assert told.usual == pytest.approx(1.0)
    assert timedelta(minutes=50) < told.doubled_in < timedelta(minutes=70)


def test_of_a_new_stream_what_is_assumed_of_new_ones_is_shown():
    many(4)
    assert growth(storm()).steps[0].normal == pytest.approx(NEW_RATE)


@pytest.mark.parametrize(("days", "length"), [(0.5, 15), (2, 60), (20, 1440)])
def test_a_long_storm_is_drawn_in_longer_steps(days, length):
    told = growth(storm(began=days * 1440, opened=days * 1440 - 60))
    assert told.length == timedelta(minutes=length)
    assert 0 < len(told.steps) <= 130


def test_typical_messages_are_near_the_middle_and_differ():
    for at in range(5):
        say(f"Lumivalli tukkii portin taas kerran {at}", 60 - at, by=at + 1)
    say("Aura ei ole käynyt koko viikolla meillä", 50, by=8, vector=vector(1.0, 1.0))
    say("Kiitos hyvästä koulusta ja ruoasta siellä", 40, by=9, vector=vector(0.0, 0.0, 1.0))
    shown = [one.text for one in card_of(storm()).voices.typical]
    assert shown[0].startswith(("Lumivalli", "Aura"))
    assert sum(one.startswith("Lumivalli") for one in shown) == 1
    assert len(shown) == len(set(shown)) == 3


def test_questions_that_ask_the_same_are_one_with_their_number():
    for at in range(3):
        say("Ihan hirveää! Milloin aura tulee?", 60 - at, by=at + 1, kind="asks")
    say("Kuka maksaa tämän?", 30, by=7, kind="asks", vector=vector(0.0, 1.0))
    say("Ei kysymys", 20, by=8, kind="reports")
    asked = card_of(storm()).voices.questions
    assert [(one.text, one.n) for one in asked] == [("Milloin aura tulee?", 3), ("Kuka maksaa tämän?", 1)]
    assert question_in("Kertokaa milloin") == "Kertokaa milloin"


def test_one_text_by_many_is_seen_as_that():
    first = say("Vaadimme puiston säilyttämistä", 100, by=1)
    for at in range(7):
        say("Vaadimme puiston säilyttämistä!", 90 - at, by=at + 2, copy_of=first)
    assert [one.n for one in card_of(storm()).voices.copied] == [8]


def test_what_set_it_off_is_the_first_message_the_link_and_the_post_that_most_reply_to():
    post = say("Kaupunki sulkee kirjaston", 119, by=1, actor="official", thread="t")
    for at in range(4):
        say(f"Miksi? https://lehti.example/juttu, {at}", 100 - at, by=at + 2, parent=post, thread="t")
    trigger = card_of(storm()).trigger
    assert (trigger.link, trigger.linked) == ("https://lehti.example/juttu", 4)
    assert (trigger.post, trigger.replies) == (post, 4)
    assert (trigger.discussion, trigger.discussed) == (("form", "t"), 4)
    assert trigger.first.text.startswith("Miksi?")


def test_one_link_alone_is_no_trigger():
    say("Katso https://lehti.example/juttu", 30, by=1)
    assert card_of(storm()).trigger.linked == 0


def test_words_that_are_new_are_told_and_those_that_always_stand_there_are_not():
    for at in range(6):
        say("Kadulla lumivalli", 600 + at, by=at + 1)
    for at in range(6):
        say("Kadulla suolattu jalkakäytävä", 60 - at, by=at + 1)
    words = card_of(storm()).words
    assert "jalkakäytävä" in words
    assert "kadulla" not in words


def test_the_first_answer_is_that_of_an_official_or_one_sent_from_here():
    one, asked = storm(), many(3)[0]
    assert answered_at(one) is None
    sent = timezone.now() - timedelta(minutes=10)
    Delivery.objects.create(message=asked, key="a", text="Tulossa", state="sent", sent_at=sent)
    assert answered_at(one) == sent
    said = say("Hoidamme asian", 30, actor="official")
    assert answered_at(one) == said.arrived
    one.answered_at = timezone.now()
    assert answered_at(one) == one.answered_at
    assert card_of(one).people.messages == 3


def test_the_worker_keeps_the_first_answer_that_it_sees():
    many(3)
    seen, noted, over = storm(), storm(stream="b", answered_at=timezone.now()), storm(stream="c", closed=1)
    said = say("Hoidamme asian", 30, actor="official")
    before = noted.answered_at
    assert keep_first_answers() == 1
    for one in (seen, noted, over):
        one.refresh_from_db()
    assert (seen.answered_at, noted.answered_at, over.answered_at) == (said.arrived, before, None)
    assert keep_first_answers() == 0


def test_earlier_answers_of_the_theme_are_shown():
    before = say("Vanha kysymys", 5000, by=1)
    sent = timezone.now() - timedelta(days=2)
    Delivery.objects.create(message=before, key="a", text="Auraamme klo 7 mennessä", state="sent", sent_at=sent)
    Delivery.objects.create(message=before, key="b", text="Ei lähtenyt", state="refused")
    assert [one.text for one in card_of(storm()).earlier] == ["Auraamme klo 7 mennessä"]


def test_a_storm_at_a_place_holds_what_is_in_its_parts():
    town, north = where("Kaupunki"), None
    north = where("Malmi", town)
    here, there = many(2)
    be_at(here, north)
    be_at(there, where("Kallio"))
    at_place = storm(stream="place:1", scope="place", theme=the_theme(), place=town)
    assert [*in_storm(at_place)] == [here]
    both = storm(stream="theme-place:1@2", scope="theme-place", place=north)
    assert [*in_storm(both)] == [here]
    assert [(spot.code, n) for spot, n in card_of(both).places] == [("Malmi", 1)]


def test_a_gazetteer_in_a_circle_is_left():
    one = where("A")
    other = where("B", one)
    Place.objects.filter(pk=one.pk).update(parent=other)
    assert in_stream(storm(scope="place", stream="place:1", place=one)).count() == 0


def test_the_pile_and_everything_are_streams_too():
    placed, lost = many(1)[0], add_message("Muuta", status="uncertain", arrived=timezone.now())
    assert {*in_storm(storm(scope="pile", stream="pile", theme=None))} == {lost}
    assert {*in_storm(storm(scope="all", stream="all"))} == {placed, lost}


def test_a_subthemes_storm_holds_its_messages():
    part = add_theme("T1.1", parent=the_theme())
    inside = add_message("Portti", arrived=timezone.now())
    place(inside, the_theme(), subtheme=part)
    many(2)
    assert {*in_storm(storm(scope="subtheme", stream="subtheme:9", theme=part))} == {inside}


def test_a_card_of_nothing_stands_too():
    card = card_of(storm(first_message=None))
    assert (card.people.messages, card.voices.typical, card.trigger.first, card.words) == (0, (), None, [])


def test_a_huge_text_is_read_in_its_first_part():
    say("x" * 100_000, 10, by=1)
    assert len(heard(storm()).messages[0].text) < 5_000
    assert MOST >= 1_000


def queries_of(one) -> int:
    the_watch()
    with CaptureQueriesContext(connection) as asked:
        card_of(one)
    return len(asked)


def test_a_card_asks_the_same_however_many_messages_there_are():
    one = storm()
    first = many(1)[0]
    say("Jälleen", 20, by=1, parent=first, kind="asks", actor="")
    say("Jälleen?", 19, by=2, parent=first, kind="asks", actor="")
    few = queries_of(one)
    many(30)
    assert queries_of(one) == few


def test_the_measured_rate_counts_what_anybody_was_told_of():
    one = storm(closed=10, mark="nothing")
    storm(stream="b", level="uproar", closed=20, mark="storm")
    storm(stream="c", level="rise", closed=20)
    storm(stream="d", closed=20, part_of=one)
    storm(stream="e", closed=20, seen=None)
    storm(stream="f", began=200 * 1440, opened=200 * 1440, closed=199 * 1440)
    assert measured() == type(measured())(alarms=2, marked=2, nothing=1, hindsight=1)
    assert measured(level="storm").alarms == 1
    assert measured().a_month == pytest.approx(2 / 3)


def test_open_storms_stand_before_those_that_are_over_the_worst_first():
    rise = storm(level="rise", stream="b")
    uproar = storm(level="uproar", stream="c")
    line = storm(stream="d", part_of=uproar)
    over = storm(stream="e", closed=10)
    assert [*open_storms()] == [uproar, rise]
    assert open_storms()[0].lines == [line]
    assert [*past()] == [over]
    assert [*past(before=over.pk)] == []
    assert open_count() == 2


def test_what_is_normal_is_told_of_the_busiest_streams():
    theme = the_theme()
    Baseline.objects.create(stream=f"theme:{theme.pk}", profile=[1.0] * 72, level=0.25)
    Baseline.objects.create(stream="all", profile=[1.0] * 72, level=1.0)
    told = usual()
    assert [(one.scope, one.theme, one.a_day, one.this_hour) for one in told] == [
        ("all", None, 96.0, 4.0),
        ("theme", theme, 24.0, 1.0),
    ]


def test_the_report_tells_the_moments_in_order_with_what_was_said_until_then():
    many(12)
    one = storm(
        closed=5, taken_at=timezone.now() - timedelta(minutes=50), answered_at=timezone.now() - timedelta(minutes=45)
    )
    told = report_of(one)
    when = [moment.at for moment in told.moments]
    assert when == sorted(when)
    assert {"first", "alarm", "seen", "taken", "answered", "closed", "peak"} == {one.what for one in told.moments}
    alarm = next(moment for moment in told.moments if moment.what == "alarm")
    assert (alarm.minutes, alarm.messages) == (45, 5)
    assert told.turn is not None
    assert told.turn.before > 0
    assert told.peak >= 1


def test_before_and_after_is_not_told_of_too_short_a_time():
    many(4)
    assert report_of(storm(answered_at=timezone.now() - timedelta(minutes=2))).turn is None


def test_the_report_names_what_was_talked_about_within():
    part = add_theme("T1.1", parent=the_theme())
    inside = add_message("Portti", arrived=timezone.now(), author=author(1))
    place(inside, the_theme(), subtheme=part)
    assert [(theme.code, n) for theme, n in report_of(storm()).themes] == [("T1.1", 1)]
    assert [theme.code for theme, _ in report_of(storm(scope="all", stream="all", theme=None)).themes] == ["T1"]
