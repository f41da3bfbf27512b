"""Mail: what residents write to a mailbox of the municipality, and replies to it."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, ClassVar

from imap_tools.utils import encode_folder

from kuulo.hear.bounce import returned
from kuulo.hear.connector import (
    Batch,
    Bounced,
    Cursor,
    Field,
    Found,
    Item,
    Limit,
    Post,
    Replying,
    Sent,
    Unread,
    Waiting,
)
from kuulo.hear.letter import MOST_BYTES, Letter, Unreadable, letter_id, read_letter
from kuulo.hear.mail_server import SECURITY, Mailbox, Outbox, Server, open_mailbox, open_outbox, send
from kuulo.hear.trouble import Trouble

_AT_ONCE, _MOVED_AT_ONCE = 20, 500
_BEGINNING, _KEPT = 1 << 16, 1 << 16
_EARLY = timedelta(days=1)
# What can be asked for by name, within the quotes of IMAP.
_PLAIN_ID = re.compile(r"[!#-\[\]-~]+")


class Mail(Replying, Waiting):
    """A mailbox, read by IMAP and left as it is, but for mails moved aside where that is wanted; replies by SMTP.

    The address of who wrote stays in the mailbox: it is looked up there when a reply is sent.
    """

    name: ClassVar[str] = "mail"
    every: ClassVar[int] = 2
    fields: ClassVar[tuple[Field, ...]] = (
        Field(name="address"),
        Field(name="server"),
        Field(name="port", kind="number", default="993"),
        Field(name="security", kind="choice", choices=SECURITY, default="tls"),
        Field(name="user"),
        Field(name="password", kind="secret"),
        Field(name="folder", default="INBOX"),
        Field(name="heard_folder", required=False),
        Field(name="smtp_server", required=False),
        Field(name="smtp_port", kind="number", required=False, default="587"),
        Field(name="smtp_security", kind="choice", choices=SECURITY, default="starttls"),
        Field(name="smtp_user", required=False),
        Field(name="smtp_password", kind="secret", required=False),
        Field(name="sent_folder", required=False),
    )

    def test(self) -> Found:
        """Open the mailbox and each folder that is named, and the way out where there is one."""
        with self._mailbox() as box:
            for folder in filter(None, (self._aside(), self.settings["sent_folder"])):
                box.folder.set(folder, readonly=True)
            mails = int(box.folder.set(self.settings["folder"], readonly=True)[1][0] or 0)
        if self.settings["smtp_server"]:
            with self._outbox():
                pass
        return Found(name=self.settings["address"], facts={"mails": mails})

    def listen(self, since: Cursor) -> Iterator[Batch]:
        """Yield the mails that came since; then move aside what is stored, where that is wanted."""
        with self._mailbox() as box:
            box.folder.set(self.settings["folder"], readonly=not self._aside())
            validity = _validity(box)
            last = int(since.get("uid", 0)) if since.get("validity") == validity else 0
            uids = _uids(box, f"UID {last + 1}:*", after=last)
            for at in range(0, len(uids), _AT_ONCE):
                some = uids[at : at + _AT_ONCE]
                batch = self._batch(box, some)
                yield Batch(items=batch.items, passed=batch.passed, cursor={"validity": validity, "uid": some[-1]})
                last = some[-1]  # only now it is stored
            if not uids:
                yield Batch(cursor={"validity": validity, "uid": last})
            if self._aside():
                _move(box, self._aside(), until=last)

    def wait_for_news(self, stop: Callable[[], bool]) -> Iterator[None]:
        """Wait for mails with IDLE, where the server knows that."""
        with self._mailbox() as box:
            box.folder.set(self.settings["folder"], readonly=True)
            if box.can("IDLE"):
                yield from box.wait_for_mail(stop)

    def limit(self) -> Limit:
        """A mail may be long; nobody reads one that is."""
        return Limit(most=4000)

    def reply(self, reply_to: Mapping[str, Any], text: str, *, key: str) -> Sent:
        """Send a mail to who wrote, in the same thread."""
        if not self.settings["smtp_server"]:
            raise Trouble("settings", "no-smtp-server", unsent=1)
        try:
            letter = self._letter_of(reply_to)
        except Trouble as trouble:
            trouble.facts["unsent"] = 1
            raise
        reply = self._written(letter, text, key=key)
        with self._outbox() as box:
            send(box, reply)
        return Sent(id=self.id_of(key))

    def find(self, reply_to: Mapping[str, Any], text: str, *, key: str) -> Sent | None:
        """Look for the reply among what was sent, where the server keeps that."""
        del reply_to, text
        if not self.settings["sent_folder"]:
            return None
        with self._mailbox() as box:
            box.folder.set(self.settings["sent_folder"], readonly=True)
            return Sent(id=self.id_of(key)) if _named(box, self.id_of(key)) else None

    @contextmanager
    def _mailbox(self) -> Iterator[Mailbox]:
        with open_mailbox(self._server(""), self.settings["user"], self.settings["password"]) as box:
            yield box

    @contextmanager
    def _outbox(self) -> Iterator[Outbox]:
        with open_outbox(self._server("smtp_"), self.settings["smtp_user"], self.settings["smtp_password"]) as box:
            yield box

    def _server(self, which: str) -> Server:
        told = self.settings[f"{which}port"]
        if not (told.isascii() and told.isdigit() and 0 < int(told) < 65536):
            raise Trouble("settings", "not-a-port", unsent=1)
        return Server(
            host=self.settings[f"{which}server"].strip(),
            port=int(told),
            security=self.settings[f"{which}security"],
            own_network=self.http.own_network,
        )

    def _batch(self, box: Mailbox, uids: Sequence[int]) -> Batch:
        items: dict[str, Item] = {}
        passed: dict[str, int] = {}
        for uid, (size, came) in _sizes(box, uids).items():
            item = self._item(box, uid, size, came)
            if isinstance(item, str):
                passed[item] = passed.get(item, 0) + 1
            elif item:
                # of two mails that bear one name the first stands: nobody writes over another's
                items.setdefault(item.id or f"?{uid}", item)
        return Batch(items=tuple(items.values()), passed=passed)

    def _item(self, box: Mailbox, uid: int, size: int, came: datetime | None) -> Item | str | None:
        """Read a mail: its post, or why it is passed over, or None where it is there no more."""
        if size > MOST_BYTES:
            return Unread(code="too-large", id=letter_id(_fetched(box, uid, f"BODY.PEEK[HEADER]<0.{_BEGINNING}>")))
        raw = _fetched(box, uid, "BODY.PEEK[]")
        if not raw:
            return None
        try:
            letter = read_letter(raw)
        except Unreadable as unreadable:
            return Unread(code=unreadable.code, id=letter_id(raw[:_BEGINNING]), raw=raw[:_KEPT])
        return self._told(letter, raw, came)

    def _told(self, letter: Letter, raw: bytes, came: datetime | None) -> Item | str:
        """Tell a resident's mail from what is nobody's message."""
        if letter.address == self._own() or self._is_ours(letter.id):
            return "own"
        if letter.kind == "bounce":
            return self._bounce(raw)
        if letter.kind != "letter":
            return letter.kind
        return _post(letter, came) if letter.text else Unread(code="no-text", id=letter.id, raw=raw[:_KEPT])

    def _bounce(self, raw: bytes) -> Item | str:
        """Tell which reply of Kuulo came back; a mail that people wrote here may come back too."""
        told = returned(raw)
        return Bounced(id=told.id, status=told.status) if told and self._is_ours(told.id) else "bounce"

    def _letter_of(self, reply_to: Mapping[str, Any]) -> Letter:
        """Read the mail to reply to again. Raises Trouble where it is gone, or tells nobody to reply to."""
        told = str(reply_to.get("id", ""))
        with self._mailbox() as box:
            for folder in filter(None, (self.settings["folder"], self.settings["heard_folder"])):
                box.folder.set(folder, readonly=True)
                for uid in _named(box, told):
                    letter = read_letter(_fetched(box, uid, "BODY.PEEK[]"))
                    if letter.answer_to and letter.answer_to != self._own():
                        return letter
        raise Trouble("refused", "mail-not-found")

    def _written(self, letter: Letter, text: str, *, key: str) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        try:
            mail["From"], mail["To"] = self._own(), letter.answer_to
            mail["Subject"] = f"Re: {letter.subject}"[:200]
            mail["Date"] = format_datetime(datetime.now(UTC))
            mail["Message-ID"] = f"<{self.id_of(key)}>"
            mail["In-Reply-To"] = f"<{letter.id}>"
            mail["References"] = " ".join(f"<{one}>" for one in [*letter.references, letter.id])
            mail.set_content(text, charset="utf-8")
            if letter.language:
                mail["Content-Language"] = letter.language
        except (ValueError, IndexError, MessageError) as error:
            raise Trouble("refused", "not-an-address", unsent=1) from error
        return mail

    def id_of(self, key: str) -> str:
        """Give the id of the reply with this key: the same at every try."""
        return f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.kuulo@{_domain(self._own())}"

    def _is_ours(self, told: str) -> bool:
        return told.endswith(f".kuulo@{_domain(self._own())}")

    def _aside(self) -> str:
        """Give the folder for what is heard, "" for none. Raises Trouble where it is the one that is heard."""
        if self.settings["heard_folder"].lower() == self.settings["folder"].lower():
            raise Trouble("settings", "same-folder")
        return self.settings["heard_folder"]

    def _own(self) -> str:
        return self.settings["address"].strip().lower()


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _post(letter: Letter, came: datetime | None) -> Post:
    time = letter.time
    if not time or (came and time > came + _EARLY):
        time = came
    return Post(
        id=letter.id,
        # a mail never changes: another of the same name is not a newer one
        version="1",
        text=letter.text,
        title=letter.subject,
        time=time,
        author=letter.address,
        author_name=letter.name,
        language=letter.language,
        thread=letter.references[0] if letter.references else letter.id,
        parent=letter.parent,
        private=True,
        attachments=letter.attachments,
        background=(("forwarded-by", letter.forwarder),) if letter.forwarder else (),
        reply_to={"id": letter.id} if letter.named and letter.answer_to else {},
    )


def _validity(box: Mailbox) -> int:
    told = box.client.response("UIDVALIDITY")[1][0]
    if not isinstance(told, bytes) or not told.isdigit():
        raise Trouble("broken", "no-uidvalidity")
    return int(told)


def _uids(box: Mailbox, criteria: str, *, after: int = 0) -> list[int]:
    """Give the UIDs, oldest first. "n:*" gives the last mail even where its UID is below n."""
    found = b" ".join(part for part in box.ask("SEARCH", criteria) if isinstance(part, bytes)).split()
    return sorted({int(uid) for uid in found if uid.isdigit() and int(uid) > after})


def _sizes(box: Mailbox, uids: Sequence[int]) -> dict[int, tuple[int, datetime | None]]:
    """Give size in bytes and time of arrival of each mail that is still there."""
    sizes: dict[int, tuple[int, datetime | None]] = {}
    for part in box.ask("FETCH", _set(uids), "(UID RFC822.SIZE INTERNALDATE)"):
        told = b" ".join(part) if isinstance(part, tuple) else part
        uid, size = re.search(rb"\bUID (\d{1,10})", told), re.search(rb"RFC822\.SIZE (\d{1,18})", told)
        if uid and size and int(uid[1]) in uids:
            sizes[int(uid[1])] = (int(size[1]), _came(told))
    return {uid: sizes[uid] for uid in uids if uid in sizes}


def _came(told: bytes) -> datetime | None:
    found = re.search(rb'INTERNALDATE "([^"]{10,40})"', told)
    try:
        return datetime.strptime(found[1].decode().strip(), "%d-%b-%Y %H:%M:%S %z").astimezone(UTC) if found else None
    except (ValueError, OverflowError):
        return None


def _fetched(box: Mailbox, uid: int, what: str) -> bytes:
    """Give a mail, or the part asked for; nothing where it is there no more."""
    return next((part[1] for part in box.ask("FETCH", str(uid), f"({what})") if isinstance(part, tuple)), b"")


def _named(box: Mailbox, name: str) -> list[int]:
    return _uids(box, f'HEADER Message-ID "<{name}>"') if _PLAIN_ID.fullmatch(name) else []


def _set(uids: Sequence[int]) -> str:
    return ",".join(map(str, uids))


def _move(box: Mailbox, folder: str, *, until: int) -> None:
    """Move what is heard to a folder. Nothing is deleted: where a server cannot move, a copy is made and marked."""
    uids = _uids(box, f"UID 1:{until} UNDELETED") if until else []
    target = encode_folder(folder).decode()
    for at in range(0, len(uids), _MOVED_AT_ONCE):
        some = _set(uids[at : at + _MOVED_AT_ONCE])
        if box.can("MOVE"):
            box.ask("MOVE", some, target)
        else:
            box.ask("COPY", some, target)
            box.ask("STORE", some, "+FLAGS.SILENT", r"(\Deleted)")
