"""Gazetteers are taken in all at once, and every message has its places exactly once."""

import io
import json
from datetime import timedelta
from itertools import islice

import pytest
from django.utils import timezone

from kuulo.desk import settle
from kuulo.desk.inbox import Filters
from kuulo.desk.places import again, counts, drafts, gazetteers, said
from kuulo.desk.receive import receive
from kuulo.desk.settle import Decision
from kuulo.desk.withdraw import blank, remove
from kuulo.hear.connector import Post
from kuulo.hear.refused import Refused
from kuulo.models import Gazetteer, Message, NotHere, Person, Place, PlaceDraft, Placement, Source, Theme, Whereabouts
from kuulo.place.reading import read

pytestmark = pytest.mark.django_db
State, By = Gazetteer.State, Whereabouts.By


def square(west: float, south: float, size: float = 1.0) -> dict[str, object]:
    east, north = west + size, south + size
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def feature(code: str, name: str, geometry: object, **more: str) -> dict[str, object]:
    return {"type": "Feature", "properties": {"id": code, "name_fi": name, **more}, "geometry": geometry}


TOWN = feature("kunta", "Kaislalahti", square(24.0, 60.0, 4.0), kind="municipality")
MALMI = feature("malmi", "Malmila", square(24.0, 60.0), kind="district", parent="kunta", name_sv="Malmby")
RANTA = feature("ranta", "Rantakylä", square(25.0, 60.0), kind="district", parent="kunta")


