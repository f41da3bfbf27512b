"""Mail server: connections to read mail (IMAP) and to send it (SMTP), only where it is allowed to go.

The server is spoken to at the very address that was checked, and its certificate has to be that of the name which a
person wrote. Without encryption no machine but this one is spoken to. Every answer has a size and a time within which
it must be whole. What goes wrong is told as Trouble, never with the server's own words.
"""

import imaplib
import ipaddress
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache
from typing import Any

import httpx2
from imap_tools import BaseMailBox, ImapToolsError, MailboxFolderSelectError

from kuulo.hear.connector import Unknown
from kuulo.hear.http import CONNECT, READ
from kuulo.hear.outward import address_of
from kuulo.hear.trouble import Kind, Trouble

SECURITY = ("tls", "starttls", "none")
_MOST_BYTES, _WHOLE, _AT_ONCE = 40 << 20, 300.0, 1 << 16
# A wait has to be renewed within 29 minutes (RFC 2177); many a line in between is cut when it is silent for ten.
_RENEWED, _LOOK = 9 * 60.0, 0.5
# told before the machine's name, which is nobody's business
_HELLO = "[127.0.0.1]"
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """Where a mail server is; ``security`` is one of SECURITY. ``own_network``: see ``address_of``."""

    host: str
    port: int
    security: str
    own_network: bool = False

    def connected(self) -> socket.socket:
        """Connect, encrypted where it is from the start. Raises Trouble."""
        address = address_of(self.host, self.port, own_network=self.own_network)
        if self.security == "none" and not ipaddress.ip_address(address.partition("%")[0]).is_loopback:
            raise Trouble("settings", "not-encrypted", host=self.host[:100])
        try:
            raw = socket.create_connection((address, self.port), CONNECT)
        except OSError as error:
            raise Trouble("retry", "no-connection", host=self.host[:100], unsent=1) from error
        raw.settimeout(READ)
        if self.security != "tls":
            return raw
        try:
            return trusting().wrap_socket(raw, server_hostname=self.host)
        except (OSError, ValueError):
            raw.close()
            raise


@cache
def trusting() -> ssl.SSLContext:
    """Give whom to trust: the same as everything else that Kuulo asks."""
    return httpx2.create_ssl_context()


