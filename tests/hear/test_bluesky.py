"""Bluesky is heard and replied in: behind the door stands a server that keeps to the protocol's own field lists."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from tests.hear.door import Asked, Door, Told
from tests.hear.lexicon import POST_RECORD, POST_VIEW, QUERIES, faults, is_tid, parameters

from kuulo.hear.bluesky_post import read_post, record_key, record_of, too_long
from kuulo.hear.connector import Post, Unknown, Unread
from kuulo.hear.connectors.bluesky import Bluesky
from kuulo.hear.contract import Counterpart, Memory, checks, hear, opened, trouble_of
from kuulo.hear.trouble import Trouble

# the records are what @atproto/pds 0.4.217 took and gave; the search is assembled from the lexicon
RECORDED = Path(__file__).parents[1] / "recorded" / "bluesky"
TOWN, AINO = "did:plc:" + "k" * 24, "did:plc:" + "a" * 24
NAMES = {TOWN: "kunta.test", AINO: "aino.test"}
PAGE = 3


class Network(Counterpart):
    """A personal data server and the view of the whole network behind it, in one; it gives pages of three."""

    connector = Bluesky
    skills = frozenset({"delete", "own", "parent", "reply", "once"})

    def __init__(self) -> None:
        self.door = Door(self.answer)
        self.wanted = {"hashtags": "kuulo", "mentions": "yes", "handle": "@kunta.test", "password": "salasana"}
        self.records: dict[str, dict[str, object]] = {}
        self.indexed: dict[str, str] = {}
        self.labels: list[dict[str, str]] = []
        self.hidden: set[str] = set()
        self.log_ins = 0
        self.token = self.expired = 0
        self.told: dict[str, Told] = {}

    # what the test has done there

    def settings(self) -> dict[str, str]:
        return {"server": self.door.url, **self.wanted}

    def post(self, text: str, who: str = AINO, parent: str = "", **more: object) -> str:
        uri = f"at://{who}/app.bsky.feed.post/{record_key(str(len(self.records)), text)}"
        record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": now(), **more}
        if parent:
            root = self.records[parent].get("reply", {}).get("root", ref(parent))
            record["reply"] = {"root": root, "parent": ref(parent)}
        self.records[uri], self.indexed[uri] = record, now()
        return uri

    def say(self, text: str, *, parent: str = "") -> str:
        return self.post(f"{text} #kuulo", parent=parent)

    def delete(self, origin: str) -> None:
        del self.records[origin]

    def say_own(self, text: str) -> None:
        self.post(f"{text} #kuulo", TOWN)

    def replies(self) -> list[str]:
        return [record["text"] for uri, record in self.records.items() if TOWN in uri]

    def fail(self, *faults: str) -> None:
        self.door.faults.extend(faults)

    # what it answers

    def answer(self, asked: Asked) -> Told:
        name = asked.path.removeprefix("/xrpc/")
        if name in self.told:
            return self.told[name]
        method, takes, gives = QUERIES[name]
        given = parameters(asked.queries) if method == "GET" else json.loads(asked.body or b"{}")
        wrong = faults(given, takes)
        if asked.method != method or wrong:
            return error("InvalidRequest", "; ".join(wrong) or asked.method)
        if refused := self.refused(name, asked.headers.get("authorization", "")):
            return refused
        told = getattr(self, name.rpartition(".")[2])(given)
        if isinstance(told, Told):
            return told
        assert faults(told, gives) == []
        return Told(body=json.dumps(told).encode())

    def refused(self, name: str, authorization: str) -> Told | None:
        if name.endswith("createSession") or (not authorization and name.startswith("app.bsky.feed")):
            return None
        if name.endswith("refreshSession"):
            known = authorization == f"Bearer refresh-{self.token}"
            return None if known else error("InvalidToken", "Token could not be verified")
        if not authorization:
            return error("AuthMissing", "Authentication Required", 401)
        valid = authorization == f"Bearer access-{self.token}" and self.token > self.expired
        return None if valid else error("ExpiredToken", "Token has expired")

    def createSession(self, given):
        self.log_ins += 1
        if given["password"] != "salasana" or given["identifier"] != "kunta.test":
            return error("AuthenticationRequired", "Invalid identifier or password", 401)
        return self.refreshSession(given)

    def refreshSession(self, _):
        self.token += 1
        tokens = {"accessJwt": f"access-{self.token}", "refreshJwt": f"refresh-{self.token}"}
        return {**tokens, "handle": "kunta.test", "did": TOWN, "active": True}

    def searchPosts(self, given):
        wanted = given["q"].strip('"').casefold()
        found = [
            uri
            for uri, record in self.records.items()
            if wanted in record["text"].casefold() and uri not in self.hidden
            if given.get("since", "") <= self.sorted_by(uri) < given.get("until", "9")
        ]
        return self.paged(sorted(found, key=self.sorted_by, reverse=True), given, "posts", self.view)

    def listNotifications(self, given):
        found = [uri for uri in reversed(self.records) if self.reason(uri) in given["reasons"]]
        return self.paged(found, given, "notifications", self.notice)

    def getPosts(self, given):
        if len(given["uris"]) > 25:
            return error("InvalidRequest", "too many")
        shown = [uri for uri in given["uris"] if uri in self.records and uri not in self.hidden]
        return {"posts": [self.view(uri) for uri in shown]}

    def getRecord(self, given):
        uri = f"at://{given['repo']}/{given['collection']}/{given['rkey']}"
        if uri not in self.records:
            return error("RecordNotFound", f"Could not locate record: {uri}")
        return {"uri": uri, "cid": ref(uri)["cid"], "value": self.records[uri]}

    def putRecord(self, given):
        record, text = given["record"], given["record"]["text"]
        assert (given["repo"], given["collection"], is_tid(given["rkey"])) == (TOWN, "app.bsky.feed.post", True)
        if len(regex.findall(r"\X", text)) > 300 or len(text.encode()) > 3000:
            return error("InvalidRequest", "grapheme too big (maximum 300)")
        assert all(text.encode()[one["index"]["byteStart"] : one["index"]["byteEnd"]] for one in record["facets"])
        uri = f"at://{TOWN}/app.bsky.feed.post/{given['rkey']}"
        self.records[uri], self.indexed[uri] = record, now()
        return {**ref(uri), "validationStatus": "valid"}

    def paged(self, uris, given, name, shown):
        start = int(given.get("cursor", 0))
        end = start + min(PAGE, given.get("limit", 25))
        return {name: [shown(uri) for uri in uris[start:end]]} | ({"cursor": str(end)} if end < len(uris) else {})

    def sorted_by(self, uri: str) -> str:
        return min(str(self.records[uri]["createdAt"]), self.indexed[uri])

    def reason(self, uri: str) -> str:
        record = self.records[uri]
        if TOWN in str(record.get("reply", {}).get("parent")):
            return "reply"
        return "mention" if "@kunta.test" in str(record["text"]) else "like"

    def view(self, uri: str) -> dict[str, object]:
        did = uri.split("/")[2]
        author = {"did": did, "handle": NAMES[did], "displayName": "Nimi", "labels": self.labels}
        return {**ref(uri), "author": author, "record": self.records[uri], "indexedAt": self.indexed[uri]}

    def notice(self, uri: str) -> dict[str, object]:
        return {**self.view(uri), "reason": self.reason(uri), "isRead": False}


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ref(uri: str) -> dict[str, str]:
    return {"uri": uri, "cid": "bafy" + hashlib.sha256(uri.encode()).hexdigest()}


def error(name: str, message: str, status: int = 400) -> Told:
    return Told(status=status, body=json.dumps({"error": name, "message": message}).encode())


@pytest.fixture
def network() -> Iterator[Network]:
    network = Network()
    yield network
    network.door.close()


@pytest.mark.parametrize("check", checks(Network), ids=lambda check: check.__name__)
def test_contract(check, network):
    check(network)


def paths(network: Network) -> list[str]:
    return [asked.path.rpartition(".")[2] for asked in network.door.asked]


def test_one_sign_in_for_a_whole_listening(network):
    for number in range(10):
        network.say(f"Viesti {number}")
    memory = hear(network, Memory())
    assert network.log_ins == 1
    assert "access-" not in json.dumps(memory.cursor)
    assert "refresh-" not in json.dumps(memory.cursor)


def test_a_session_that_runs_out_on_the_way_is_renewed_without_signing_in(network):
    said = {network.say(f"Viesti {number}") for number in range(10)}
    memory = Memory()
    with opened(network) as connector:
        for batch in connector.listen({}):
            memory.take(batch)
            network.expired = network.token
    assert set(memory.texts) == said
    assert network.log_ins == 1
    assert paths(network).count("refreshSession") > 1


def test_without_an_account_hashtags_are_searched_in_public(network):
    network.wanted |= {"mentions": "", "handle": "", "password": ""}
    one = network.say("Viesti")
    memory = hear(network, Memory())
    assert set(memory.texts) == {one}
    assert network.log_ins == 0
    with opened(network) as connector, pytest.raises(Trouble) as caught:
        connector.reply(memory.posts[one].reply_to, "Kiitos", key="k")
    assert caught.value.code == "account-missing"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"handle": "", "password": ""}, "account-missing"),
        ({"password": "", "mentions": ""}, "account-missing"),
        ({"hashtags": "#", "words": " ", "mentions": ""}, "nothing-to-hear"),
        ({"password": "väärä"}, "not-let-in"),
    ],
)
def test_settings_that_do_not_hear_are_told_of(network, wanted, code):
    network.wanted |= wanted
    assert trouble_of(network).code == code


def test_words_and_what_is_said_to_the_account_are_heard(network):
    network.wanted["words"] = "Töölön tori\nauraus"
    phrase, word = network.post("Töölön tori on liukas"), network.post("Auraus myöhässä")
    mention = network.post("@kunta.test milloin?")
    network.say_own("Tervetuloa")
    own = next(uri for uri in network.records if TOWN in uri)
    reply, other = network.post("Kiitos", parent=own), network.post("Muuta")
    memory = hear(network, Memory())
    assert set(memory.texts) == {phrase, word, mention, reply}
    assert other not in memory.texts
    assert (memory.posts[reply].parent, memory.posts[reply].thread) == (own, own)


def test_what_was_heard_is_not_told_again_but_what_comes_late_is(network):
    network.say("Viesti")
    network.say_own("Oma")
    memory = hear(network, Memory())
    late = network.say("Myöhässä")
    network.records[late]["createdAt"] = past(minutes=30)
    with opened(network) as connector:
        heard = list(connector.listen(memory.cursor))
    assert [item.id for batch in heard for item in batch.items] == [late]
    assert not any(batch.passed for batch in heard)


def past(**ago: int) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_what_is_older_than_two_weeks_is_not_dug_up(network):
    old, young = network.say("Vanha"), network.say("Uusi")
    network.records[old]["createdAt"] = past(days=15)
    assert set(hear(network, Memory()).texts) == {young}


def test_a_listening_that_was_ended_on_its_way_back_goes_on_from_there(network):
    said = {}
    for number in range(9):
        uri = network.say(f"Viesti {number}")
        network.records[uri]["createdAt"] = past(hours=48 - number)
        said[uri] = number
    memory = Memory()
    with opened(network) as connector:
        memory.take(next(iter(connector.listen({}))))
    assert {said[uri] for uri in memory.texts} == {6, 7, 8}
    later = network.say("Sillä välin")
    assert set(hear(network, memory).texts) == {*said, later}
    assert "until" not in memory.cursor["feeds"]["#kuulo"]


def test_what_a_search_no_longer_shows_is_gone_only_where_its_record_is(network):
    hidden, deleted = network.say("Piilossa"), network.say("Poistettu")
    memory = hear(network, Memory())
    network.hidden.add(hidden)
    network.delete(deleted)
    assert hear(network, memory).gone == {deleted}
    assert paths(network).count("getRecord") == 2


def test_bots_and_who_shows_to_the_signed_in_alone(network):
    network.wanted |= {"mentions": "", "handle": "", "password": ""}
    network.say("Viesti")
    for label, reason in (("bot", "bot"), ("!no-unauthenticated", "not-wanted")):
        network.labels = [{"val": label}]
        with opened(network) as connector:
            assert [dict(batch.passed) for batch in connector.listen({}) if batch.passed] == [{reason: 1}]
    network.wanted |= {"handle": "kunta.test", "password": "salasana"}
    assert len(hear(network, Memory()).texts) == 1


def test_one_bad_post_stops_no_other(network):
    one = network.say("Viesti")
    bad = [None, 7, {"uri": "x"}, {**network.view(one), "uri": "https://x.example"}]
    network.told["app.bsky.feed.searchPosts"] = Told(body=json.dumps({"posts": [*bad, network.view(one)]}).encode())
    memory = hear(network, Memory())
    assert (set(memory.texts), memory.unread) == ({one}, len(bad))


def test_a_cursor_that_leads_in_a_circle_ends(network):
    body = {"posts": [network.view(network.say("Viesti"))], "cursor": "1"}
    network.told["app.bsky.feed.searchPosts"] = Told(body=json.dumps(body).encode())
    assert len(hear(network, Memory()).texts) == 1
    assert paths(network).count("searchPosts") == 2


def test_a_clock_that_is_ahead_stops_nothing(network):
    network.post("Tulevaisuudesta #kuulo", createdAt="2999-01-01T00:00:00.000Z")
    network.indexed = dict.fromkeys(network.indexed, "2999-01-01T00:00:00.000Z")
    memory = hear(network, Memory())
    later = network.say("Tänään")
    assert later in hear(network, memory).texts


def test_a_reply_has_its_root_its_parent_and_links_by_bytes(network):
    root = network.say("Milloin tie aurataan?")
    one = network.say("Samaa kysyn", parent=root)
    reply_to = hear(network, Memory()).posts[one].reply_to
    text = "Tänään klo 15–16. Lisää: https://kunta.example/äö. #auraus"
    with opened(network) as connector:
        sent = connector.reply(reply_to, text, key="kuulo-1")
        assert connector.find(reply_to, text, key="kuulo-1") == sent
        assert connector.find(reply_to, text, key="kuulo-2") is None
    record = network.records[sent.id]
    assert record["reply"] == {"root": ref(root), "parent": ref(one)}
    shown = [text.encode()[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode() for one in record["facets"]]
    assert shown == ["https://kunta.example/äö", "#auraus"]
    assert sent.url == sent.id.replace("at://", "https://bsky.app/profile/").replace("app.bsky.feed.post", "post")


@pytest.mark.parametrize(
    ("told", "raised"),
    [
        (Told(status=502), Unknown),
        (Told(body=b"<p>OK</p>"), Unknown),
        (Told(body=b"{}"), Unknown),
        (Told(body=b"{", headers={"Content-Length": "400"}), Unknown),
        (Told(status=429), Trouble),
        (error("InvalidRequest", "Invalid app.bsky.feed.post record"), Trouble),
        (error("AuthMissing", "Authentication Required", 401), Trouble),
    ],
)
def test_a_sending_that_fails_is_unknown_unless_it_was_surely_refused(network, told, raised):
    one = network.say("Milloin?")
    reply_to = hear(network, Memory()).posts[one].reply_to
    network.told["com.atproto.repo.putRecord"] = told
    with opened(network) as connector, pytest.raises(raised):
        connector.reply(reply_to, "Huomenna.", key="kuulo-1")


def test_a_reply_that_is_too_long_is_not_sent(network):
    one = network.say("Milloin?")
    reply_to = hear(network, Memory()).posts[one].reply_to
    with opened(network) as connector, pytest.raises(Trouble) as caught:
        connector.reply(reply_to, "ä" * 301, key="kuulo-1")
    assert (caught.value.kind, network.replies()) == ("refused", [])


def test_length_is_counted_in_signs_as_a_reader_sees_them():
    family = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
    assert not too_long("ä" * 300)
    assert not too_long("a\N{COMBINING DIAERESIS}" * 300)
    assert too_long("a" * 301)
    assert not too_long(family * 100)
    assert too_long(family * 299)  # 18 bytes each


def test_the_test_tells_the_account_and_what_was_found(network):
    network.say("Viesti")
    with opened(network) as connector:
        found = connector.test()
    assert (found.name, dict(found.facts)) == ("kunta.test", {"feeds": 2, "with-posts": 1})


def test_an_assembled_search_is_read():
    view = json.loads((RECORDED / "search_posts_200.json").read_text())["posts"][0]
    assert faults(view, POST_VIEW) == []
    post = read_post(view, own="")
    assert (post.text, post.language, post.author) == ("Oulunkylän koulun sisäilma #kuulo", "fi", "aino.example")
    assert post.time.isoformat() == "2026-07-04T14:38:06.240000+00:00"
    assert post.url == "https://bsky.app/profile/did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/post/3mptbyoeyc22k"
    assert post.reply_to["root"] == post.reply_to["parent"] == {"uri": post.id, "cid": view["cid"]}


def test_recorded_records_are_read_and_written_alike():
    record = json.loads((RECORDED / "get_record_200.json").read_text())
    author = {"did": AINO, "handle": "handle.invalid"}
    view = {"uri": record["uri"], "cid": record["cid"], "author": author, "record": record["value"]}
    post = read_post({**view, "indexedAt": "2026-11-21T08:30:25Z"}, own="")
    assert (post.tags, post.author) == (("kuulo",), record["uri"].split("/")[2])
    for name in ("create_record_request", "create_record_reply_request"):
        sent = json.loads((RECORDED / f"{name}.json").read_text())["record"]
        assert faults(sent, POST_RECORD) == []
        refs = sent.get("reply", {"root": {}, "parent": {}})
        written = record_of(sent["text"], **refs, now=datetime.fromisoformat(sent["createdAt"]))
        by_start = sorted(written["facets"], key=lambda facet: facet["index"]["byteStart"])
        assert (by_start, written["createdAt"]) == (sent.get("facets", []), sent["createdAt"])


def test_a_shortened_link_is_read_in_full_and_one_in_words_stays():
    text = "Öljytie: kunta.example/pit… ja täällä"
    at, there = text.encode().index(b"kunta"), text.encode().index("täällä".encode())
    facets = [
        facet(at, at + len("kunta.example/pit…".encode()), "https://kunta.example/pitka/osoite"),
        facet(there, there + len("täällä".encode()), "https://muualla.example"),
        facet(3, 900, "https://liikaa.example"),
        facet(1, 4, "javascript:alert(1)"),
    ]
    record = {"text": text, "facets": facets, "createdAt": now()}
    view = {**ref(f"at://{AINO}/app.bsky.feed.post/3mptbyoeyc22k"), "author": {"did": AINO}, "record": record}
    assert read_post(view, own="").text == "Öljytie: https://kunta.example/pitka/osoite ja täällä"


def facet(start: int, end: int, uri: str) -> dict[str, object]:
    return {"index": {"byteStart": start, "byteEnd": end}, "features": [{"uri": uri}]}


@given(st.text(), st.text())
def test_the_key_of_a_record_is_one_of_the_protocol_and_follows_from_the_delivery(key, parent):
    parent = f"at://{AINO}/app.bsky.feed.post/{parent}"
    assert is_tid(record_key(key, parent))
    assert record_key(key, parent) == record_key(key, parent)
    assert record_key(key, parent) != record_key(key + "x", parent)


def test_the_key_of_a_record_lies_soon_after_the_post():
    parent = f"at://{AINO}/app.bsky.feed.post/3mptbyoeyc22k"
    assert all("3mptbyoeyc22k" < record_key(f"kuulo-{number}", parent) < "3mptg" for number in range(200))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
RECORD = st.fixed_dictionaries(
    {"text": st.text() | JSON},
    optional=dict.fromkeys(("facets", "reply", "langs", "tags", "embed", "createdAt"), JSON),
)


@given(JSON, RECORD | JSON, JSON)
def test_any_post_is_read_or_unread(view, record, labels):
    whole = {**ref(f"at://{AINO}/app.bsky.feed.post/3mptbyoeyc22k"), "author": {"did": AINO, "labels": labels}}
    for one in (view, {**whole, "record": record}, {**whole, "author": view, "record": record}):
        assert isinstance(read_post(one, own=""), Post | Unread | str)
