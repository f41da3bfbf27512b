"""A feed is heard."""

from collections.abc import Iterator
from contextlib import suppress
from xml.sax.saxutils import escape

import pytest
from tests.hear.door import Asked, Door, Told

from kuulo.hear.connectors.rss import Rss
from kuulo.hear.contract import Counterpart, Memory, checks, hear, opened, trouble_of
from kuulo.hear.trouble import Trouble


class Feed(Counterpart):
    """A feed of the comments of a site."""

    connector = Rss
    skills = frozenset({"edit"})

    def __init__(self) -> None:
        self.entries: dict[str, str] = {}
        self.door = Door(self.answer)
        self.body: bytes | None = None

    def settings(self) -> dict[str, str]:
        return {"address": self.door.url + "/syote", "holds": "comments"}

    def say(self, text: str, *, parent: str = "") -> str:
        self.entries[f"tag:kommentti-{len(self.entries)}"] = text
        return f"tag:kommentti-{len(self.entries) - 1}"

    def edit(self, origin: str, text: str) -> None:
        self.entries[origin] = text

    def fail(self, *faults: str) -> None:
        self.door.faults.extend(faults)

    def answer(self, asked: Asked) -> Told:
        body = self.body or self.written().encode()
        if asked.headers.get("if-none-match") == f'"{hash(body)}"':
            return Told(status=304)
        return Told(body=body, headers={"ETag": f'"{hash(body)}"', "Content-Type": "application/rss+xml"})

    def written(self) -> str:
        items = "".join(
            f"<item><guid>{one}</guid><title>Kirjoittaja: Asukas</title><link>https://lehti.example/juttu</link>"
            f"<description>{escape(escape(text))}</description><pubDate>Mon, 16 Nov 2026 12:00:00 +0200</pubDate></item>"
            for one, text in reversed(self.entries.items())
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Kommentit</title>{items}</channel></rss>'


@pytest.fixture
def feed() -> Iterator[Feed]:
    feed = Feed()
    yield feed
    feed.door.close()


@pytest.mark.parametrize("check", checks(Feed), ids=lambda check: check.__name__)
def test_contract(check, feed):
    check(feed)


def test_an_unchanged_feed_is_not_read_again(feed):
    feed.say("Katu on liukas")
    memory = hear(feed, Memory())
    assert next(iter(memory.posts.values())).time.isoformat() == "2026-11-16T10:00:00+00:00"
    hear(feed, memory)
    assert "if-none-match" in feed.door.asked[-1].headers
    assert len(memory.texts) == 1


def test_a_bomb_of_entities_is_no_feed(feed):
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    feed.body = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "hurraa">{levels}]>'
        "<rss version='2.0'><channel><title>x</title><item><guid>1</guid><title>&a8;</title></item></channel></rss>"
    ).encode()
    memory = Memory()
    with suppress(Trouble):
        hear(feed, memory)
    assert sum(map(len, memory.texts.values())) < 10_000


def test_an_answer_without_end_is_cut(feed):
    feed.body = b"<rss>" + b"x" * (17 << 20)
    assert trouble_of(feed).code == "too-large"


def test_the_test_tells_what_the_feed_calls_itself(feed):
    with opened(feed) as connector:
        assert connector.test().name == "Kommentit"
