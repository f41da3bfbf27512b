"""Initiatives of a municipality are heard."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.hear.door import Asked, Door, Told

from kuulo.hear.connectors.kuntalaisaloite import Kuntalaisaloite
from kuulo.hear.contract import Counterpart, Memory, checks, hear, opened, trouble_of

RECORDED = Path(__file__).parent.parent / "recorded/kuntalaisaloite"


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}_200.json").read_text("utf-8"))


class Initiatives(Counterpart):
    """The service as its answers show it: the list without texts, each initiative with its text."""

    connector = Kuntalaisaloite
    skills = frozenset({"edit", "delete"})

    def __init__(self) -> None:
        self.initiatives: dict[str, dict[str, Any]] = {}
        self.listed_less: set[str] = set()
        self.municipality = "tammerfors"
        self.door = Door(self.answer)

    def settings(self) -> dict[str, str]:
        return {"address": self.door.url, "municipality": self.municipality}

    def say(self, text: str, *, parent: str = "") -> str:
        number = str(len(self.initiatives) + 1)
        uri = f"https://www.kuntalaisaloite.fi/api/v1/initiatives/{number}"
        self.initiatives[number] = {**recorded("initiative"), "id": uri, "proposal": text, "name": f"Aloite {number}"}
        return uri

    def edit(self, origin: str, text: str) -> None:
        self.initiatives[origin.rpartition("/")[2]] |= {"name": "Muutettu", "proposal": text}

    def delete(self, origin: str) -> None:
        del self.initiatives[origin.rpartition("/")[2]]

    def fail(self, *faults: str) -> None:
        self.door.faults.extend(faults)

    def answer(self, asked: Asked) -> Told:
        path = asked.path.removeprefix("/api/v1/")
        if path == "municipalities":
            return told(recorded("municipalities"))
        if path == "initiatives":
            return told(self.page(asked.query))
        one = self.initiatives.get(path.removeprefix("initiatives/"))
        return told(one) if one else Told(status=404, body=b"<h1>Sivua ei ole</h1>")

    def page(self, query: dict[str, str]) -> list[dict[str, Any]]:
        assert query["municipality"] == "1"
        start, limit = int(query["offset"]), min(int(query["limit"]), 50)
        lists = [as_listed(one) for number, one in self.initiatives.items() if number not in self.listed_less]
        return lists[start : start + limit]


def as_listed(one: dict[str, Any]) -> dict[str, Any]:
    keys = {name: value for name, value in one.items() if name not in {"authors", "proposal"}}
    return keys | {"participantCount": one["participantCount"]["total"]}


def told(body: Any) -> Told:
    return Told(body=json.dumps(body).encode(), headers={"Content-Type": "application/json"})


@pytest.fixture
def service() -> Iterator[Initiatives]:
    service = Initiatives()
    yield service
    service.door.close()


@pytest.mark.parametrize("check", checks(Initiatives), ids=lambda check: check.__name__)
def test_contract(check, service):
    check(service)


def test_an_initiative_is_heard_with_its_supporters_and_without_its_author(service):
    uri = service.say("Tämä on esimerkkialoitteen sisältö")
    service.initiatives["1"]["sentTime"] = "2012-12-24"
    post = hear(service, Memory()).posts[uri]
    assert (post.form, post.supporters, post.url) == (
        "initiative", 11, "https://www.kuntalaisaloite.fi/fi/aloite/1"
    )  # fmt: skip
    assert post.time.isoformat() == "2009-12-31T22:00:00+00:00"
    assert ("sentTime", "2012-12-24") in post.background
    assert "Aino" not in repr(post)


def test_many_pages_are_read_and_unchanged_initiatives_are_not_asked_for_again(service):
    said = {service.say(f"Aloite numero {number}") for number in range(101)}
    memory = hear(service, Memory())
    assert set(memory.texts) == said
    before = len(service.door.asked)
    service.initiatives["7"]["participantCount"]["total"] = 12
    hear(service, memory)
    asked = [one.path for one in service.door.asked[before:]]
    assert [path for path in asked if path.count("/") == 4] == ["/api/v1/initiatives/7"]
    assert memory.posts["https://www.kuntalaisaloite.fi/api/v1/initiatives/7"].supporters == 12


def test_what_only_slipped_from_the_list_is_not_gone(service):
    one = service.say("Lisää valoa")
    memory = hear(service, Memory())
    service.listed_less.add("1")
    hear(service, memory)
    assert (set(memory.texts), memory.gone) == ({one}, set())


def test_what_stands_in_the_recorded_list_is_read(service):
    for one in recorded("initiatives"):
        number = one["id"].rpartition("/")[2]
        service.initiatives[number] = one | {"participantCount": {"total": one["participantCount"]}}
    memory = hear(service, Memory())
    assert [(post.title, post.supporters) for post in memory.posts.values()] == [
        ("Tämä on esimerkkialoitteen otsikko", 2), ("Aloite", 0)
    ]  # fmt: skip


def test_a_municipality_that_is_not_there_is_told(service):
    service.municipality = "Atlantis"
    assert trouble_of(service).code == "no-such-municipality"


def test_the_test_tells_the_municipality(service):
    with opened(service) as connector:
        assert connector.test().name == "Tampere"
