"""Outbox: the mail server through which the desk itself sends, as the environment names it."""

from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from urllib.parse import unquote, urlsplit

from django.conf import settings

from kuulo.hear.mail_server import Server

# how a connection is protected, and the usual port
_SCHEMES = {"smtp": ("none", 25), "smtp+tls": ("starttls", 587), "smtps": ("tls", 465)}


class BadMailSettings(Exception):
    """Why the settings of mail cannot be used: "not-a-mail-url", "password-in-url" or "no-sender"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Outbox:
    """Where mail goes out, as whom, and the ``sender`` that it comes from."""

    server: Server
    user: str
    password: str
    sender: Address


def outbox() -> Outbox | None:
    """Give where mail goes out; None where no mail is set up. Raises BadMailSettings."""
    if not settings.MAIL_URL:
        return None
    server, user = _read(settings.MAIL_URL)
    return Outbox(server, user, settings.MAIL_PASSWORD, _sender(settings.MAIL_FROM))


def _read(url: str) -> tuple[Server, str]:
    try:
        parts = urlsplit(url)
        security, usual = _SCHEMES[parts.scheme]
        host, port = parts.hostname or "", parts.port or usual
    except (ValueError, KeyError) as error:
        raise BadMailSettings("not-a-mail-url") from error
    if not host or parts.path.strip("/") or parts.query or parts.fragment:
        raise BadMailSettings("not-a-mail-url")
    if parts.password is not None:
        raise BadMailSettings("password-in-url")
    # whoever sets the environment may mean a server of the municipality's own network
    return Server(host=host, port=port, security=security, own_network=True), unquote(parts.username or "")


def _sender(told: str) -> Address:
    try:
        return Address(display_name="Kuulo", addr_spec=told)
    except (ValueError, IndexError, MessageError) as error:
        raise BadMailSettings("no-sender") from error
