"""A reply on Bluesky meets a real personal data server, which npm installs the first time.

Such a server has no search and no notices: those meet the field lists in tests/hear.
"""

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from kuulo.hear.bluesky_post import POST, read_post, record_key, record_of, utc
from kuulo.hear.bluesky_server import BlueskyServer
from kuulo.hear.connectors.bluesky import Bluesky
from kuulo.hear.http import Http
from kuulo.hear.trouble import Trouble

HERE = Path(__file__).parent / "pds"
INSTALLED = Path(__file__).parents[2] / ".cache" / "pds"
FAMILY = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    INSTALLED.mkdir(parents=True, exist_ok=True)
    for file in HERE.iterdir():
        shutil.copy(file, INSTALLED)
    subprocess.run(["npm", "install", "--no-audit", "--no-fund"], cwd=INSTALLED, check=True, timeout=1500)
    port = free_port()
    command = ["node", "pds.mjs", str(tmp_path_factory.mktemp("pds")), port, free_port()]
    with subprocess.Popen(command, cwd=INSTALLED, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "ready\n"
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def call(server: str, name: str, body: dict[str, object], token: str = "") -> dict[str, str]:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    with urlopen(Request(f"{server}/xrpc/{name}", json.dumps(body).encode(), headers), timeout=60) as came:
        return json.load(came)


def account(server: str, name: str) -> dict[str, str]:
    wanted = {"handle": f"{name}.test", "email": f"{name}@example.org", "password": "salasana"}
    return call(server, "com.atproto.server.createAccount", wanted)


@pytest.fixture(scope="module")
def people(server) -> dict[str, dict[str, str]]:
    return {name: account(server, name) for name in ("kunta", "aino")}


@pytest.fixture
def http(people) -> Iterator[Http]:
    del people
    http = Http(own_network=True)
    yield http
    http.close()


@pytest.fixture
def town(server, http) -> Bluesky:
    settings = {one.name: one.default for one in Bluesky.fields}
    return Bluesky(settings | {"server": server, "handle": "kunta.test", "password": "salasana"}, http=http)


@pytest.fixture
def client(server, http) -> BlueskyServer:
    return BlueskyServer(http, server, "kunta.test", "salasana")


@pytest.fixture
def asked(server, people) -> dict[str, str]:
    record = {"$type": POST, "text": "Milloin tie aurataan?", "createdAt": utc(datetime.now(UTC))}
    body = {"repo": people["aino"]["did"], "collection": POST, "record": record}
    return call(server, "com.atproto.repo.createRecord", body, people["aino"]["accessJwt"])


def reply_to(client: BlueskyServer, asked: dict[str, str]) -> dict[str, object]:
    record = client.record(asked["uri"])
    author = {"did": asked["uri"].split("/")[2], "handle": "aino.test"}
    view = {"uri": record["uri"], "cid": record["cid"], "record": record["value"], "author": author}
    return dict(read_post(view, own=client.account()["did"]).reply_to)


def test_a_reply_stands_once_with_its_links_and_its_thread(client, town, asked):
    to, text = reply_to(client, asked), "Tänään klo 15–16: https://kunta.example/äö. #auraus"
    assert town.find(to, text, key="kuulo-1") is None
    sent = town.reply(to, text, key="kuulo-1")
    assert town.reply(to, text, key="kuulo-1") == town.find(to, text, key="kuulo-1") == sent
    record = client.record(sent.id)["value"]
    assert record["reply"]["parent"]["uri"] == asked["uri"]
    assert [feature for facet in record["facets"] for feature in facet["features"]] == [
        {"$type": "app.bsky.richtext.facet#link", "uri": "https://kunta.example/äö"},
        {"$type": "app.bsky.richtext.facet#tag", "tag": "auraus"},
    ]


def test_put_twice_it_is_the_same_record(client, asked):
    record = record_of("Huomenna.", **reply_to(client, asked), now=datetime.now(UTC))
    first, second = (client.put(record_key("kuulo-2", asked["uri"]), record) for _ in range(2))
    assert (first["uri"], first["cid"]) == (second["uri"], second["cid"])


@pytest.mark.parametrize("text", ["ä" * 300, FAMILY * 166])
def test_what_kuulo_takes_to_be_short_enough_the_server_takes(client, town, asked, text):
    assert town.reply(reply_to(client, asked), text, key=f"kuulo-{len(text)}").id


@pytest.mark.parametrize("text", ["ä" * 301, FAMILY * 167])
def test_what_kuulo_takes_to_be_too_long_the_server_refuses(client, town, asked, text):
    to = reply_to(client, asked)
    with pytest.raises(Trouble, match="too-long"):
        town.reply(to, text, key="kuulo-3")
    with pytest.raises(Trouble) as caught:
        client.put(record_key("kuulo-3", asked["uri"]), record_of(text, **to, now=datetime.now(UTC)))
    assert caught.value.kind == "refused"


def test_what_is_deleted_is_known_to_be_gone(client, server, people, asked):
    assert client.record(asked["uri"])
    body = {"repo": people["aino"]["did"], "collection": POST, "rkey": asked["uri"].rpartition("/")[2]}
    call(server, "com.atproto.repo.deleteRecord", body, people["aino"]["accessJwt"])
    assert client.record(asked["uri"]) is None


def test_a_wrong_password_and_a_server_that_cannot_search_are_told_of(server, http, town):
    with pytest.raises(Trouble) as caught:
        BlueskyServer(http, server, "kunta.test", "väärä").account()
    assert caught.value.kind == "auth"
    town.settings = {**town.settings, "hashtags": "kuulo"}
    with pytest.raises(Trouble) as caught:
        town.test()
    assert caught.value.kind == "refused"