class Mailbox(BaseMailBox):
    """A mailbox that is open for reading. Use it in ``open_mailbox`` only, which tells what goes wrong."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._imap = _Imap(server)
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return self._imap

    def ask(self, command: str, *args: str) -> list[Any]:
        """Send a command about mails by their UIDs; give what came back. Raises Trouble."""
        status, data = self.client.uid(command, *args)
        if status != "OK":
            if any(b"[TRYCREATE]" in part for part in data if isinstance(part, bytes)):
                raise Trouble("settings", "no-such-folder", host=self._server.host[:100])
            raise Trouble("retry", "server-error", host=self._server.host[:100])
        return [part for part in data if part is not None]

    def can(self, what: str) -> bool:
        """Tell whether the server can do something, by its name in IMAP."""
        return what in self.client.capabilities

    def wait_for_mail(self, stop: Callable[[], bool]) -> Iterator[None]:
        """Yield when it waits at the folder that is open, and whenever a mail comes, until ``stop`` says so.

        The server has to know IDLE.
        """
        yield from self._imap.wait_for_mail(stop)


class _Imap(imaplib.IMAP4):
    """IMAP through the outward door, where no answer is longer or slower than is allowed."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._came = bytearray()
        self._came_from: socket.socket | None = None
        self._left, self._end = _MOST_BYTES, time.monotonic() + _WHOLE
        self._greeted = False
        super().__init__(server.host, server.port, READ)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        del timeout
        return self._server.connected()

    def _command(self, name: str, *args: Any) -> Any:  # noqa: ANN401
        self._left, self._end = _MOST_BYTES, time.monotonic() + _WHOLE
        return super()._command(name, *args)  # type: ignore[misc]

    def wait_for_mail(self, stop: Callable[[], bool]) -> Iterator[None]:
        """See ``Mailbox.wait_for_mail``."""
        news = True
        while not stop():
            tag = self._begin_to_wait()
            if news:
                yield
            yield from self._told_of_mail(stop, until=time.monotonic() + _RENEWED)
            self.send(b"DONE\r\n")
            self._command_complete("IDLE", tag)
            news = self._number_told()

    def _begin_to_wait(self) -> Any:  # noqa: ANN401
        self.untagged_responses.clear()
        tag = self._command("IDLE")
        while self._get_response() is not None:  # None: the server says that it waits
            if self.tagged_commands[tag]:
                raise self.error("IDLE")
        return tag

    def _number_told(self) -> bool:
        """Tell whether the server told how many mails there are since this was asked last: it does when one comes."""
        return self.response("EXISTS")[1] != [None]

    def _told_of_mail(self, stop: Callable[[], bool], *, until: float) -> Iterator[None]:
        while True:
            if self._number_told():
                yield
            elif stop() or time.monotonic() > until:
                return
            elif self._something_came():
                self._get_response()

    def _something_came(self) -> bool:
        """Tell whether the server said something within a moment, or broke off."""
        self._end = time.monotonic() + _WHOLE  # each line has its own time, all together their size
        self.sock.settimeout(_LOOK)
        try:
            self._some()
        except TimeoutError:
            return False
        finally:
            self.sock.settimeout(READ)
        return True

    def read(self, size: int) -> bytes:
        parts = []
        while size > 0 and (part := self._some()[:size]):
            parts.append(self._taken(len(part)))
            size -= len(part)
        return b"".join(parts)

    def readline(self) -> bytes:
        parts = []
        while seen := self._some():
            parts.append(self._taken(seen.find(b"\n") + 1 or len(seen)))
            if parts[-1].endswith(b"\n"):
                break
        line = b"".join(parts)
        if line and not self._greeted and not line.startswith(b"* "):
            raise Trouble("settings", "not-a-mail-server", host=self._server.host[:100])
        self._greeted = True
        return line

    def _some(self) -> bytearray:
        """Wait for bytes; give those that are there, without taking them. None are at the end."""
        if time.monotonic() > self._end:
            raise TimeoutError
        if self._came_from is not self.sock:
            # after STARTTLS nothing counts that was said before
            self._came.clear()
            self._came_from = self.sock
        if not self._came:
            self._came += self.sock.recv(_AT_ONCE)
        return self._came

    def _taken(self, size: int) -> bytes:
        self._left -= size
        if self._left < 0:
            raise Trouble("broken", "too-large", host=self._server.host[:100])
        part = bytes(self._came[:size])
        del self._came[:size]
        return part


@contextmanager
def open_mailbox(server: Server, user: str, password: str) -> Iterator[Mailbox]:
    """Open a mailbox. Raises Trouble for whatever goes wrong within, too."""
    with _telling(server):
        box = Mailbox(server)
        try:
            _let_in(box, server, user, password)
            yield box
        finally:
            with suppress(Exception):
                box.logout()
            with suppress(Exception):
                box.client.shutdown()


def _let_in(box: Mailbox, server: Server, user: str, password: str) -> None:
    if server.security == "starttls":
        if not box.can("STARTTLS"):
            raise Trouble("settings", "not-encrypted", host=server.host[:100])
        box.client.starttls(trusting())
    let_in = box.login if (user + password).isascii() else box.login_utf8
    try:
        let_in(user, password, None)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, ImapToolsError) as error:
        raise _refusal(str(error), server.host) from error
    # what a server can do it may tell only those whom it let in
    box.client._get_capabilities()


def _refusal(told: str, host: str) -> Trouble:
    """Tell a wrong password from a server that lets nobody in now, or not this way."""
    if any(code in told for code in ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]")):
        return Trouble("retry", "busy", host=host[:100])
    if "[PRIVACYREQUIRED]" in told:
        return Trouble("settings", "not-encrypted", host=host[:100])
    return Trouble("auth", "not-let-in", host=host[:100])


@contextmanager
def _telling(server: Server) -> Iterator[None]:
    host = server.host[:100]
    try:
        yield
    except ssl.SSLError as error:
        raise _distrust(error, host) from error
    except TimeoutError as error:
        raise Trouble("retry", "too-slow", host=host) from error
    except MailboxFolderSelectError as error:
        raise Trouble("settings", "no-such-folder", host=host) from error
    except imaplib.IMAP4.readonly as error:
        raise Trouble("settings", "read-only", host=host) from error
    except (OSError, imaplib.IMAP4.abort) as error:
        raise Trouble("retry", "broken-off", host=host) from error
    except (imaplib.IMAP4.error, ImapToolsError) as error:
        raise Trouble("retry", "server-error", host=host) from error


