"""Contract: what every connector must do, Kuulo's own and a stranger's alike, as checks that a test runs.

A test gives a counterpart of the source (the real server, or as close to it as can be had) and runs ``check(...)``,
or each of ``CHECKS`` apart. Nothing here knows of a test runner: a check that fails raises AssertionError.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from kuulo.hear.connector import Batch, Bounced, Connector, Cursor, Gone, Post, Replying, Sent, Unknown, Waiting
from kuulo.hear.http import Http
from kuulo.hear.trouble import Trouble

LANGUAGES = ("fi", "sv", "nb", "en")
# What a request meets: no right (401), too many (429, wait 7 seconds), an error (500), another thing than expected
# (200 with a page of HTML), an answer that breaks off, and a redirect that leads back to itself.
Fault = Literal["no-right", "too-many", "error", "other-thing", "breaks-off", "redirect"]
Skill = Literal["edit", "delete", "own", "parent", "reply", "once", "wait"]
WAIT = 7
# so many seconds who waits is given to learn of what was said
LONGEST = 30.0


class Counterpart(ABC):
    """A source under the test's hand, empty at first. ``skills`` are those that the source has."""

    connector: ClassVar[type[Connector]]
    skills: ClassVar[frozenset[Skill]] = frozenset()
    faults: ClassVar[tuple[Fault, ...]] = ("no-right", "too-many", "error", "other-thing", "breaks-off", "redirect")

    @abstractmethod
    def settings(self) -> dict[str, str]:
        """Give settings that work."""

    @abstractmethod
    def say(self, text: str, *, parent: str = "") -> str:
        """Have a resident say something; give its id as the connector tells it."""

    @abstractmethod
    def fail(self, *faults: Fault) -> None:
        """Let the next requests meet these faults, one each."""

    def edit(self, origin: str, text: str) -> None:
        """Have the resident change it."""
        raise NotImplementedError

    def delete(self, origin: str) -> None:
        """Have the resident take it back."""
        raise NotImplementedError

    def say_own(self, text: str) -> None:
        """Have the municipality's own account say something."""
        raise NotImplementedError

    def replies(self) -> list[str]:
        """Give the texts of the replies that stand at the source."""
        raise NotImplementedError


@dataclass(slots=True)
class Memory:
    """What a desk would hold after what it heard: texts by id, what is gone, and what was passed over."""

    texts: dict[str, str] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    bounced: set[str] = field(default_factory=set)
    unread: int = 0
    passed: int = 0
    cursor: Cursor = field(default_factory=dict)

    def take(self, batch: Batch) -> None:
        """Store a batch."""
        for item in batch.items:
            if isinstance(item, Gone):
                self.gone.add(item.id)
                self.texts.pop(item.id, None)
            elif isinstance(item, Post):
                if item.id not in self.gone:
                    before = self.posts.get(item.id)
                    if before is None or before.version <= item.version:
                        self.texts[item.id], self.posts[item.id] = item.text, item
            elif isinstance(item, Bounced):
                self.bounced.add(item.id)
            else:
                self.unread += 1
        self.passed += sum(batch.passed.values())
        self.cursor = batch.cursor


@contextmanager
def opened(counterpart: Counterpart) -> Iterator[Connector]:
    """Open the connector on its counterpart."""
    settings = {one.name: one.default for one in counterpart.connector.fields} | counterpart.settings()
    connector = counterpart.connector(settings, http=Http(own_network=True))
    try:
        yield connector
    finally:
        connector.http.close()


def batches(counterpart: Counterpart, since: Cursor) -> Iterator[Batch]:
    """Listen once, with a connector of its own."""
    with opened(counterpart) as connector:
        yield from connector.listen(since)


def hear(counterpart: Counterpart, memory: Memory) -> Memory:
    """Listen once and remember."""
    for batch in batches(counterpart, memory.cursor):
        memory.take(batch)
    return memory


def check_words(counterpart: Counterpart) -> None:
    """Every field and choice has its words in every language."""
    words = counterpart.connector.words()
    wanted = {"name": words["name"], "about": words["about"]}
    for one in counterpart.connector.fields:
        wanted[one.name] = words["fields"][one.name]
        wanted |= {choice: words["choices"][choice] for choice in one.choices}
        assert not one.choices or one.default in one.choices, one.name
    for key, said in wanted.items():
        assert [language for language in LANGUAGES if not said.get(language)] == [], key


