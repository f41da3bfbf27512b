"""Comments on a site are heard and replied to."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.hear.door import Asked, Door, Told

from kuulo.hear.connectors.wordpress import Wordpress
from kuulo.hear.contract import Counterpart, Memory, checks, hear, opened
from kuulo.hear.trouble import Trouble

RECORDED = Path(__file__).parent.parent / "recorded/wordpress/comments_200.json"
COMMENTS = "/wp-json/wp/v2/comments"
KEY = "Basic bmV1dm9udGE6c2FsYQ=="


class Site(Counterpart):
    """A site as a real one was seen to answer."""

    connector = Wordpress
    skills = frozenset({"edit", "delete", "own", "parent", "reply", "once"})

    def __init__(self) -> None:
        self.comments: dict[int, dict[str, Any]] = {}
        self.now = datetime.now(UTC)
        self.skipped: set[int] = set()
        self.counts = True
        self.password = "sala"
        self.door = Door(self.answer)

    def settings(self) -> dict[str, str]:
        return {"address": self.door.url, "own": "Kaupunki", "user": "neuvonta", "password": self.password}

    def add(self, text: str, **keys: Any) -> int:
        number = max(self.comments, default=0) + 1
        rendered = {"rendered": f"<p>{text}</p>\n", "raw": text}
        moment = self.now.strftime("%Y-%m-%dT%H:%M:%S")
        first = json.loads(RECORDED.read_text("utf-8"))[0]
        self.comments[number] = {**first, "id": number, "date_gmt": moment, "content": rendered, **keys}
        return number

    def say(self, text: str, *, parent: str = "") -> str:
        return str(self.add(text, parent=int(parent or 0)))

    def say_own(self, text: str) -> None:
        self.add(text, author=3, author_name="Kaupunki")

    def edit(self, origin: str, text: str) -> None:
        self.comments[int(origin)]["content"] = {"rendered": f"<p>{text}</p>", "raw": text}

    def delete(self, origin: str) -> None:
        del self.comments[int(origin)]

    def replies(self) -> list[str]:
        return [one["content"]["raw"] for one in self.comments.values() if one["author_name"] == "neuvonta"]

    def fail(self, *faults: str) -> None:
        self.door.faults.extend(faults)

    def answer(self, asked: Asked) -> Told:
        match asked.method, asked.path:
            case "GET", "/wp-json/":
                return told({"name": "Kylän uutiset &amp; asiat"})
            case "GET", "/wp-json/wp/v2/users/me":
                return told({"id": 2}) if asked.headers.get("authorization") == KEY else Told(status=401)
            case "GET", path if path == COMMENTS:
                return self.listed(asked)
            case "POST", path if path == COMMENTS:
                return self.created(asked)
        return Told(status=404, body=b'{"code": "rest_no_route"}')

    def listed(self, asked: Asked) -> Told:
        query = asked.query
        edit = query.get("context") == "edit"
        if edit and asked.headers.get("authorization") != KEY:
            return Told(status=401)
        after = query.get("after", "1970-01-01T00:00:00+00:00")
        wanted = {int(one) for one in query["include"].split(",")} if "include" in query else None
        found = [
            one if edit else {**one, "content": {"rendered": one["content"]["rendered"]}}
            for number, one in self.comments.items()
            if datetime.fromisoformat(one["date_gmt"] + "+00:00") > datetime.fromisoformat(after)
            and (number in wanted if wanted is not None else number not in self.skipped)
            and int(query.get("parent", one["parent"])) == one["parent"]
        ]
        size, number = int(query["per_page"]), int(query.get("page", 1))
        pages = -(-len(found) // size)
        if number > max(pages, 1):
            return Told(status=400, body=b'{"code": "rest_comment_invalid_page_number"}')
        headers = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages)} if self.counts else {}
        return told(found[(number - 1) * size : number * size], **headers)

    def created(self, asked: Asked) -> Told:
        if asked.headers.get("authorization") != KEY:
            return Told(status=401, body=b'{"code": "rest_comment_login_required"}')
        body = json.loads(asked.body)
        same = [one for one in self.comments.values() if one["parent"] == body["parent"]]
        if any(one["content"]["raw"] == body["content"] for one in same):
            return Told(status=409, body=b'{"code": "comment_duplicate"}')
        number = self.add(body["content"], parent=body["parent"], author=2, author_name="neuvonta")
        return Told(status=201, body=json.dumps(self.comments[number]).encode())


def told(body: Any, **headers: str) -> Told:
    return Told(body=json.dumps(body).encode(), headers=headers)


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.door.close()


@pytest.mark.parametrize("check", checks(Site), ids=lambda check: check.__name__)
def test_contract(check, site):
    check(site)


def test_a_recorded_comment_is_read(site):
    first = json.loads(RECORDED.read_text("utf-8"))[0]
    site.comments[1] = first | {"_embedded": {"up": [{"title": {"rendered": "Hei &#8211; maailma"}}]}}
    post = hear(site, Memory()).posts["1"]
    assert (post.form, post.thread, post.parent, post.title) == ("comment", "1", "", "Hei – maailma")
    assert post.time.isoformat() == "2026-11-21T07:53:41+00:00"
    assert post.text.startswith("Hi, this is a comment.\nTo get started")


@pytest.mark.parametrize("counts", [True, False])
def test_more_comments_than_a_page_holds_are_heard(site, counts):
    site.counts = counts
    said = {site.say(f"Kommentti {number}") for number in range(230)}
    assert set(hear(site, Memory()).texts) == said


def test_a_comment_that_is_let_through_late_is_heard(site):
    late, other = site.say("Odottaa"), site.say("Julki")
    site.comments[int(late)]["date_gmt"] = (site.now - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%S")
    site.skipped.add(int(late))
    memory = hear(site, Memory())
    assert set(memory.texts) == {other}
    site.skipped.clear()
    assert set(hear(site, memory).texts) == {late, other}


def test_a_comment_that_only_slipped_from_a_page_is_not_gone(site):
    one = site.say("Lisää valoa")
    memory = hear(site, Memory())
    site.skipped.add(int(one))
    assert hear(site, memory).gone == set()
    site.delete(one)
    assert hear(site, memory).gone == {one}


def test_old_comments_are_neither_read_again_nor_taken_for_gone(site):
    site.now -= timedelta(days=60)
    said = {site.say(f"Vanha {number}") for number in range(3)}
    site.now += timedelta(days=60)
    memory = hear(site, Memory())
    said.add(site.say("Uusi"))
    hear(site, memory)
    hear(site, memory)
    assert (set(memory.texts), memory.gone) == (said, set())
    assert "after" in site.door.asked[-1].query


def test_a_stranger_who_takes_the_municipalitys_name_is_heard_all_the_same(site):
    number = site.add("Olen muka kaupunki", author=0, author_name="Kaupunki")
    assert set(hear(site, Memory()).texts) == {str(number)}


def test_a_link_back_from_another_site_is_no_message(site):
    site.add("[...] kirjoitti tästä [...]", type="pingback")
    memory = hear(site, Memory())
    assert (memory.texts, memory.passed) == ({}, 1)


def test_signs_of_code_in_a_reply_stay_signs(site):
    one = site.say("Milloin?")
    reply_to = hear(site, Memory()).posts[one].reply_to
    with opened(site) as connector:
        sent = connector.reply(reply_to, "Aita < 2 m & portti", key="k")
        assert connector.find(reply_to, "Aita < 2 m & portti", key="k") == sent
    assert site.replies() == ["Aita &lt; 2 m &amp; portti"]


def test_a_wrong_password_is_told_by_the_test(site):
    with opened(site) as connector:
        assert connector.test().name == "Kylän uutiset & asiat"
    site.password = "väärä"
    with opened(site) as connector, pytest.raises(Trouble) as caught:
        connector.test()
    assert caught.value.kind == "auth"
