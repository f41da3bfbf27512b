"""Connector: the contract between Kuulo and a channel that residents use.

A connector says which settings it needs (``fields``), tries them out (``test``) and gives what the channel holds
since it was last asked (``listen``). Where the channel can, it also replies. It knows nothing of the desk: what it
yields is stored there, together with the cursor, in one transaction, so a connector may be asked the same again and
must then give the same.

Its words, in every language of the desk, stand in a file of the same name beside it (``mastodon.toml`` beside
``mastodon.py``).
"""

import inspect
import tomllib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Literal

from kuulo.hear.http import Http

# What a connector has to remember to go on where it was: as JSON holds it. Empty before the first time.
Cursor = Mapping[str, Any]
# What a message is where it comes from.
Form = Literal["message", "comment", "request", "initiative", "proposal", "statement", "news"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A file that came along. It is listed, not fetched; ``size`` in bytes, 0 where it is not known."""

    name: str
    type: str = ""
    size: int = 0
    url: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """Something that somebody said, as it stands at the source now.

    ``id`` is the source's own name of it, never read as a number. ``everywhere`` is its name in every source that
    may show it, such as a status' address, so that the same post heard twice is one message. ``version`` grows with
    each edit, by comparing strings; of two versions the greater stands. ``parent`` is the id of the post that it
    replies to, ``thread`` what the source calls the whole discussion and ``title`` what that is called. ``author``
    is the source's own name of who wrote, turned into a pseudonym at the door; ``author_name`` is kept for a while,
    and only where the source is answered by name. ``actor`` is the kind of sender where the source tells it.
    ``addressee`` is whom the post addresses, as the source tells it. ``private`` was said to the municipality alone.
    ``place`` are latitude and longitude. ``supporters`` is how many stand behind it. ``reply_to`` is what the
    connector needs to reply to it.
    """

    id: str
    text: str
    time: datetime | None = None
    everywhere: str = ""
    version: str = ""
    form: Form = "message"
    title: str = ""
    author: str = ""
    author_name: str = ""
    actor: str = ""
    language: str = ""
    channel: str = ""
    thread: str = ""
    parent: str = ""
    url: str = ""
    addressee: str = ""
    private: bool = False
    place: tuple[float, float] | None = None
    supporters: int | None = None
    tags: tuple[str, ...] = ()
    background: tuple[tuple[str, str], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    reply_to: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Gone:
    """What the source has no more: the post of this id is to be forgotten, and never to come back."""

    id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Unread:
    """Something that was there and could not be read. ``code`` tells why; ``id`` is empty where even that is lost."""

    code: str
    id: str = ""
    raw: bytes = b""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounced:
    """A reply of ours that did not arrive after all: what it was sent as, and a code of why, or ""."""

    id: str
    status: str = ""


Item = Post | Gone | Unread | Bounced


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """A discussion that the municipality itself opened at the source, such as a hearing, as it stands there now.

    ``id`` is the ``thread`` of its posts, of which there may be none yet. ``opened`` and ``closes`` are None where
    the source tells neither.
    """

    id: str
    name: str
    url: str = ""
    opened: datetime | None = None
    closes: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """What was heard, and the cursor to go on from when all of it is stored.

    ``opened`` are discussions that are open, told again as often as the source is asked for them.
    ``passed`` counts what was there and is nobody's message to the municipality, by reason: "own" (what the
    municipality itself said), "bot", "automatic", "list" (sent to a list), "bounce" (a mail of ours that did not
    arrive), "not-wanted" (the writer asks not to be read) and "other-kind".
    """

    items: tuple[Item, ...] = ()
    cursor: Cursor = field(default_factory=dict)
    passed: Mapping[str, int] = field(default_factory=dict)
    opened: tuple[Opened, ...] = ()


FieldKind = Literal["text", "secret", "url", "number", "choice", "yes", "list"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A setting of a connector. ``default`` and ``choices`` are codes; its label stands in the connector's words.

    "list" holds one thing a line. "yes" is "yes" or "". A "secret" is kept sealed and never shown again.
    """

    name: str
    kind: FieldKind = "text"
    required: bool = True
    default: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What a test of the connection met: the ``name`` by which the source calls itself, and facts to show."""

    name: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


class Connector(ABC):
    """A channel that can be listened to. ``settings`` are by field name; every declared field is there."""

    name: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]] = ()
    # minutes between two times that it is listened to
    every: ClassVar[int] = 10

    def __init__(self, settings: Mapping[str, str], *, http: Http) -> None:
        self.settings = settings
        self.http = http

    @abstractmethod
    def test(self) -> Found:
        """Try the settings out without changing anything at the source. Raises Trouble."""

    @abstractmethod
    def listen(self, since: Cursor) -> Iterator[Batch]:
        """Yield what is new, changed or gone since the cursor, oldest first where the source allows.

        Raises Trouble; what was yielded before stays. One bad item never does: it is yielded as Unread.
        """

    def lines(self, name: str) -> list[str]:
        """Give what stands in a setting of kind "list"."""
        return [line for line in map(str.strip, self.settings[name].splitlines()) if line]

    @classmethod
    def words(cls) -> dict[str, Any]:
        """Give the connector's words: ``name``, ``about``, ``fields`` and ``choices``, each by language.

        It may add ``hints`` of fields, and words for what only it can meet, by code: ``troubles`` and ``unread``, and
        ``found`` for the facts of a test, with the fact as {n}. In troubles {host} and the like are the facts; what
        stands in brackets is left out where its fact is not known. They are read from the file named after the
        module, beside it.
        """
        return tomllib.loads(Path(inspect.getfile(cls)).with_suffix(".toml").read_text("utf-8"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """How long a reply may be. ``count`` says in what: "characters", or "graphemes" (signs as a reader sees them).

    A link counts as ``link`` of them, where the source counts every link alike.
    """

    most: int
    count: Literal["characters", "graphemes"] = "characters"
    link: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """A reply that stands at the source, under this id and (where it has one) address."""

    id: str
    url: str = ""


class Unknown(Exception):
    """Nobody knows whether the reply was sent: it must never be sent again by itself. ``code`` says what happened."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Replying(Connector):
    """A channel that can be replied in.

    ``once`` is True where the source itself makes one of two sendings with the same key, within ``once_for`` of the
    first. Elsewhere an unknown outcome is looked for with ``find``, and shown to a person where that finds nothing.
    """

    once: ClassVar[bool] = False
    once_for: ClassVar[timedelta] = timedelta(days=30)

    @abstractmethod
    def limit(self) -> Limit:
        """Give how long a reply may be. Raises Trouble where the source has to be asked and does not answer."""

    @abstractmethod
    def reply(self, reply_to: Mapping[str, Any], text: str, *, key: str) -> Sent:
        """Send a reply to the post with this ``reply_to``.

        ``key`` is the delivery's own, the same at every try. Raises Trouble where it was surely not sent, and
        Unknown where it may have been.
        """

    def id_of(self, key: str) -> str:
        """Give the id under which the reply with this key will stand; "" where the source gives it one."""
        del key
        return ""

    def find(self, reply_to: Mapping[str, Any], text: str, *, key: str) -> Sent | None:
        """Look for a reply of ours whose outcome is not known. None: it is not there, or cannot be looked for."""
        del reply_to, text, key
        return None


class Receiving(Connector):
    """A channel that calls by itself (a webhook). What it brings is stored like what was listened to."""

    @abstractmethod
    def greet(self, query: Mapping[str, str]) -> str:
        """Answer the source's question whether it speaks to the right one. Raises Trouble."""

    @abstractmethod
    def receive(self, headers: Mapping[str, str], body: bytes) -> Batch:
        """Read a call, header names in small letters; its cursor is not kept. Raises Trouble for a forged one."""


class Waiting(Connector):
    """A channel at which one can wait for news, so that they are heard at once. It is listened to as ever besides."""

    @abstractmethod
    def wait_for_news(self, stop: Callable[[], bool]) -> Iterator[None]:
        """Yield when it waits, and then whenever the source tells of news, until ``stop`` says so.

        ``stop`` is asked every second. Ends by itself at once where this source cannot be waited at; raises Trouble
        where the line breaks. Nothing is read here: news are listened to.
        """