def check_test_tells_the_name(counterpart: Counterpart) -> None:
    """A test of the connection succeeds, and changes nothing."""
    with opened(counterpart) as connector:
        assert connector.test()
    assert hear(counterpart, Memory()).texts == {}


def check_nothing(counterpart: Counterpart) -> None:
    """An empty source holds nothing, however often it is asked."""
    memory = hear(counterpart, hear(counterpart, Memory()))
    assert (memory.texts, memory.unread) == ({}, 0)


def check_everything_once(counterpart: Counterpart, *, posts: int = 7) -> None:
    """Every post is heard, in as many pages as it takes; asked again there is no other."""
    said = {counterpart.say(f"Tie {number} on auraamatta, åäö ÅÄÖ ø"): number for number in range(posts)}
    memory = hear(counterpart, Memory())
    assert set(memory.texts) == set(said)
    assert all(f"Tie {number} on auraamatta, åäö ÅÄÖ ø" in memory.texts[one] for one, number in said.items())
    assert set(hear(counterpart, memory).texts) == set(said)
    later = counterpart.say("Uusi viesti myöhemmin")
    assert set(hear(counterpart, memory).texts) == {*said, later}


def check_restart(counterpart: Counterpart, *, posts: int = 7) -> None:
    """Killed after any batch and started again from its cursor, nothing is missing."""
    said = {counterpart.say(f"Viesti numero {number}") for number in range(posts)}
    whole = list(batches(counterpart, {}))
    for stopped in range(len(whole) + 1):
        memory = Memory()
        for batch in whole[:stopped]:
            memory.take(batch)
        assert set(hear(counterpart, memory).texts) == said, stopped


def check_edit(counterpart: Counterpart) -> None:
    """A changed post is heard in its new form, and the new form stands."""
    one = counterpart.say("Valo palaa koulun pihalla")
    memory = hear(counterpart, Memory())
    counterpart.edit(one, "Valo ei pala koulun pihalla")
    assert "ei pala" in hear(counterpart, memory).texts[one]
    assert len(memory.texts) == 1


def check_delete(counterpart: Counterpart) -> None:
    """What was taken back is told to be gone; the rest stays."""
    one, other = counterpart.say("Poistettava viesti"), counterpart.say("Jäävä viesti")
    memory = hear(counterpart, Memory())
    counterpart.delete(one)
    hear(counterpart, memory)
    assert (set(memory.texts), memory.gone) == ({other}, {one})


def check_own(counterpart: Counterpart) -> None:
    """What the municipality says itself is no resident's message."""
    one = counterpart.say("Asukkaan viesti")
    counterpart.say_own("Kaupungin oma vastaus")
    memory = hear(counterpart, Memory())
    assert set(memory.texts) == {one}
    assert memory.passed >= 1


def check_parent(counterpart: Counterpart) -> None:
    """A reply tells what it replies to."""
    parent = counterpart.say("Milloin tie aurataan?")
    reply = counterpart.say("Samaa kysyn minäkin", parent=parent)
    assert hear(counterpart, Memory()).posts[reply].parent == parent


def check_no_right(counterpart: Counterpart) -> None:
    """Where Kuulo is not let in, a person is to renew what lets it in."""
    counterpart.fail(*("no-right",) * 5)
    assert trouble_of(counterpart).kind == "auth"


def check_too_many(counterpart: Counterpart) -> None:
    """A source that asks to wait is waited for."""
    counterpart.fail("too-many")
    trouble = trouble_of(counterpart)
    assert (trouble.kind, trouble.wait) == ("retry", WAIT)


def check_error_then_well(counterpart: Counterpart) -> None:
    """After two errors the source is heard as if there had been none."""
    one = counterpart.say("Kuoppa Koulutiellä")
    counterpart.fail("error")
    assert trouble_of(counterpart).kind == "retry"
    counterpart.fail("error")
    assert trouble_of(counterpart).kind == "retry"
    assert set(hear(counterpart, Memory()).texts) == {one}


def check_other_thing(counterpart: Counterpart) -> None:
    """An address that is something else is told of as such."""
    counterpart.fail(*("other-thing",) * 5)
    assert trouble_of(counterpart).kind in {"broken", "settings"}