def geojson(*features: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def take_in(content: bytes, *, name: str = "alueet.geojson", **more: str) -> Gazetteer:
    row, is_new = gazetteers.bring(io.BytesIO(content), name=name, person=None, **more)
    if is_new:
        Gazetteer.objects.filter(pk=row.pk).update(state=State.RUNNING)
        row.refresh_from_db()
        gazetteers.take_in(row, stop=lambda: False)
    row.refresh_from_db()
    return row


def look_at_all() -> None:
    while again.look_through(limit=2):
        pass


@pytest.fixture
def town(db) -> Gazetteer:
    return take_in(geojson(TOWN, MALMI, RANTA))


@pytest.fixture
def theme(db) -> Theme:
    return Theme.objects.create(code="T1", names={"fi": "valaistus"})


def hear(text: str, *, source: Source | None = None, **more: object) -> Message:
    source = source or Source.objects.get_or_create(name="Lomake")[0]
    return Message.objects.create(
        source=source,
        identity=f"{Message.objects.count()}",
        text=text,
        language="fi",
        arrived=more.pop("arrived", timezone.now()),
        **more,
    )


def place(theme: Theme, *messages: Message) -> None:
    decisions = [
        Decision(message=one.pk, status="grouped", language="fi", places=[settle.Place(theme=theme.pk)])
        for one in messages
    ]
    settle.write(decisions, event="placed")


def whereabouts(message: Message) -> list[tuple[str, str]]:
    return sorted(Whereabouts.objects.filter(message=message).values_list("place__code", "by"))


def test_a_file_becomes_places_and_what_was_wrong_is_told():
    bow = {"type": "Polygon", "coordinates": [[[24, 60], [25, 61], [25, 60], [24, 61], [24, 60]]]}
    row = take_in(geojson(TOWN, feature("solmu", "Solmu", bow), feature("nimetön", "", square(24, 60))))
    assert row.state == State.DONE
    assert (row.told["rows"], row.told["places"], row.told["refused"], row.told["new"]) == (3, 2, 1, 2)
    assert {(one["row"], one["code"], one["kept"]) for one in row.told["listed"]} == {
        (2, "mended-area", True),
        (3, "no-name", False),
    }
    assert not PlaceDraft.objects.exists()
    assert Place.objects.get(code="solmu").outline


def test_the_same_file_changes_nothing(town):
    before = list(Place.objects.values())
    assert take_in(geojson(TOWN, MALMI, RANTA)) == town
    assert list(Place.objects.values()) == before
    assert Gazetteer.objects.count() == 1


def test_a_newer_file_changes_places_by_their_code_and_what_left_it_is_gone(town):
    pk = Place.objects.get(code="malmi").pk
    row = take_in(geojson(TOWN, feature("malmi", "Uusi Malmila", square(24.0, 60.0), kind="district")))
    assert (row.told["new"], row.told["known"], row.told["gone"]) == (0, 2, 1)
    malmi, ranta = Place.objects.get(code="malmi"), Place.objects.get(code="ranta")
    assert (malmi.pk, malmi.names, malmi.gazetteer, malmi.gone) == (pk, {"fi": ["Uusi Malmila"]}, row, None)
    assert ranta.gone
    take_in(geojson(TOWN, MALMI, RANTA, feature("lisä", "Lisälä", square(26, 60))))
    assert Place.objects.get(code="ranta").gone is None


def test_places_without_codes_keep_their_names_when_rows_are_added_above(db):
    take_in(b"nimi,laji\nMalmila,kaupunginosa\n", name="a.csv")
    before = Place.objects.get().pk
    take_in(b"nimi,laji\nAlkula,kaupunginosa\nMalmila,kaupunginosa\n", name="a.csv")
    assert Place.objects.get(search__contains="malmila").pk == before
    assert Place.objects.filter(gone=None).count() == 2


def test_a_file_may_call_tens_of_thousands_of_places_the_same(db):
    imported = read(b"nimi\n" + b"Penkki\n" * 40_000, name="a.csv")
    row = Gazetteer.objects.create(name="a.csv", sha256="0")
    first = [draft.code for draft in islice(drafts.of_file(row, imported), 4)]
    assert first == ["other: Penkki", *(f"other: Penkki (a.csv){n}" for n in ("", " 2", " 3"))]


def test_two_files_may_use_the_same_codes(town):
    take_in(
        geojson(feature("malmi", "Malmilan koulu", {"type": "Point", "coordinates": [24.5, 60.5]})), name="b.json"
    )
    assert Place.objects.get(code="malmi").names["fi"] == ["Malmila"]
    school = Place.objects.get(code="malmi (b.json)")
    assert school.names["fi"] == ["Malmilan koulu"]
    assert school.parent.code == "malmi", "what names no parent lies in the smallest district around it"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html>", "not-text"),
        (b"{", "bad-json"),
        (b'{"type": "FeatureCollection", "features": []}', "empty-file"),
        (b'{"hello": 1}', "not-places"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", None),
    ],
)
def test_what_is_no_gazetteer_is_refused_and_the_earlier_places_stand(town, content, code):
    row = take_in(content)
    assert row.state == State.REFUSED
    assert row.refusal["code"] == code or code is None
    assert Place.objects.filter(gone=None).count() == 3


def test_empty_and_huge_files_are_refused_at_once(db, monkeypatch):
    with pytest.raises(Refused, match="empty-file"):
        take_in(b"")
    monkeypatch.setattr(gazetteers, "MOST_BYTES", 10)
    with pytest.raises(Refused, match="too-large"):
        take_in(geojson(TOWN))
    assert not Gazetteer.objects.exists()


def test_a_file_that_is_lost_is_refused(db):
    row, _ = gazetteers.bring(io.BytesIO(geojson(TOWN)), name="a", person=None)
    Gazetteer.objects.filter(pk=row.pk).update(state=State.RUNNING)
    gazetteers._file(row).unlink()
    gazetteers.take_in(row, stop=lambda: False)
    assert row.refusal["code"] == "file-lost"


def test_one_that_is_stopped_leaves_the_earlier_places_and_is_taken_in_later(town):
    row, _ = gazetteers.bring(io.BytesIO(geojson(TOWN, MALMI)), name="alueet.geojson", person=None)
    row.state = State.RUNNING
    row.save()
    gazetteers.take_in(row, stop=lambda: True)
    assert Place.objects.filter(gone=None).count() == 3
    gazetteers.take_in(row, stop=lambda: False)
    assert Place.objects.filter(gone=None).count() == 2


