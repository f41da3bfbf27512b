"""An Open311 server is heard and replied to, whichever its dialect."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hear.door import Asked, Door, Told

from kuulo.hear import georeport
from kuulo.hear.connector import Unread
from kuulo.hear.connectors.open311 import Open311
from kuulo.hear.contract import Counterpart, Memory, batches, checks, hear, opened, trouble_of
from kuulo.hear.instant import instant
from kuulo.hear.service_request import place_of, post_of
from kuulo.hear.trouble import Trouble

KEY = "avain-1"
Request = dict[str, Any]


def ago(**time: float) -> datetime:
    return datetime.now(UTC) - timedelta(**time)


class City(Counterpart):
    """A server to the letter of the specification: XML only, no paging, ten rows at most, ids with zeros before."""

    connector = Open311
    skills = frozenset({"edit", "delete", "reply", "once"})
    path = "/open311/v2"
    most = 10
    missing: ClassVar[int] = 404

    def __init__(self) -> None:
        self.requests: dict[str, Request] = {}
        self.updates: dict[str, str] = {}
        self.numbers = count(1)
        self.door = Door(self.answer)

    def settings(self) -> dict[str, str]:
        return {"address": f"{self.door.url}{self.path}/", "key": KEY, "language": "fi"}

    def say(self, text: str, *, parent: str = "", **more: Any) -> str:
        number = next(self.numbers)
        one = f"{number:05}"
        made = ago(hours=2) + timedelta(seconds=number)
        self.requests[one] = {
            "service_request_id": one,
            "status": "open",
            "status_notes": None,
            "service_name": "Kadut",
            "service_code": "006",
            "description": text,
            "requested_datetime": made,
            "updated_datetime": made,
            "lat": 60.17,
            "long": 24.94,
            "media_url": None,
            **more,
        }
        return one

    def edit(self, origin: str, text: str) -> None:
        self.requests[origin] |= {"description": text, "updated_datetime": ago()}

    def delete(self, origin: str) -> None:
        del self.requests[origin]

    def replies(self) -> list[str]:
        return list(self.updates.values())

    def fail(self, *faults: str) -> None:
        self.door.faults.extend(faults)

    def answer(self, asked: Asked) -> Told:
        path, _, kind = asked.path.removeprefix(self.path + "/").rpartition(".")
        if not asked.path.startswith(self.path) or not self.speaks(kind):
            return Told(status=404, body=b"<h1>Not Found</h1>")
        if path == "services":
            return self.told("services", [{"service_code": "006", "service_name": "Kadut", "metadata": True}], kind)
        if path == "servicerequestupdates":
            return self.updated({name: values[0] for name, values in parse_qs(asked.body.decode()).items()}, kind)
        if path.startswith("requests/"):
            found = self.requests.get(unquote(path.removeprefix("requests/")))
            return self.told("service_requests", [found], kind) if found else self.none(kind)
        return self.told("service_requests", *self.listed(asked.query), kind)

    def speaks(self, kind: str) -> bool:
        return kind == "xml"

    def listed(self, query: dict[str, str]) -> tuple[list[Request], ...]:
        if ids := query.get("service_request_id"):
            return ([self.requests[one] for one in ids.split(",") if one in self.requests],)
        end = instant(query.get("end_date")) or ago(days=-1)
        begin = instant(query.get("start_date")) or end - timedelta(days=90)
        assert end - begin <= timedelta(days=90)
        found = [one for one in self.newest() if begin <= one["requested_datetime"] <= end]
        return (found[: self.most],)

    def newest(self) -> list[Request]:
        return sorted(self.requests.values(), key=lambda one: one["requested_datetime"], reverse=True)

    def none(self, kind: str) -> Told:
        return Told(
            status=self.missing, body=b"<errors><error><code>404</code><description>?</description></error></errors>"
        )

    def updated(self, form: dict[str, str], kind: str) -> Told:
        if form["api_key"] != KEY or not {"status", "updated_datetime"} <= {*form}:
            return self.refused("api_key", kind)
        if form["update_id"] in self.updates:
            return self.refused("already exists", kind)
        assert form["service_request_id"] in self.requests
        self.updates[form["update_id"]] = form["description"]
        return self.told("service_request_updates", [{"update_id": len(self.updates)}], kind)

    def refused(self, why: str, kind: str) -> Told:
        errors = self.told("errors", [{"code": 400, "description": f"Bad request: {why}"}], kind)
        return Told(status=400, body=errors.body)

    def told(self, root: str, rows: list[Request], kind: str) -> Told:
        body = f'<?xml version="1.0" encoding="utf-8"?>\n<{root}>{"".join(map(self.xml, rows))}</{root}>'
        return Told(body=body.encode(), headers={"Content-Type": "text/xml"})

    def xml(self, row: Request) -> str:
        inside = "".join(f"<{name}>{escape(self.written(value))}</{name}>" for name, value in row.items())
        return f"<request>{inside}</request>"

    def written(self, value: object) -> str:
        if isinstance(value, datetime):
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


class Helsinki(City):
    """JSON in bare lists, pages with headers, newest first, ``updated_after``; more attributes where asked for."""

    path = "/palautews/rest/v1"

    def speaks(self, kind: str) -> bool:
        return kind == "json"

    def listed(self, query: dict[str, str]) -> Any:
        if "service_request_id" in query or "updated_after" not in query:
            self.most = 1000
            (found,) = super().listed(query)
        else:
            after = instant(query["updated_after"])
            found = [one for one in self.newest() if one["updated_datetime"] >= after]
        size = min(int(query.get("page_size", 20)), 3)
        number = int(query.get("page", 1))
        pages = -(-len(found) // size)
        self.headers = {"X-Page-Count": str(pages), "X-Page-Size": str(size), "X-Result-Count": str(len(found))}
        return (found[(number - 1) * size : number * size],)

    def told(self, root: str, rows: list[Request], kind: str) -> Told:
        body = json.dumps(rows, default=self.written)
        return Told(body=body.encode(), headers=getattr(self, "headers", {}))

    def none(self, kind: str) -> Told:
        return Told(status=404, body=b'[{"code": 404, "description": "not found"}]')


class FixMyStreet(City):
    """Wrapped JSON, a page for people where no jurisdiction is named, an empty list where there is nothing."""

    path = "/open311/v2"

    def answer(self, asked: Asked) -> Told:
        named = asked.query.get("jurisdiction_id") or b"jurisdiction_id=" in asked.body
        return super().answer(asked) if named else Told(body=b"<!doctype html><title>Open311</title>")

    def speaks(self, kind: str) -> bool:
        return kind in {"json", "xml"}

    def listed(self, query: dict[str, str]) -> Any:
        # the end of a window is not in it
        (found,) = super().listed(query)
        end = instant(query.get("end_date"))
        return ([one for one in found if end is None or one["requested_datetime"] < end],)

    def none(self, kind: str) -> Told:
        return self.told("service_requests", [], kind)

    def told(self, root: str, rows: list[Request], kind: str) -> Told:
        if kind == "xml":
            return super().told(root, rows, kind)
        rows = [{**row, "title": "Otsikko", "detail": row.get("description"), "metadata": "false"} for row in rows]
        return Told(body=json.dumps({root: rows}, default=self.written).encode())


class SixCities(Helsinki):
    """The reference server: whole numbers as ids, times without zone, coordinates swapped, 201, odd errors."""

    path = "/v1"

    def say(self, text: str, *, parent: str = "", **more: Any) -> str:
        one = super().say(text, **{"lat": "24.94", "long": "60.17", **more}).lstrip("0")
        self.requests[one] = self.requests.pop(one.zfill(5)) | {"service_request_id": int(one)}
        return one

    def written(self, value: object) -> str:
        home = timedelta(hours=2)  # Helsinki's winter time is written without saying so
        return (value + home).strftime("%Y-%m-%dT%H:%M:%S.%f") if isinstance(value, datetime) else str(value)

    def none(self, kind: str) -> Told:
        return Told(status=400, body=b'{"code": 400, "detail": ["Service request not found"]}')

    def updated(self, form: dict[str, str], kind: str) -> Told:
        told = super().updated(form, kind)
        return told if told.status == 400 else Told(status=201, body=told.body)

    def refused(self, why: str, kind: str) -> Told:
        return Told(status=400, body=json.dumps({"code": 400, "detail": [f"Invalid: {why}"]}).encode())


class Blind(City):
    """A server that lists, and finds nothing by its id."""

    def listed(self, query: dict[str, str]) -> Any:
        return ([],) if "service_request_id" in query else super().listed(query)

    def answer(self, asked: Asked) -> Told:
        return self.none("xml") if "/requests/" in asked.path else super().answer(asked)


DIALECTS = [City, Helsinki, FixMyStreet, SixCities]


@pytest.fixture
def city(request: pytest.FixtureRequest) -> Iterator[City]:
    city = getattr(request, "param", City)()
    yield city
    city.door.close()


@pytest.mark.parametrize("check", checks(City), ids=lambda check: check.__name__)
@pytest.mark.parametrize("city", DIALECTS, indirect=True, ids=lambda one: one.__name__)
def test_contract(check, city):
    check(city)


def test_a_window_that_is_full_is_halved_until_all_of_it_is_heard(city):
    said = {city.say(f"Kuoppa {number}", requested_datetime=ago(days=3 * number)) for number in range(29)}
    memory = hear(city, Memory())
    assert set(memory.texts) == said
    windows = [asked.query for asked in city.door.asked if "start_date" in asked.query]
    assert len(windows) > 2
    # the second time only what is new is asked for
    city.door.asked.clear()
    assert set(hear(city, memory).texts) == said
    assert len([asked for asked in city.door.asked if "start_date" in asked.query]) == 1


@pytest.mark.parametrize("stopped", range(1, 5))
def test_a_long_way_back_goes_on_where_it_stopped(city, stopped):
    said = {city.say(f"Kuoppa {number}", requested_datetime=ago(days=3 * number)) for number in range(29)}
    memory = Memory()
    for batch, _ in zip(batches(city, {}), range(2 * stopped), strict=False):
        memory.take(batch)
    city.door.asked.clear()
    assert set(hear(city, memory).texts) == said


def test_a_server_that_gives_the_latest_whatever_is_asked_for_is_not_asked_for_ever(city):
    city.listed = lambda query: (city.newest()[:10],)
    for number in range(30):
        city.say(f"Kuoppa {number}", requested_datetime=ago(days=20 * number))
    memory = hear(city, Memory())
    assert len(memory.texts) == 10
    hear(city, memory)
    assert len(city.door.asked) < 60
    assert memory.gone == set()


@pytest.mark.parametrize("city", [Helsinki], indirect=True)
def test_only_what_changed_is_asked_for_where_the_server_can_tell(city):
    old = city.say("Vanha asia", requested_datetime=ago(days=60), updated_datetime=ago(days=60))
    memory = hear(city, Memory())
    city.edit(old, "Vanha asia, uudet sanat")
    city.door.asked.clear()
    assert hear(city, memory).texts[old] == "Vanha asia, uudet sanat"
    assert [one for one in city.door.asked if "start_date" in one.query] == []
    assert all(one.query["locale"] == "fi" for one in city.door.asked)


def test_ids_keep_their_zeros(city):
    city.say("Kuoppa")
    assert set(hear(city, Memory()).texts) == {"00001"}


def test_what_is_still_open_is_followed_and_what_closed_long_ago_is_not(city):
    open_one = city.say("Kuoppa", requested_datetime=ago(days=80))
    closed = city.say("Lamppu", requested_datetime=ago(days=80), status="closed")
    memory = hear(city, Memory())
    city.requests[open_one]["requested_datetime"] = city.requests[closed]["requested_datetime"] = ago(days=100)
    hear(city, memory)
    assert set(memory.cursor["watch"]) == {open_one}
    city.delete(open_one)
    city.delete(closed)
    city.say("Penkki")
    hear(city, memory)
    assert memory.gone == {open_one}


def test_open_ones_are_read_again_fifty_at_a_time(city):
    for number in range(120):
        city.say(f"Kuoppa {number}", requested_datetime=ago(days=88, minutes=-number * 1000))
    memory = hear(city, Memory())
    assert len(memory.texts) == 120
    city.door.asked.clear()
    hear(city, memory)
    lists = [one.query["service_request_id"] for one in city.door.asked if "service_request_id" in one.query]
    assert [one.count(",") for one in lists[:-1]] == [49] * (len(lists) - 1)
    assert 2 <= len(lists) <= 3


@pytest.mark.parametrize("city", [Blind], indirect=True)
def test_nothing_is_gone_where_the_server_finds_nothing_by_id(city):
    one, other = city.say("Kuoppa"), city.say("Lamppu")
    memory = hear(city, Memory())
    city.delete(one)
    hear(city, memory)
    assert memory.gone == set()
    assert set(memory.texts) == {one, other}


def test_a_request_is_read_in_full():
    row = {
        "service_request_id": "3qp16kaphhsc78uc422l",
        "status": "closed",
        "status_notes": "Kiitos! Kuoppa on paikattu.\n\nTerveisin\nAsiakaspalvelu",
        "service_name": "Kadut",
        "description": "Iso kuoppa.",
        "agency_responsible": {"recipient": ["Katuyksikkö"]},
        "requested_datetime": "2026-11-16T09:15:00",
        "updated_datetime": "2026-11-17T10:00:00+01:00",
        "media_url": "https://kuvat.example/a.jpg",
        "lat": "22.266944",
        "long": "60.451667",
        "requestor_name": "Aino Esimerkki",
        "extended_attributes": {
            "title": "Kuoppa Rantatiellä",
            "media_urls": ["https://kuvat.example/a.jpg", "https://kuvat.example/b.png"],
            "can_be_published": False,
            "detailed_status": "PROCESSED",
        },
    }
    post = post_of(georeport.rows(json.dumps([row]).encode())[0], replied=False)
    assert post.text == "Kuoppa Rantatiellä\n\nIso kuoppa."
    assert (post.form, post.private, post.addressee, post.reply_to) == ("request", True, "Katuyksikkö", {})
    assert post.time.isoformat() == "2026-11-16T07:15:00+00:00"
    assert post.version == "2026-11-17T09:00:00+00:00"
    assert post.place == (60.451667, 22.266944)
    beside = dict(post.background)
    assert beside["status_notes"].startswith("Kiitos!")
    assert (beside["status"], beside["coordinates"], beside["detailed_status"]) == ("closed", "swapped", "PROCESSED")
    assert [one.type for one in post.attachments] == ["image/jpeg", "image/png"]
    assert "Aino" not in repr(post)


@pytest.mark.parametrize(
    ("lat", "long", "place"),
    [
        ("60.17", "24.94", ((60.17, 24.94), False)),
        ("24.94", "60.17", ((60.17, 24.94), True)),
        ("58.28", "12.29", ((58.28, 12.29), False)),
        ("37.76", "-122.46", ((37.76, -122.46), False)),
        ("0", "0", (None, False)),
        ("200", "7", (None, False)),
        (None, "24.94", (None, False)),
        ("pohjoinen", "itä", (None, False)),
        ("nan", "nan", (None, False)),
    ],
)
def test_a_place_is_turned_round_only_where_that_is_in_the_north(lat, long, place):
    assert place_of({"lat": lat, "long": long}) == place


def test_numbers_with_zeros_before_them_are_read_though_they_are_no_json():
    body = b'[{"service_request_id":0638344,"service_code":006,"description":"tie 007, \\"006\\"","lat":60.10}]'
    assert georeport.rows(body) == [
        {"service_request_id": "0638344", "service_code": "006", "description": 'tie 007, "006"', "lat": "60.10"}
    ]


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        (b'[{"service_request_id": 1}]', ["1"]),
        (b'{"service_requests": [{"service_request_id": "001"}]}', ["001"]),
        (b'{"service_requests": {"request": [{"service_request_id": "1"}, {"service_request_id": "2"}]}}', ["1", "2"]),
        (b'[{"request": {"service_request_id": "1"}}]', ["1"]),
        (b'{"service_requests": null}', []),
        (b'\xef\xbb\xbf[]', []),
        (b"<requests><request><service_request_id> 001 </service_request_id></request></requests>", ["001"]),
        (b"<request><service_request_id>1</service_request_id><media_url/></request>", ["1"]),
        (b"<service_requests/>", []),
        (b"<a:service_requests xmlns:a='u'><a:request><a:service_request_id>1</a:service_request_id></a:request>"
         b"</a:service_requests>", ["1"]),
    ],
)  # fmt: skip
def test_every_wrapping_is_undone(body, ids):
    assert [row["service_request_id"] for row in georeport.rows(body)] == ids


def test_a_wrong_encoding_is_read_all_the_same():
    wrong = '<?xml version="1.0" encoding="utf-8"?><requests><request><description>Pyörätie</description></request></requests>'
    assert georeport.rows(wrong.encode("cp1252"))[0]["description"] == "Pyörätie"
    assert (
        georeport.rows('[{"service_request_id":"1","description":"Pyörätie"}]'.encode("cp1252"))[0]["description"]
        == "Pyörätie"
    )


BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))


@pytest.mark.parametrize(
    "body",
    [
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "hurraa">{BOMB}]><requests><request>&a8;</request></requests>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><requests><request>&a;</request></requests>',
        "<!doctype html><title>Tervetuloa</title>",
        "<html><body><p>Open311</p></body></html>",
        "<rss version='2.0'><channel/></rss>",
        "<requests><request>",
        '{"hello": "world"}',
        '"kyllä"',
        "12",
        "",
        "null and void",
        "[" * 100_000,
    ],
)
def test_another_thing_is_told_as_such(body):
    with pytest.raises(Trouble) as caught:
        georeport.rows(body.encode())
    assert (caught.value.kind, caught.value.code) == ("broken", "not-open311")


def test_what_is_nested_without_end_does_no_harm():
    georeport.rows(b"<requests>" + b"<a>" * 50_000 + b"</a>" * 50_000 + b"</requests>")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'[{"code": 403, "description": "Invalid api_key"}]', "auth"),
        (b'{"errors": [{"code": 400, "description": "Bad request: x"}]}', "refused"),
        (b'{"errors": {"code": "500", "description": "x"}}', "retry"),
        (b'{"code": 401, "detail": ["Invalid API key"]}', "auth"),
        (b"<errors><error><code>404</code><description>?</description></error></errors>", "refused"),
        (b'{"error": "Something happened"}', "refused"),
    ],
)
def test_an_error_that_comes_as_a_good_answer_is_an_error(body, kind):
    with pytest.raises(Trouble) as caught:
        georeport.rows(body)
    assert caught.value.kind == kind


@given(st.one_of(st.binary(max_size=200), st.text(alphabet='[]{}":,01<>/a ', max_size=80).map(str.encode)))
def test_no_answer_crashes(body):
    try:
        for row in georeport.rows(body):
            if isinstance(row, dict):
                post_of(row, replied=True)
    except Trouble as trouble:
        assert trouble.code  # noqa: PT017


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
NAMES = ["description", "lat", "long", "status", "requested_datetime", "extended_attributes", "agency_responsible"]


@given(st.dictionaries(st.sampled_from([*NAMES, "media_url", "updated_datetime", "title"]), JSON))
def test_no_value_of_a_request_crashes(row):
    (read,) = georeport.rows(json.dumps([row | {"service_request_id": 7}]).encode())
    assert post_of(read, replied=True).id == "7"


def test_one_that_cannot_be_read_stops_none_of_the_others(city):
    one = city.say("Kuoppa")
    city.requests["x"] = {"description": "ilman tunnusta", "requested_datetime": ago(hours=1)}
    memory = hear(city, Memory())
    assert (set(memory.texts), memory.unread) == ({one}, 1)
    unread = [item for batch in batches(city, {}) for item in batch.items if isinstance(item, Unread)]
    assert (unread[0].code, b"ilman tunnusta" in unread[0].raw) == ("no-id", True)
    assert hear(city, memory).unread == 1


def test_an_error_page_with_a_good_status_is_no_empty_list(city):
    one = city.say("Kuoppa")
    memory = hear(city, Memory())
    city.told = lambda *_: Told(body=b"<errors><error><code>500</code></error></errors>")
    assert trouble_of(city).kind == "retry"
    assert memory.gone == set()
    assert set(memory.texts) == {one}


def test_an_address_that_leads_elsewhere_in_the_server_is_told_of(city):
    city.path = "/muualla"
    settings = City.settings(city) | {"address": city.door.url + "/open311/v2"}
    city.settings = lambda: settings
    with pytest.raises(Trouble) as caught, opened(city) as connector:
        connector.test()
    assert (caught.value.kind, caught.value.code) == ("settings", "not-open311")


def test_the_key_is_sent_with_replies_only(city):
    one = city.say("Milloin kuoppa paikataan?")
    reply_to = hear(city, Memory()).posts[one].reply_to
    assert KEY not in repr(city.door.asked)
    with opened(city) as connector:
        assert connector.reply(reply_to, "Ensi viikolla.", key="kuulo-1").id == "kuulo-1"
    assert KEY in repr(city.door.asked[-1].body)


def test_a_reply_leaves_the_state_as_it_is(city):
    one = city.say("Milloin kuoppa paikataan?", status="closed")
    with opened(city) as connector:
        connector.reply({"request": one}, "Se on jo paikattu.", key="kuulo-1")
    assert b"status=CLOSED" in city.door.asked[-1].body


def test_what_is_gone_is_not_replied_to(city):
    with pytest.raises(Trouble) as caught, opened(city) as connector:
        connector.reply({"request": "404"}, "Hei", key="kuulo-1")
    assert (caught.value.kind, caught.value.code, city.updates) == ("refused", "gone", {})


@pytest.mark.parametrize("city", DIALECTS, indirect=True, ids=lambda one: one.__name__)
def test_a_wrong_key_is_told_as_such(city):
    one = city.say("Milloin kuoppa paikataan?")
    settings = city.settings() | {"key": "vanha"}
    city.settings = lambda: settings
    with pytest.raises(Trouble) as caught, opened(city) as connector:
        connector.reply({"request": one}, "Hei", key="kuulo-1")
    assert (caught.value.kind, city.updates) == ("auth", {})


def test_without_a_key_nothing_can_be_replied_to(city):
    one = city.say("Milloin kuoppa paikataan?")
    settings = city.settings() | {"key": ""}
    city.settings = lambda: settings
    assert hear(city, Memory()).posts[one].reply_to == {}