def check_breaks_off(counterpart: Counterpart) -> None:
    """Half an answer counts for nothing."""
    one = counterpart.say("Puisto on siisti")
    counterpart.fail("breaks-off")
    assert trouble_of(counterpart).kind in {"retry", "broken"}
    assert set(hear(counterpart, Memory()).texts) == {one}


def check_redirect(counterpart: Counterpart) -> None:
    """A redirect that never ends, ends."""
    counterpart.fail(*("redirect",) * 20)
    assert trouble_of(counterpart).kind == "settings"


def check_reply(counterpart: Counterpart) -> None:
    """A reply stands at the source once, and is told by its id; its length is known."""
    with _asked(counterpart) as (connector, reply_to):
        assert connector.limit().most > 0
        sent = connector.reply(reply_to, "Tie aurataan huomenna. Hälsningar!", key="kuulo-1")
    assert isinstance(sent, Sent)
    assert sent.id
    assert ["Tie aurataan huomenna. Hälsningar!" in text for text in counterpart.replies()] == [True]


def check_reply_once(counterpart: Counterpart) -> None:
    """Sent twice with one key, the reply stands once."""
    with _asked(counterpart) as (connector, reply_to):
        first = connector.reply(reply_to, "Tie aurataan huomenna.", key="kuulo-1")
        assert connector.reply(reply_to, "Tie aurataan huomenna.", key="kuulo-1").id == first.id
    assert len(counterpart.replies()) == 1


def check_reply_fails(counterpart: Counterpart) -> None:
    """A reply that meets an error is told as not sent, or as unknown: never as sent."""
    with _asked(counterpart) as (connector, reply_to):
        counterpart.fail("error")
        try:
            connector.reply(reply_to, "Tie aurataan huomenna.", key="kuulo-1")
        except (Trouble, Unknown):
            return
    assert len(counterpart.replies()) == 1


def check_wait(counterpart: Counterpart) -> None:
    """Who waits is told of each new post, and waits no longer than wanted."""
    end = time.monotonic() + LONGEST
    enough: list[bool] = []
    with opened(counterpart) as connector:
        assert isinstance(connector, Waiting)
        news = connector.wait_for_news(lambda: bool(enough) or time.monotonic() > end)
        for _ in range(3):
            assert next(news, "nothing") is None
            counterpart.say("Uusi viesti")
        assert next(news, "nothing") is None
        enough.append(True)
        assert time.monotonic() < end
        assert next(news, "nothing") == "nothing"


def trouble_of(counterpart: Counterpart) -> Trouble:
    """Listen, and give the trouble that this meets. Raises AssertionError where it meets none."""
    try:
        hear(counterpart, Memory())
    except Trouble as trouble:
        return trouble
    raise AssertionError("no trouble was told")


@contextmanager
def _asked(counterpart: Counterpart) -> Iterator[tuple[Replying, dict[str, object]]]:
    """Give the connector, and how to reply to what a resident asked."""
    one = counterpart.say("Milloin tie aurataan?")
    reply_to = dict(hear(counterpart, Memory()).posts[one].reply_to)
    with opened(counterpart) as connector:
        assert isinstance(connector, Replying)
        yield connector, reply_to


Check = Callable[[Counterpart], None]
_ALWAYS: tuple[Check, ...] = (
    check_words,
    check_test_tells_the_name,
    check_nothing,
    check_everything_once,
    check_restart,
)
_BY_SKILL: dict[Skill, tuple[Check, ...]] = {
    "edit": (check_edit,),
    "delete": (check_delete,),
    "own": (check_own,),
    "parent": (check_parent,),
    "reply": (check_reply, check_reply_fails),
    "once": (check_reply_once,),
    "wait": (check_wait,),
}
_BY_FAULT: dict[Fault, Check] = {
    "no-right": check_no_right,
    "too-many": check_too_many,
    "error": check_error_then_well,
    "other-thing": check_other_thing,
    "breaks-off": check_breaks_off,
    "redirect": check_redirect,
}


def checks(counterpart: type[Counterpart]) -> list[Check]:
    """Give the checks that a connector has to pass, each on a counterpart of its own."""
    skilled = [check for skill in sorted(counterpart.skills) for check in _BY_SKILL[skill]]
    return [*_ALWAYS, *skilled, *(_BY_FAULT[fault] for fault in counterpart.faults)]