def _distrust(error: ssl.SSLError, host: str) -> Trouble:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Trouble("retry", "not-trusted", host=host, unsent=1)
    if error.reason == "WRONG_VERSION_NUMBER":
        return Trouble("settings", "not-tls", host=host, unsent=1)
    return Trouble("retry", "broken-off", host=host, unsent=1)


class Outbox(smtplib.SMTP):
    """A connection to send by. ``handed`` is True when the mail itself was begun to be told."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.handed = False
        super().__init__(server.host, server.port, local_hostname=_HELLO, timeout=READ)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        del host, port, timeout
        return self._server.connected()

    def data(self, msg: Any) -> tuple[int, bytes]:  # noqa: ANN401
        """Tell the mail itself."""
        self.handed = True
        return super().data(msg)


@contextmanager
def open_outbox(server: Server, user: str, password: str) -> Iterator[Outbox]:
    """Open a connection to send by. Raises Trouble, with ``unsent`` 1, where that does not come about.

    What goes wrong within is not told otherwise: the caller knows what it means.
    """
    with _telling_unsent(server):
        box = Outbox(server)
        try:
            _greet(box, server, user, password)
        except BaseException:
            box.close()
            raise
    try:
        yield box
    finally:
        with suppress(smtplib.SMTPException, OSError):
            box.quit()
        box.close()


def _greet(box: Outbox, server: Server, user: str, password: str) -> None:
    box.ehlo_or_helo_if_needed()
    if server.security == "starttls":
        if not box.has_extn("starttls"):
            raise Trouble("settings", "not-encrypted", host=server.host[:100])
        box.starttls(context=trusting())
        box.ehlo_or_helo_if_needed()
    if user:
        box.login(user, password)


@contextmanager
def _telling_unsent(server: Server) -> Iterator[None]:
    host = server.host[:100]
    try:
        yield
    except Trouble as trouble:
        trouble.facts["unsent"] = 1
        raise
    except smtplib.SMTPAuthenticationError as error:
        kind: Kind = "retry" if 400 <= error.smtp_code < 500 else "auth"
        raise Trouble(kind, "not-let-in", host=host, status=error.smtp_code, unsent=1) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Trouble("settings", "no-login", host=host, unsent=1) from error
    except smtplib.SMTPResponseException as error:
        if error.smtp_code < 200:
            raise Trouble("settings", "not-a-mail-server", host=host, unsent=1) from error
        kind = "retry" if error.smtp_code < 500 else "settings"
        raise Trouble(kind, "server-error", host=host, status=error.smtp_code, unsent=1) from error
    except ssl.SSLError as error:
        raise _distrust(error, host) from error
    except TimeoutError as error:
        raise Trouble("retry", "too-slow", host=host, unsent=1) from error
    except UnicodeError as error:
        # SMTP has no way for other letters
        raise Trouble("settings", "password-not-ascii", host=host, unsent=1) from error
    except (smtplib.SMTPException, OSError) as error:
        raise Trouble("retry", "broken-off", host=host, unsent=1) from error


def send(box: Outbox, mail: EmailMessage) -> None:
    """Send. Raises Trouble where it was surely not taken, Unknown where it may have been."""
    try:
        box.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        code, told = next(iter(error.recipients.values()))
        raise _not_taken(code, told) from error
    except smtplib.SMTPResponseException as error:
        if error.smtp_code < 400:
            raise Unknown("broken-off") from error
        raise _not_taken(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Trouble("refused", "not-an-address", unsent=1) from error
    except (smtplib.SMTPException, OSError) as error:
        if box.handed:
            raise Unknown("broken-off") from error
        raise Trouble("retry", "broken-off", unsent=1) from error


def _not_taken(code: int, told: bytes | str) -> Trouble:
    status = _STATUS.search(told.decode("ascii", "replace") if isinstance(told, bytes) else told)
    detail = status[1] if status else ""
    if code < 500:
        return Trouble("retry", "busy", status=code, detail=detail, unsent=1)
    return Trouble("refused", "refused", status=code, detail=detail, unsent=1)
