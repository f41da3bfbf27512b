"""Comments of hearings are heard."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hear.door import Asked, Door, Told

from kuulo.hear.connectors.kerrokantasi import Kerrokantasi
from kuulo.hear.contract import Counterpart, Memory, checks, hear, opened
from kuulo.hear.geojson import middle

RECORDED = Path(__file__).parent.parent / "recorded/kerrokantasi"
POLL = {
    "id": 7,
    "type": "multiple-choice",
    "text": {"fi": "Mitä puistoon?", "sv": "Vad i parken?"},
    "options": [{"id": 1, "text": {"fi": "Keinuja"}}, {"id": 2, "text": {"fi": "Varjoa"}}, {"id": 3, "text": {}}],
}


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}_200.json").read_text("utf-8"))


class Hearings(Counterpart):
    """The interface as its own code shows it: one stream of comments, where removed ones stay as marks."""

    connector = Kerrokantasi
    skills = frozenset({"edit", "delete", "own", "parent"})

    def __init__(self) -> None:
        self.comments: list[dict[str, Any]] = []
        self.now = datetime.now(UTC)
        self.bare = False
        self.hearing = recorded("hearing_detail")
        self.door = Door(self.answer)

    def settings(self) -> dict[str, str]:
        return {"address": f"{self.door.url}/v1/", "page": "https://hearings.example"}

    def add(self, **keys: Any) -> str:
        number = len(self.comments) + 1
        created = {"created_at": self.now.isoformat().replace("+00:00", "Z"), "hearing": self.hearing["id"]}
        self.comments.append({**recorded("comments")["results"][0], "id": number, **created, **keys})
        return str(number)

    def say(self, text: str, *, parent: str = "") -> str:
        return self.add(content=text, comment=int(parent) if parent else None)

    def say_own(self, text: str) -> None:
        self.add(content=text, organization="Esimerkkikaupunki")

    def edit(self, origin: str, text: str) -> None:
        self.comments[int(origin) - 1] |= {"content": text, "edited": True}

    def delete(self, origin: str) -> None:
        mark = {"content": "Kirjoittaja poisti oman viestinsä.", "deleted": True, "author_name": None}
        self.comments[int(origin) - 1] |= mark

    def fail(self, *faults: str) -> None:
        self.door.faults.extend(faults)

    def answer(self, asked: Asked) -> Told:
        match asked.path.removeprefix("/v1/").strip("/").split("/"):
            case ["hearing"]:
                return told({"count": 1, "next": None, "results": [self.hearing]})
            case ["hearing", number] if number == self.hearing["id"]:
                return told(self.hearing)
            case ["comment"]:
                return told(self.stream(asked.query))
        return Told(status=404, body=b'{"detail": "Not found."}')

    def stream(self, query: dict[str, str]) -> Any:
        assert query["ordering"] == "created_at"
        assert not {"hearing", "section", "comment", "created_by"} & set(query), "then the names of writers come too"
        after = datetime.fromisoformat(query.get("created_at__gt", "1970-01-01T00:00:00Z"))
        found = [one for one in self.comments if datetime.fromisoformat(one["created_at"]) > after]
        start, limit = int(query["offset"]), int(query["limit"])
        page, more = found[start : start + limit], len(found) > start + limit
        if self.bare:
            return page
        return {"count": len(found), "next": "https://next.example" if more else None, "results": page}


def told(body: Any) -> Told:
    return Told(body=json.dumps(body).encode(), headers={"Content-Type": "application/json"})


@pytest.fixture
def hearings() -> Iterator[Hearings]:
    hearings = Hearings()
    yield hearings
    hearings.door.close()


@pytest.mark.parametrize("check", checks(Hearings), ids=lambda check: check.__name__)
def test_contract(check, hearings):
    check(hearings)


def test_the_recorded_comments_are_read(hearings):
    hearings.comments = [one | {"hearing": hearings.hearing["id"]} for one in recorded("comments")["results"]]
    memory = hear(hearings, Memory())
    assert (set(memory.texts), memory.gone, memory.passed) == ({"101"}, {"102", "103"}, 1)
    post = memory.posts["101"]
    assert (post.form, post.title, post.supporters) == ("comment", "Oulunkylän puiston suunnitelma", 4)
    assert (post.thread, post.url) == (hearings.hearing["id"], "https://hearings.example/oulunkylan-puisto")
    assert "Nimimerkki" not in repr(post)


def test_more_comments_of_one_moment_than_a_page_holds_are_all_heard(hearings):
    said = {hearings.say(f"Viesti numero {number}") for number in range(230)}
    assert set(hear(hearings, Memory()).texts) == said


def test_answers_to_questions_are_written_out(hearings):
    hearings.hearing["sections"][0]["questions"] = [POLL]
    answers = [{"question": 7, "type": "multiple-choice", "answers": [2, 1, 3]}, {"question": 8, "answers": [1]}]
    one = hearings.add(content="Ja lisää penkkejä.", answers=answers)
    assert hear(hearings, Memory()).texts[one] == "Ja lisää penkkejä.\n\nMitä puistoon?: Keinuja; Varjoa"


def test_a_mark_on_the_map_is_heard_with_its_place(hearings):
    line = {"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[24.0, 60.0], [25.0, 61.0]]}}
    words, mute = (
        hearings.add(content="", geojson=line, map_comment_text="Tästä"),
        hearings.add(content="", geojson=line),
    )
    posts = hear(hearings, Memory()).posts
    assert (posts[words].text, posts[words].place) == ("Tästä", (60.5, 24.5))
    assert (posts[mute].text, posts[mute].place) == ("", (60.5, 24.5))


def test_a_comment_of_an_open_hearing_that_is_removed_late_is_gone_by_the_next_day(hearings):
    hearings.hearing["open_at"] = (hearings.now - timedelta(days=50)).isoformat()
    hearings.now -= timedelta(days=40)
    one = hearings.say("Poistetaan myöhemmin")
    hearings.now += timedelta(days=39)
    other = hearings.say("Jää")
    memory = hear(hearings, Memory())
    hearings.delete(one)
    hear(hearings, memory)
    assert set(memory.texts) == {one, other}
    memory.cursor = {**memory.cursor, "day": "2026-01-01"}
    hear(hearings, memory)
    assert (set(memory.texts), memory.gone) == ({other}, {one})


def test_an_old_server_tells_plain_strings_and_bare_lists(hearings):
    hearings.bare = True
    hearings.hearing["title"] = "Uimarannan kunnostus"
    one = hearings.say("Lisää hiekkaa")
    assert hear(hearings, Memory()).posts[one].title == "Uimarannan kunnostus"


def test_what_cannot_be_read_is_told_and_the_rest_is_heard(hearings):
    one = hearings.say("Hyvä")
    hearings.comments += [{"content": "ilman numeroa"}, {"id": 9}]
    for broken in hearings.comments[1:]:
        broken["created_at"] = hearings.comments[0]["created_at"]
    memory = hear(hearings, Memory())
    assert (set(memory.texts), memory.unread) == ({one}, 2)


def test_the_test_tells_whose_hearings_they_are(hearings):
    with opened(hearings) as connector:
        assert connector.test().name == "Esimerkkikaupunki"


@given(
    st.recursive(
        st.none() | st.floats() | st.text(),
        lambda part: (
            st.lists(part) | st.dictionaries(st.sampled_from(["type", "features", "geometry", "coordinates"]), part)
        ),
    )
)
def test_whatever_is_drawn_has_a_place_on_earth_or_none(drawn):
    place = middle(drawn)
    assert place is None or (abs(place[0]) <= 90 and abs(place[1]) <= 180)


def test_open_hearings_are_told_once_a_day_also_those_without_a_comment(hearings):
    first, *rest = listened(hearings, {})
    (one,) = first.opened
    assert (one.id, one.name) == (hearings.hearing["id"], "Oulunkylän puiston suunnitelma")
    assert (one.opened, one.closes) == (
        datetime.fromisoformat(hearings.hearing["open_at"]),
        datetime.fromisoformat(hearings.hearing["close_at"]),
    )
    assert one.url == "https://hearings.example/oulunkylan-puisto"
    assert [batch.opened for batch in rest] == []
    assert [batch.opened for batch in listened(hearings, first.cursor)] == [()]


def listened(hearings, cursor):
    with opened(hearings) as connector:
        return list(connector.listen(cursor))
