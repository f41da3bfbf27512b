"""A post office on this machine: pymap for IMAP, behind a line that fails on order, and aiosmtpd for SMTP."""

import ipaddress
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from imap_tools import MailBoxUnencrypted

USER, PASSWORD = "palaute", "salasana"
_numbers = count()


class Pymap:
    """An IMAP server with an empty mailbox, and a folder of its own for each who asks."""

    def __init__(self) -> None:
        self.port = free_port()
        program = Path(sys.executable).with_name("pymap")
        told = ["--host", "127.0.0.1", "--port", str(self.port), "--no-tls", "dict"]
        who = ["--demo-user", USER, "--demo-password", PASSWORD]
        self._process = subprocess.Popen([program, *told, *who], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.port)
        self._box = self.box()

    def box(self) -> MailBoxUnencrypted:
        return MailBoxUnencrypted("127.0.0.1", self.port, timeout=20).login(USER, PASSWORD, None)

    def folder(self) -> str:
        name = f"Laatikko {next(_numbers)} åäö"
        self._box.folder.create(name)
        return name

    def append(self, folder: str, raw: bytes) -> None:
        self._box.append(raw, folder, dt=datetime(2026, 11, 18, 12, tzinfo=UTC))

    def uids(self, folder: str) -> list[str]:
        self._box.folder.set(folder)
        uids = self._box.uids()
        self._box.folder.set("INBOX")
        return uids

    def close(self) -> None:
        self._box.logout()
        self._process.terminate()
        self._process.wait(10)


class Line:
    """A line to a server on this machine; ``faults`` are met by the next connections, one each."""

    def __init__(self, port: int, *, tls: ssl.SSLContext | None = None) -> None:
        self._to, self._tls = port, tls
        self.faults: deque[str] = deque()
        self.said = b""
        self.open: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._serving = threading.Thread(target=self._serve, daemon=True)
        self._serving.start()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._serving.join(10)
        self._listening.close()

    def cut(self) -> None:
        """Break off every connection that is open."""
        for client in list(self.open):
            client.shutdown(socket.SHUT_RDWR)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                came, _ = self._listening.accept()
                fault = self.faults.popleft() if self.faults else ""
                threading.Thread(target=self._answer, args=(came, fault), daemon=True).start()

    def _answer(self, came: socket.socket, fault: str) -> None:
        with suppress(OSError):
            client = self._tls.wrap_socket(came, server_side=True) if self._tls else came
            with client:
                if fault in _AT_ONCE:
                    client.sendall(_AT_ONCE[fault])
                    return
                self.open.add(client)
                try:
                    with socket.create_connection(("127.0.0.1", self._to)) as server:
                        threading.Thread(target=self._pass_on, args=(client, server), daemon=True).start()
                        _answers(server, client, fault)
                finally:
                    self.open.discard(client)

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while part := client.recv(1 << 16):
                self.said += part
                server.sendall(part)
            server.shutdown(socket.SHUT_WR)


_AT_ONCE = {
    "error": b"* BYE Internal error, come back later\r\n",
    "other-thing": b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
}


def _answers(server: socket.socket, client: socket.socket, fault: str) -> None:
    while part := server.recv(1 << 16):
        if fault == "no-idle":
            part = part.replace(b" IDLE", b"")
        if fault == "breaks-off" and b"BODY[" in part:
            client.sendall(part[: part.index(b"BODY[") + 20])
            client.shutdown(socket.SHUT_RDWR)
            return
        client.sendall(part)


class Sink:
    """An SMTP server that keeps what it is given; ``answers`` are told to the next mails, one each."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.mails: list[bytes] = []
        self.answers: deque[tuple[str, str]] = deque()
        more: dict[str, Any] = {"tls_context": tls, "require_starttls": True} if tls else {"auth_require_tls": False}
        self._controller = Controller(
            self, hostname="127.0.0.1", port=free_port(), authenticator=self.let_in, auth_required=bool(tls), **more
        )
        self._controller.start()
        self.port = self._controller.port

    def let_in(self, server: Any, session: Any, envelope: Any, mechanism: str, who: LoginPassword) -> AuthResult:
        known = (who.login, who.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=known, handled=False)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.answers and self.answers[0][0] == "rcpt":
            return self.answers.popleft()[1]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        when, told = self.answers.popleft() if self.answers else ("", "250 OK")
        if told.startswith("2") or when == "lost":
            self.mails.append(envelope.content)
        if when == "lost":
            server.transport.abort()
        return told

    def close(self) -> None:
        self._controller.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def wait_for(port: int) -> None:
    """Wait until something listens there, half a minute at most."""
    end = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 5).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


def certificate(folder: Path, *, address: str = "127.0.0.1") -> Path:
    """Write a certificate that nobody signed, and its key, into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "posti.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1))
        .not_valid_after(datetime(2120, 1, 1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{address}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


def served(path: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