def test_a_message_has_its_places_as_soon_as_it_is_settled(town, theme):
    home = Source.objects.create(name="Rantakylän ryhmä", home=Place.objects.get(code="ranta"))
    by_text = hear("Lamppu on rikki Malmilassa, ja Malmilan puistossakin.")
    by_point = hear("Lamppu on rikki.", latitude=60.5, longitude=24.5)
    by_column = hear("Lamppu on rikki.", background=[["Kaupunginosa", "malmila"], ["Sukunimi", "Rantakylä"]])
    at_home = hear("Lamppu on rikki.", source=home)
    nowhere = hear("Lamppu on rikki.")
    place(theme, by_text, by_point, by_column, at_home, nowhere)
    assert whereabouts(by_text) == [("malmi", "text")]
    assert whereabouts(by_point) == [("malmi", "coordinates")]
    assert whereabouts(by_column) == [("malmi", "column")]
    assert whereabouts(at_home) == [("ranta", "home")]
    assert whereabouts(nowhere) == []
    row = Whereabouts.objects.get(message=by_text)
    assert by_text.text[row.start : row.end] == "Malmilassa"
    assert row.why["times"] == 2
    assert row.arrived == by_text.arrived


def test_messages_are_looked_through_anew_when_other_places_stand(theme):
    early = [hear(f"Lamppu {n} on rikki Malmilassa.") for n in range(5)]
    place(theme, *early)
    assert not Whereabouts.objects.exists()
    take_in(geojson(TOWN, MALMI))
    assert again.progress() == 0
    again.look_through(limit=2)
    late = hear("Rantakylässä on pimeää, Malmilassa ei.")
    place(theme, late)
    look_at_all()
    assert [whereabouts(one) for one in (*early, late)] == [[("malmi", "text")]] * 6
    assert again.progress() is None
    take_in(geojson(TOWN, RANTA))
    look_at_all()
    assert whereabouts(late) == [("malmi", "text"), ("ranta", "text")], "what was about a gone place stays"
    assert Whereabouts.objects.filter(message__in=early).count() == 5


def test_what_a_person_said_stays_whatever_a_machine_finds(town, theme):
    person = Person.objects.create(email="o@example.org")
    message = hear("Lamppu on rikki Malmilassa.")
    place(theme, message)
    malmi, ranta = Place.objects.get(code="malmi"), Place.objects.get(code="ranta")
    assert said.take_away(message, malmi, person=person)
    assert said.add(message, ranta, person=person)
    assert not said.add(message, ranta, person=person)
    again.ask(since=0)
    look_at_all()
    assert whereabouts(message) == [("ranta", "person")]
    assert said.add(message, malmi, person=person)
    assert not NotHere.objects.exists()
    again.ask(since=0)
    look_at_all()
    assert whereabouts(message) == [("malmi", "person"), ("ranta", "person")]


def test_an_edited_message_is_looked_at_anew(town, theme):
    source = Source.objects.create(name="Palsta")
    receive(source, [Post(id="1", text="Lamppu on rikki Malmilassa.", version="1")])
    message = Message.objects.get()
    place(theme, message)
    receive(source, [Post(id="1", text="Lamppu on rikki Rantakylässä.", version="2")])
    assert whereabouts(message) == []
    place(theme, message)
    assert whereabouts(message) == [("ranta", "text")]
    Placement.objects.update(by=Placement.By.PERSON)
    receive(source, [Post(id="1", text="Lamppu on rikki Malmilassa.", version="3")])
    look_at_all()
    assert whereabouts(message) == [("malmi", "text")], "also where a person placed it among the themes"


