"""The outbound door: where it goes, what it brings back, and how long that may take."""

import datetime as dt
import gzip
import socket
import ssl
import threading
from collections.abc import Iterator

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from tests.hear.door import Asked, Door, Told

from kuulo.hear.http import LONGEST_WAIT, Answer, Http, unchanged, wait_told
from kuulo.hear.outward import address_of
from kuulo.hear.trouble import Trouble


@pytest.fixture
def http() -> Iterator[Http]:
    http = Http(own_network=True, whole=2.0, most_bytes=100_000)
    yield http
    http.close()


@pytest.fixture
def doors() -> Iterator[list[Door]]:
    doors: list[Door] = []
    yield doors
    for door in doors:
        door.close()


def served(doors: list[Door], told: Told) -> Door:
    doors.append(Door(lambda _asked: told))
    return doors[-1]


def trouble(http: Http, url: str, method: str = "GET") -> Trouble:
    with pytest.raises(Trouble) as caught:
        http.ask(method, url)
    return caught.value


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.9", "100.64.0.1", "169.254.169.254", "0.0.0.0", "::1",
        "::ffff:10.0.0.1", "::ffff:169.254.169.254", "fe80::1", "fd00::1", "64:ff9b::a00:1", "2002:a00:1::",
        "224.0.0.1", "240.0.0.1", "2130706433", "0x7f.1", "localhost",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_in_every_spelling(host):
    with pytest.raises(Trouble, match=r"address-not-allowed|no-such-host"):
        address_of(host, 80)


@pytest.mark.parametrize("host", ["169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "0.0.0.0", "224.0.0.1"])
def test_some_addresses_are_refused_in_the_own_network_too(host):
    with pytest.raises(Trouble, match="address-not-allowed"):
        address_of(host, 80, own_network=True)


def test_public_addresses_and_in_the_own_network_private_ones_are_let_through():
    assert address_of("8.8.8.8", 443) == "8.8.8.8"
    assert address_of("192.168.0.1", 443, own_network=True) == "192.168.0.1"


def test_a_name_that_changes_its_address_between_two_looks_leads_nowhere_else(monkeypatch, doors, http):
    """DNS rebinding: the name is looked up once, and the connection goes to what was looked at."""
    door = served(doors, Told(body=b"{}"))
    port = int(door.url.rpartition(":")[2])
    looks = iter(["127.0.0.1", "169.254.169.254", "169.254.169.254"])

    def look(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        address = next(looks) if host == "rebinding.example" else host
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", look)
    assert http.get(f"http://rebinding.example:{port}/").status == 200
    assert door.asked[0].headers["host"] == f"rebinding.example:{port}"
    assert next(looks) == "169.254.169.254"


def test_a_name_that_also_leads_inside_is_refused(monkeypatch):
    def look(_host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", look)
    with pytest.raises(Trouble, match="address-not-allowed"):
        address_of("both.example", 80)


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest", "http://localhost:1/", "file:///etc/passwd", "//x/"]
)
def test_a_redirect_elsewhere_is_not_followed(target, doors, http):
    door = served(doors, Told(status=302, headers={"Location": target}))
    assert trouble(http, door.url).code == "redirected"


def test_a_sending_is_never_sent_on(doors, http):
    door = served(doors, Told(status=307, headers={"Location": "/muualla"}))
    assert trouble(http, door.url, "POST").code == "redirected"
    assert len(door.asked) == 1


def test_a_redirect_on_the_same_host_is_followed(doors, http):
    def answer(asked: Asked) -> Told:
        return (
            Told(body=b"perill\xc3\xa4") if asked.path == "/uusi" else Told(status=301, headers={"Location": "/uusi"})
        )

    doors.append(Door(answer))
    assert http.get(doors[0].url + "/vanha").body.decode() == "perillä"


def test_a_large_answer_is_cut(doors, http):
    assert trouble(http, served(doors, Told(body=b"x" * 200_000)).url).code == "too-large"


def test_a_small_answer_that_unpacks_to_a_large_one_is_cut(doors, http):
    packed = gzip.compress(b"\0" * 50_000_000)
    assert (
        trouble(http, served(doors, Told(body=packed, headers={"Content-Encoding": "gzip"})).url).code == "too-large"
    )


def test_an_answer_that_trickles_in_ends_when_the_time_is_over(http):
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def trickle() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(10_000)
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while not over.wait(0.05):
                try:
                    connection.sendall(b"X-More: yes\r\n")
                except OSError:
                    return

    server = threading.Thread(target=trickle)
    server.start()
    try:
        assert trouble(http, f"http://127.0.0.1:{listening.getsockname()[1]}/").code in {"too-slow", "broken-off"}
    finally:
        over.set()
        server.join()
        listening.close()


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path, http):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    dated = built.serial_number(1).not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
    certificate = dated.sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "both.pem").write_bytes(plain + certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "both.pem")
    door = Door(lambda _asked: Told(body=b"{}"))
    door._server.socket = context.wrap_socket(door._server.socket, server_side=True)
    try:
        found = trouble(http, door.url.replace("http://127.0.0.1", "https://localhost"))
        assert (found.kind, found.code, found.facts["unsent"]) == ("retry", "not-trusted", 1)
    finally:
        door.close()


def test_what_is_no_address_is_told(http):
    for url in ("", "muistilappu", "ftp://example.org/", "http://", "http://[::1", "gopher://x", "https://exa mple/"):
        assert trouble(http, url).kind in {"settings", "retry"}, url


def test_nobody_there(http):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    found = trouble(http, f"http://127.0.0.1:{port}/")
    assert (found.code, found.facts["unsent"]) == ("no-connection", 1)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "120"}, 120),
        ({"retry-after": "Sun, 22 Nov 2026 00:01:00 GMT"}, 60),
        ({"retry-after": "Sun, 22 Nov 2020 00:01:00 GMT"}, 0),
        ({"retry-after": "99999999"}, LONGEST_WAIT),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "2026-11-22T00:05:00Z"}, 300),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795305630"}, 30),
        ({"x-ratelimit-remaining": "5", "x-ratelimit-reset": "1795305630"}, None),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "45"}, 45),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "kohta"}, None),
        ({}, None),
    ],
)
def test_the_wait_that_a_source_asks_for(headers, seconds):
    now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC).timestamp()
    assert now == 1795305600
    assert wait_told(headers, now=now) == seconds


@given(st.text(), st.floats(min_value=0, max_value=4e9))
def test_whatever_is_told_the_wait_is_sane(told, now):
    wait = wait_told({"retry-after": told}, now=now)
    assert wait is None or 0 <= wait <= LONGEST_WAIT


def test_an_unchanged_answer_is_asked_for_by_what_came_with_it():
    answer = Answer(
        status=200, headers={"etag": '"a"', "last-modified": "eilen", "x": "y"}, body=b"", url="http://x/"
    )
    assert unchanged(answer.validators()) == {"If-None-Match": '"a"', "If-Modified-Since": "eilen"}


def test_no_test_reaches_another_machine():
    with socket.socket() as elsewhere, pytest.raises(RuntimeError, match="a test asked"):
        elsewhere.connect(("192.0.2.1", 9))
