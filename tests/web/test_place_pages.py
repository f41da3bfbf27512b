"""The pages of places: what is known, why, and what a person can put right."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.web.cast import at_desk, person

from kuulo.desk import settle
from kuulo.desk.places import again, counts, gazetteers
from kuulo.desk.settle import Decision
from kuulo.models import Delivery, Event, Gazetteer, Message, Place, Source, Theme, Whereabouts

pytestmark = pytest.mark.django_db
SQUARE = [[24.0, 60.0], [25.0, 60.0], [25.0, 61.0], [24.0, 61.0], [24.0, 60.0]]


@pytest.fixture(autouse=True)
def own_folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path


def feature(code: str, name: str, geometry: object = None, **more: str) -> dict[str, object]:
    return {"type": "Feature", "properties": {"id": code, "name_fi": name, **more}, "geometry": geometry}


def geojson(*features: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def square(east: float = 0.0) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [[[x + east, y] for x, y in SQUARE]]}


TOWN = geojson(
    feature("malmi", "Malmila", square(), kind="district"),
    feature("ranta", "Rantakylä", square(1.0), kind="district"),
    feature("koulu", "Malmilan koulu", {"type": "Point", "coordinates": [24.2, 60.2]}, kind="school"),
)


def bring(content: bytes, name: str = "alueet.geojson", client: Client | None = None, **more: str):
    told = {"file": SimpleUploadedFile(name, content), **more}
    return (client or at_desk("supervisor")).post("/places/bring/", told, headers={"Accept-Language": "en"})


def work() -> None:
    """Do what the worker does about places."""
    for row in Gazetteer.objects.filter(state="queued"):
        row.state = "running"
        row.save()
        gazetteers.take_in(row, stop=lambda: False)
    while again.look_through(limit=100):
        pass
    counts.draw_up()


@pytest.fixture
def theme() -> Theme:
    return Theme.objects.create(code="T1", names={"en": "lighting"})


@pytest.fixture
def town(theme) -> None:
    bring(TOWN)
    work()
    say(theme, "Lamppu on rikki Malmilassa.", "Malmilan koulun pihalla on pimeää.", "Rantakylässä ei ole mitään.")


def say(theme: Theme, *texts: str) -> None:
    source, _ = Source.objects.get_or_create(name="Lomake")
    before = Message.objects.count()
    made = [
        Message.objects.create(
            source=source, identity=f"{before + at}", text=text, language="fi", arrived=timezone.now()
        )
        for at, text in enumerate(texts)
    ]
    decisions = [Decision(message=m.pk, status="grouped", places=[settle.Place(theme=theme.pk)]) for m in made]
    settle.write(decisions, event="placed")
    counts.draw_up()


def data(address: str) -> list[dict[str, object]]:
    joint = "&" if "?" in address else "?"
    return json.loads(b"".join(at_desk("reader").get(f"{address}{joint}format=json").streaming_content))


def english(address: str, role: str = "official"):
    return at_desk(role, headers={"Accept-Language": "en"}).get(address)


def number(code: str) -> int:
    return Place.objects.get(code=code).pk


def test_a_file_is_brought_and_told_of():
    answer = bring(TOWN)
    held = Gazetteer.objects.get()
    assert answer["Location"] == f"/places/files/{held.pk}/"
    assert "The file waits for its turn." in english(answer["Location"]).text
    work()
    page = english(answer["Location"]).text
    assert "district" in page
    assert "taken in" in page
    assert Event.objects.filter(kind="places-brought", person=person("supervisor")).exists()
    again_there = at_desk("supervisor", headers={"Accept-Language": "en"})
    assert "already here" in again_there.get(bring(TOWN, client=again_there)["Location"]).text
    assert Gazetteer.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "breaks off or is mistyped"),
        (b'{"a": 1}', "no names of places"),
        (b'{"type": "FeatureCollection", "features": []}', "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", "an image"),
        (
            json.dumps(
                {"type": "FeatureCollection", "crs": {"properties": {"name": "EPSG:3067"}}, "features": [1]}
            ).encode(),
            "EPSG:3067",
        ),
    ],
)
def test_what_is_no_file_of_places_is_said_plainly_and_changes_nothing(content, said):
    bring(TOWN)
    work()
    address = bring(content)["Location"]
    work()
    page = english(address).text
    assert said in page
    assert "the earlier places still hold" in page
    assert Place.objects.filter(gone=None).count() == 3


def test_faults_are_told_by_their_place_in_the_file():
    bow = {"type": "Polygon", "coordinates": [[[24, 60], [25, 61], [25, 60], [24, 61], [24, 60]]]}
    twice = feature("malmi", "Malmi", square())
    address = bring(geojson(twice, twice, feature("solmu", "Solmu", bow), feature("nimetön", "")))["Location"]
    work()
    page = english(address).text
    for said in ("same id malmi", "crossed itself", "it has no name"):
        assert said in page
    assert Place.objects.count() == 3


def test_an_empty_form_and_an_empty_file_are_refused_at_once():
    assert at_desk("supervisor").post("/places/bring/", {}).status_code == 422
    assert bring(b"").status_code == 422
    assert not Gazetteer.objects.exists()


def test_officials_see_and_supervisors_bring():
    assert at_desk("official").get("/places/").status_code == 200
    assert at_desk("official").get("/places/bring/").status_code == 403
    assert bring(TOWN, client=at_desk("official")).status_code == 403
    assert "/places/bring/" not in english("/places/").text
    assert "/places/bring/" in english("/places/", "supervisor").text


def test_the_list_tells_counts_and_is_narrowed(town):
    told = {row["code"]: (row["messages"], row["own_messages"]) for row in data("/places/")}
    assert told == {"malmi": (2, 1), "ranta": (1, 1), "koulu": (1, 1)}
    assert [row["code"] for row in data("/places/?name=KOULU")] == ["koulu"]
    assert {row["code"] for row in data("/places/?kind=district")} == {"malmi", "ranta"}
    assert [row["code"] for row in data("/places/?box=24,60,24.5,60.5")] == ["koulu"]
    assert data("/places/?box=nonsense") == data("/places/")


def test_the_list_goes_on(monkeypatch, town):
    monkeypatch.setattr("kuulo.desk.places.listing.PAGE", 2)
    first = english("/places/").text
    assert 'rel="next"' in first
    assert [row["code"] for row in data("/places/")] == ["malmi", "ranta"]
    assert [row["code"] for row in data(f"/places/?after=1-{number('ranta')}")] == ["koulu"]


def test_a_place_tells_what_is_said_and_answered(town, theme):
    about = Message.objects.get(text__contains="Malmilassa")
    Delivery.objects.create(message=about, key="a", text="Lamppu on korjattu.", state="sent", sent_at=timezone.now())
    Delivery.objects.create(message=about, key="b", text="Luonnos", state="queued")
    page = english(f"/places/{number('malmi')}/").text
    for said in (
        "Malmila",
        "Lamppu on rikki Malmilassa.",
        "Malmilan koulun pihalla",
        "Lamppu on korjattu.",
        "lighting",
        "1 message: Malmilan koulu",
    ):
        assert said in page
    assert "Luonnos" not in page
    assert "Rantakylässä" not in page
    rows = {(row["what"], row["value"]): row["messages"] for row in data(f"/places/{number('malmi')}/")}
    assert rows[("theme", "T1")] == 2
    assert rows[("part", "koulu")] == 1


def test_a_message_tells_why_it_is_about_a_place_and_a_person_changes_it(town):
    message = Message.objects.get(text__contains="Malmilassa")
    address = f"/messages/{message.pk}/"
    assert "“Malmilassa” in the text" in english(address).text
    official = at_desk("official", headers={"Accept-Language": "en"})
    official.post(f"{address}places/remove/", {"place": number("malmi")})
    page = official.get(address).text
    assert "no longer about Malmila" in page
    assert "said that it is not about Malmila" in page
    assert not Whereabouts.objects.filter(message=message).exists()
    undo = f"{address}places/?place={number('malmi')}"
    assert undo in page
    official.post(undo)
    assert "added by hand" in official.get(address).text
    found = official.get(f"{address}places/", {"name": "koulu"}).text
    assert "Malmilan koulu" in found
    official.post(f"{address}places/", {"place": number("koulu")})
    assert Whereabouts.objects.filter(message=message, by="person").count() == 2
    assert at_desk("reader").post(f"{address}places/", {"place": number("koulu")}).status_code == 403
    assert official.post(f"{address}places/", {"place": "x"}).status_code == 404


def test_every_reason_is_said_in_words(town):
    message = Message.objects.get(text__contains="Malmilassa")
    row = Whereabouts.objects.get(message=message)
    for by, why, said in (
        ("coordinates", {}, "by its coordinates"),
        ("home", {}, "home area of the source"),
        ("person", {}, "added by hand"),
        ("column", {"column": "area", "name": "Malmi"}, "“area” says Malmi"),
        ("text", {"reason": "cue", "form": "malmi", "cue": "asema"}, "beside “asema”"),
        ("text", {"reason": "name"}, "named in the text"),
        ("text", {"reason": "opening", "form": "Malmi", "among": [1]}, "(one of 2 places of that name)"),
    ):
        Whereabouts.objects.filter(pk=row.pk).update(by=by, why=why)
        assert said in english(f"/messages/{message.pk}/").text


def test_the_theme_tells_where_and_the_map_draws_it(town, theme):
    page = english("/themes/T1/").text
    assert f"/places/{number('malmi')}/" in page
    assert "/places/map/?theme=T1" in page
    told = {row["code"]: row["messages"] for row in data("/places/map/?theme=T1")}
    assert told == {"malmi": 2, "ranta": 1}
    assert {row["code"] for row in data("/places/map/?points=1")} == {"malmi", "ranta", "koulu"}
    assert 'aria-label="Malmila: 2 messages"' in english("/places/map/").text
    page = english("/places/map/?points=1").text
    assert 'aria-label="Malmilan koulu: 1 message"' in page
    assert "<script" not in page.split("places-map")[1].split("</svg>")[0]


def test_the_map_can_be_of_some_days(town):
    day = timezone.localdate().isoformat()
    assert {row["code"]: row["messages"] for row in data(f"/places/map/?since={day}")}["malmi"] == 2
    assert {row["messages"] for row in data("/places/map/?until=2020-01-01")} == {0}


def test_pages_without_any_place_say_so():
    assert "no places yet" in english("/places/").text
    assert "nothing to draw yet" in english("/places/map/").text


def test_a_source_has_a_home(town, theme):
    source = Source.objects.create(name="Rannan ryhmä")
    told = {"name": source.name, "keep_days": "365", "home": str(number("ranta"))}
    assert at_desk("supervisor").post(f"/sources/{source.pk}/change/", told).status_code == 302
    source.refresh_from_db()
    assert source.home_id == number("ranta")


def test_messages_of_a_source_are_looked_through_when_it_gets_a_home(town, theme):
    say(theme, "Kaikki hyvin.")
    message, source = Message.objects.get(text="Kaikki hyvin."), Source.objects.get(name="Lomake")
    told = {"name": source.name, "keep_days": "365", "home": str(number("ranta"))}
    at_desk("supervisor").post(f"/sources/{source.pk}/change/", told)
    work()
    assert Whereabouts.objects.get(message=message).by == "home"


def queries(address: str) -> int:
    client = at_desk("reader")
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as held:
        assert client.get(address).status_code == 200
    return len(held)


def test_no_number_of_queries_grows_with_what_is_shown(theme):
    few = geojson(feature("a", "Malmila", square(), kind="district"), feature("a1", "Malmilan koulu", parent="a"))
    more = geojson(
        *(feature(f"a{n}", f"Malmilan koulu {n}", parent="a") for n in range(3)),
        *(feature(code, name, square(at), kind="district") for at, (code, name) in enumerate((("a", "Malmila"), ("b", "Rantakylä"), ("c", "Hiekkala")))),
    )  # fmt: skip
    told = []
    for file, texts in ((few, ["Malmilassa"]), (more, ["Malmilassa ja Rantakylässä", "Hiekkalassa", "Malmilassa"])):
        bring(file)
        work()
        say(theme, *(f"Lamppu on rikki {text}." for text in texts))
        work()
        first = Message.objects.order_by("pk").first()
        addresses = ("/places/", f"/places/{number('a')}/", "/places/map/", "/themes/T1/", f"/messages/{first.pk}/")
        told.append([queries(address) for address in addresses])
    assert told[0] == told[1]


def test_a_map_of_two_hundred_areas_is_a_small_page(theme):
    import math

    def blob(n: int) -> dict[str, object]:
        west, south = 24 + n % 20, 60 + n // 20 * 0.5
        ring = [
            [west + 0.4 * math.cos(a / 60 * math.tau / 2) * (1 + 0.05 * (a % 2)), south + 0.2 * math.sin(a / 60 * math.tau / 2)]
            for a in range(120)
        ]  # fmt: skip
        return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}

    bring(geojson(*(feature(f"a{n}", f"Alue {n}", blob(n), kind="district") for n in range(200))))
    work()
    page = english("/places/map/")
    assert page.text.count('class="area step0"') >= 200
    assert len(page.content) < 300_000


def test_a_file_too_large_is_refused_before_it_is_kept(monkeypatch):
    monkeypatch.setattr(gazetteers, "MOST_BYTES", 100)
    answer = bring(TOWN)
    assert answer.status_code == 422
    assert "too large" in answer.content.decode()