def test_an_edit_while_messages_are_looked_through_is_not_lost(town, theme):
    message = hear("Lamppu on rikki Malmilassa.")
    place(theme, message)
    from kuulo.desk.places import whereabouts as desk

    looked = desk.look([message.pk])
    Message.objects.update(text="Lamppu on rikki Rantakylässä.", edited=timezone.now())
    desk.keep(looked, {message.pk: message.arrived})
    assert whereabouts(message) == [("ranta", "text")]


def test_other_places_while_a_message_is_settled_are_the_ones_that_count(town, theme):
    message = hear("Lamppu on rikki Rantakylässä ja Uusilassa.")
    from kuulo.desk.places import whereabouts as desk

    looked = desk.look([message.pk])
    take_in(geojson(TOWN, feature("uusi", "Uusila", square(26, 60), kind="district")))
    desk.keep(looked, {message.pk: message.arrived})
    assert whereabouts(message) == [("uusi", "text")]


def test_what_is_forgotten_keeps_its_place_without_words_and_what_is_gone_none(town, theme):
    kept, gone = hear("Lamppu on rikki Malmilassa."), hear("Malmilassa on pimeää.")
    place(theme, kept, gone)
    blank([kept.pk], now=timezone.now())
    remove([gone.pk], now=timezone.now())
    row = Whereabouts.objects.get()
    assert (row.message, row.start, row.end) == (kept, None, None)
    assert "Malmilassa" not in json.dumps(row.why)
    again.ask(since=0)
    look_at_all()
    assert whereabouts(kept) == [("malmi", "text")]


def test_counts_hold_what_lies_inside_each_message_once(town, theme):
    now = timezone.now()
    both = hear("Malmilassa ja Rantakylässä on pimeää.")
    one = hear("Malmilassa on pimeää.", arrived=now - timedelta(days=40))
    aside = hear("Malmilassa on pimeää.")
    place(theme, both, one, aside)
    Message.objects.filter(pk=aside.pk).update(status=Message.Status.ASIDE)
    assert counts.draw_up() == 3
    assert counts.draw_up() == 0
    told = {code: (own, n) for code, own, n in Place.objects.values_list("code", "own", "messages")}
    assert told == {"kunta": (0, 2), "malmi": (2, 2), "ranta": (1, 1)}
    kunta = Place.objects.get(code="kunta")
    assert kunta.figures["themes"] == [[theme.pk, 2]]
    assert len(kunta.figures["days"]) == 2
    day = timezone.localdate()
    for found in (counts.of_theme(None, since=day), counts.of_theme(theme, since=day)):
        assert found == dict.fromkeys(Place.objects.values_list("pk", flat=True), 1)
    assert counts.of_theme(theme) == counts.of_theme(None)
    for pk, n in counts.of_theme(None).items():
        assert Filters(place=pk, copies="all").queryset().count() == n
        assert Filters(place=pk, theme="T1", copies="all").queryset().count() == n


@pytest.mark.parametrize("many", [0, 5_000])
def test_a_list_holds_what_lies_inside_however_much_that_is(town, theme, monkeypatch, many):
    monkeypatch.setattr("kuulo.desk.inside.MANY", many)
    first = hear("Malmilassa on pimeää.")
    copy = hear("Malmilassa on pimeää!", copy_of=first)
    place(theme, first)
    settle.write([Decision(message=copy.pk, status="grouped", copy_of=first.pk)], event="placed")
    counts.draw_up()
    kunta = Place.objects.get(code="kunta").pk
    assert list(Filters(place=kunta).queryset()) == [first]
    assert list(Filters(place=kunta, copies="all").queryset()) == [copy, first]
    assert list(Filters(place=kunta, theme="T1").queryset()) == [first]
    assert not Filters(place=Place.objects.get(code="ranta").pk).queryset().exists()


def test_places_are_found_by_name_those_called_just_so_first(town):
    assert [one.code for one in said.called("MALM")] == ["malmi"]
    assert [one.code for one in said.called("malmby")] == ["malmi"]
    assert said.called("  ") == []
    assert said.called("nowhere") == []
