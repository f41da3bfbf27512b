"""Mastodon is heard and replied in: mastodon-mock stands behind a door that can fail."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mastodon_mock.config import SeedAccount, SeedConfig
from mastodon_mock.testing import MockServer
from tests.hear.door import Asked, Door, Told, passing_on

from kuulo.hear.connector import Post, Unknown, Unread
from kuulo.hear.connectors.mastodon import Mastodon
from kuulo.hear.contract import Counterpart, Memory, checks, hear, opened, trouble_of
from kuulo.hear.mastodon_status import read_status
from kuulo.hear.trouble import Trouble

# what mastodon-mock 0.6.1 answered
RECORDED = Path(__file__).parents[1] / "recorded" / "mastodon"
PEOPLE = SeedConfig(
    accounts=[
        SeedAccount(username="kunta", display_name="Kunta", access_token="kunta-token"),
        SeedAccount(username="aino", display_name="Aino", access_token="aino-token"),
        SeedAccount(username="botti", display_name="Botti", bot=True, access_token="botti-token"),
        SeedAccount(username="hiljainen", note="Rauhaa. #NoBot", access_token="hiljainen-token"),
    ]
)


class Server(Counterpart):
    """A server on which a municipality has an account; it gives pages of three, whatever it is asked."""

    connector = Mastodon
    skills = frozenset({"edit", "delete", "own", "parent", "reply", "once"})

    def __init__(self, mock: MockServer) -> None:
        mock.reset()
        self.upstream = mock.base_url
        self.door = Door(self.answer)
        self.wanted = {"hashtags": "#kuulo\nPalaute", "mentions": "yes", "token": "kunta-token"}
        self.instance: dict[str, object] = {}
        self.gives_many = True
        self.told: dict[str, Told] = {}

    def answer(self, asked: Asked) -> Told:
        if (asked.method, asked.path) == ("GET", "/api/v1/statuses") and not self.gives_many:
            return Told(status=404, body=b'{"error": "Record not found"}')
        if asked.method + asked.path in self.told:
            return self.told[asked.method + asked.path]
        told = passing_on(self.upstream)(replace(asked, queries=asked.queries | {"limit": ["3"]}))
        if asked.path == "/api/v2/instance" and self.instance:
            return replace(told, body=json.dumps(json.loads(told.body) | self.instance).encode())
        return told

    def settings(self) -> dict[str, str]:
        return {"server": self.door.url + "/", **self.wanted}

    def ask(self, method: str, path: str, who: str = "kunta", **form: str) -> object:
        headers = {"Authorization": f"Bearer {who}-token", "Content-Type": "application/json"}
        body = json.dumps(form).encode() if form else None
        with urlopen(Request(self.upstream + path, body, headers, method=method), timeout=10) as came:
            return json.load(came)

    def post(self, text: str, who: str = "aino", **form: str) -> str:
        return self.ask("POST", "/api/v1/statuses", who, status=text, **form)["id"]

    def say(self, text: str, *, parent: str = "") -> str:
        return self.post(f"{text} #kuulo", **({"in_reply_to_id": parent} if parent else {}))

    def edit(self, origin: str, text: str) -> None:
        self.ask("PUT", f"/api/v1/statuses/{origin}", "aino", status=f"{text} #kuulo")

    def delete(self, origin: str) -> None:
        self.ask("DELETE", f"/api/v1/statuses/{origin}", "aino")

    def say_own(self, text: str) -> None:
        self.post(f"{text} #kuulo", "kunta")

    def own(self) -> list[dict[str, str]]:
        account = self.ask("GET", "/api/v1/accounts/verify_credentials")["id"]
        return self.ask("GET", f"/api/v1/accounts/{account}/statuses")

    def replies(self) -> list[str]:
        return [status["content"] for status in self.own()]

    def fail(self, *faults: str) -> None:
        self.door.faults.extend(faults)


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with MockServer(seed=PEOPLE) as running:
        yield running


@pytest.fixture
def server(mock: MockServer) -> Iterator[Server]:
    server = Server(mock)
    yield server
    server.door.close()


@pytest.mark.parametrize("check", checks(Server), ids=lambda check: check.__name__)
def test_contract(check, server):
    check(server)


@pytest.mark.parametrize("gives_many", [True, False])
def test_edits_and_deletions_are_followed_whether_or_not_a_server_gives_many(server, gives_many):
    server.gives_many = gives_many
    ids = [server.say(f"Viesti {number}") for number in range(5)]
    memory = hear(server, Memory())
    server.edit(ids[0], "Muutettu")
    server.delete(ids[3])
    hear(server, memory)
    assert memory.gone == {ids[3]}
    assert memory.texts[ids[0]] == "Muutettu #kuulo"
    asked_alone = [asked for asked in server.door.asked if re.fullmatch(r"/api/v1/statuses/\d+", asked.path)]
    assert len(asked_alone) == (1 if gives_many else 5 + 5)


def test_what_did_not_change_is_not_told_again(server):
    server.say("Viesti")
    memory = hear(server, Memory())
    with opened(server) as connector:
        assert [batch.items for batch in connector.listen(memory.cursor) if batch.items] == []


def test_a_server_that_forgets_how_to_give_many_loses_nothing(server):
    ids = {server.say(f"Viesti {number}") for number in range(3)}
    memory = hear(server, Memory())
    server.told["GET/api/v1/statuses"] = Told(body=b"[]")
    hear(server, memory)
    assert (set(memory.texts), memory.gone) == (ids, set())


def test_only_so_many_are_asked_for_one_by_one(server):
    server.gives_many = False
    recent = [[f"{number}", 100_000, ""] for number in range(150)]
    memory = hear(server, Memory(cursor={"feeds": {}, "recent": recent}))
    assert len(memory.gone) == 40
    assert memory.cursor["recent"][0][0] == "40"


def test_a_mention_is_heard_without_a_hashtag_and_a_private_one_stays_private(server):
    public = server.post("@kunta Milloin tie aurataan?")
    private = server.post("@kunta Pojallani on sairaus", visibility="direct")
    tagged = server.say("Kaikille")
    memory = hear(server, Memory())
    assert set(memory.texts) == {public, private, tagged}
    assert [memory.posts[one].private for one in (public, private, tagged)] == [False, True, False]
    assert [memory.posts[one].addressee for one in (public, private, tagged)] == ["kunta", "kunta", ""]


def test_bots_and_those_who_want_no_bot_are_passed_over(server):
    server.post("Sää tänään #kuulo", "botti")
    server.post("Jättäkää minut rauhaan #kuulo", "hiljainen")
    with opened(server) as connector:
        passed = [dict(batch.passed) for batch in connector.listen({}) if batch.passed]
    assert passed == [{"bot": 1, "not-wanted": 1}]


def test_without_a_token_hashtags_are_heard_and_nobody_is_replied_to(server):
    server.wanted |= {"mentions": "", "token": ""}
    one = server.say("Viesti")
    memory = hear(server, Memory())
    assert set(memory.texts) == {one}
    assert all("authorization" not in asked.headers for asked in server.door.asked)
    with opened(server) as connector, pytest.raises(Trouble) as caught:
        connector.reply(memory.posts[one].reply_to, "Kiitos", key="k")
    assert caught.value.kind == "settings"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [({"token": ""}, "token-missing"), ({"hashtags": " \n#", "mentions": ""}, "nothing-to-hear")],
)
def test_settings_that_hear_nothing_are_told_of(server, wanted, code):
    server.wanted |= wanted
    assert trouble_of(server).code == code


def test_hashtags_with_other_letters_are_asked_for_as_such(server):
    server.wanted["hashtags"] = "Töölö"
    one = server.post("Liukasta #töölö")
    assert set(hear(server, Memory()).texts) == {one}


def test_a_hashtag_that_nobody_used_is_no_trouble(server):
    server.told["GET/api/v1/timelines/tag/kuulo"] = Told(status=404, body=b'{"error": "Record not found"}')
    assert hear(server, Memory()).texts == {}


def test_what_is_older_than_two_weeks_is_not_dug_up(server):
    page = json.loads((RECORDED / "tag_timeline_limit2.json").read_text())
    page[1]["created_at"] = "2019-01-01T00:00:00.000Z"
    page[0]["created_at"] = "2999-01-01T00:00:00.000Z"
    server.wanted |= {"hashtags": "kuulo", "mentions": ""}
    server.told["GET/api/v1/timelines/tag/kuulo"] = Told(body=json.dumps(page).encode())
    server.told |= {f"GET/api/v1/statuses/{one['id']}": Told(body=json.dumps(one).encode()) for one in page}
    memory = hear(server, Memory())
    assert set(memory.texts) == {page[0]["id"]}
    assert memory.cursor["feeds"] == {"#kuulo": {"seen": page[0]["id"]}}


def test_one_bad_status_stops_no_other(server):
    page = json.loads((RECORDED / "tag_timeline_limit2.json").read_text())
    bad = [None, 7, {"id": "1"}, {"id": "2", "account": {"id": "9"}, "content": ["<p>"]}]
    for status in page:
        status["created_at"] = "2999-01-01T00:00:00.000Z"
    server.wanted |= {"hashtags": "kuulo", "mentions": ""}
    server.told["GET/api/v1/timelines/tag/kuulo"] = Told(body=json.dumps([bad[0], *page, *bad[1:]]).encode())
    server.told |= {f"GET/api/v1/statuses/{one['id']}": Told(body=json.dumps(one).encode()) for one in page}
    memory = hear(server, Memory())
    assert set(memory.texts) == {one["id"] for one in page}
    assert memory.unread >= len(bad)


def test_a_used_up_rate_limit_is_kept_to(server):
    used = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2999-01-01T00:00:00.000Z"}
    server.told["GET/api/v1/timelines/tag/kuulo"] = Told(body=b"[]", headers=used)
    trouble = trouble_of(server)
    assert (trouble.kind, trouble.code) == ("retry", "busy")
    assert trouble.wait > 3600
    assert server.door.asked[-1].path == "/api/v1/timelines/tag/kuulo"


def test_the_test_tells_what_the_server_shows(server):
    access = {"hashtag_feeds": {"local": "public", "remote": "disabled"}}
    server.instance = {"configuration": {"timelines_access": access}}
    with opened(server) as connector:
        found = connector.test()
    assert found.name == "Mastodon Mock"
    assert found.facts["account"] == "kunta"
    assert (found.facts["hashtags-local"], found.facts["hashtags-remote"]) == ("public", "disabled")


def test_a_reply_names_who_asked_and_is_quiet_or_private_as_the_question_was(server):
    for visibility, expected in (("public", "unlisted"), ("direct", "direct")):
        one = server.post("@kunta Milloin?", visibility=visibility)
        reply_to = hear(server, Memory()).posts[one].reply_to
        assert reply_to == {"id": one}
        with opened(server) as connector:
            sent = connector.reply(reply_to, "Huomenna.", key=f"kuulo-{visibility}")
        standing = server.ask("GET", f"/api/v1/statuses/{sent.id}")
        assert (standing["visibility"], standing["in_reply_to_id"]) == (expected, one)
        assert "@aino" in standing["content"]
        assert "Huomenna." in standing["content"]


def test_the_length_is_what_the_server_says_less_the_name(server):
    server.instance = {"configuration": {"statuses": {"max_characters": 1000, "characters_reserved_per_url": 20}}}
    with opened(server) as connector:
        assert (connector.limit().most, connector.limit().link) == (968, 20)


@pytest.mark.parametrize(
    ("told", "raised"),
    [
        (Told(status=502), Unknown),
        (Told(body=b"<p>OK</p>"), Unknown),
        (Told(body=b"{}"), Unknown),
        (Told(body=b"{", headers={"Content-Length": "400"}), Unknown),
        (Told(status=429), Trouble),
        (Told(status=422, body=b'{"error": "Validation failed: Text is too long"}'), Trouble),
        (Told(status=401), Trouble),
    ],
)
def test_a_sending_that_fails_is_unknown_unless_it_was_surely_refused(server, told, raised):
    one = server.say("Milloin?")
    reply_to = hear(server, Memory()).posts[one].reply_to
    server.told["POST/api/v1/statuses"] = told
    with opened(server) as connector, pytest.raises(raised):
        connector.reply(reply_to, "Huomenna.", key="kuulo-1")


def test_a_reply_with_an_unknown_outcome_is_found(server):
    one = server.say("Milloin?")
    reply_to = hear(server, Memory()).posts[one].reply_to
    text = "Huomenna.\n\nLisää: https://kunta.example/auraus"
    with opened(server) as connector:
        assert connector.find(reply_to, text, key="kuulo-1") is None
        sent = connector.reply(reply_to, text, key="kuulo-1")
        assert connector.find(reply_to, text, key="kuulo-1") == sent
        assert connector.find(reply_to, "Jokin muu", key="kuulo-2") is None


def test_nobody_is_replied_to_whose_post_is_gone(server):
    one = server.say("Milloin?")
    reply_to = hear(server, Memory()).posts[one].reply_to
    server.delete(one)
    with opened(server) as connector, pytest.raises(Trouble) as caught:
        connector.reply(reply_to, "Huomenna.", key="kuulo-1")
    assert (caught.value.kind, caught.value.code, server.replies()) == ("refused", "post-gone", [])


def test_a_recorded_timeline_is_read():
    english, swedish = json.loads((RECORDED / "tag_timeline_limit2.json").read_text())
    post = read_status(swedish, own={})
    assert (post.text, post.language, post.tags) == (
        "Skolan i Åggelby är iskall idag också #kuulo #oulunkylä",
        "sv",
        ("kuulo", "oulunkylä"),
    )
    assert post.everywhere == "http://localhost:3911/@testuser/1795249539094"
    assert post.time.isoformat() == "2026-11-21T08:26:27.859559+00:00"
    assert (post.version, post.parent, post.author) == ("", "", "testuser")
    assert read_status(english, own={"id": english["account"]["id"], "acct": "testuser"}) == "own"


def test_an_edited_reply_tells_its_version_and_parent():
    post = read_status(json.loads((RECORDED / "status_edit_put_200.json").read_text()), own={})
    assert (post.version, post.parent) == ("2026-11-21T08:26:28.601406+00:00", "1795249539090")
    assert post.text == "Korjattu: lämpö palaa klo 16 mennessä."


def test_text_warning_links_names_and_pictures():
    status = {
        "id": 12,
        "account": {"id": 1, "acct": "aino@toinen.example", "bot": False, "note": ""},
        "created_at": "2026-11-21T08:26:28Z",
        "spoiler_text": "Lumityöt",
        "content": '<p><span class="h-card"><a href="https://kunta.example/@kunta" class="u-url mention">@<span>kunta'
        '</span></a></span> katso <a href="https://www.uutiset.example/a/1"><span class="invisible">https://www.</span>'
        '<span class="ellipsis">uutiset.example/a</span><span class="invisible">/1</span></a></p>',
        "mentions": [{"id": 5, "acct": "kunta"}],
        "media_attachments": [
            {"type": "image", "url": "https://m.example/kuva.png", "description": "Valli portilla"}
        ],
    }
    post = read_status(status, own={"id": "5", "acct": "kunta"})
    assert post.text == "Lumityöt\n\n@kunta katso https://www.uutiset.example/a/1"
    assert (post.id, post.addressee, post.attachments[0].name) == ("12", "kunta", "kuva.png")
    assert read_status(status | {"spoiler_text": "", "content": ""}, own={}).text == "Valli portilla"
    assert read_status(status | {"media_attachments": [], "spoiler_text": "", "content": ""}, own={}) == Unread(
        code="no-text", id="12"
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
KEYS = (
    "id",
    "account",
    "content",
    "created_at",
    "visibility",
    "tags",
    "mentions",
    "media_attachments",
    "spoiler_text",
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, JSON)) | JSON, JSON)
def test_any_status_is_read_or_unread(status, note):
    if isinstance(status, dict) and isinstance(status.get("account"), dict):
        status["account"] |= {"id": "1", "acct": "aino", "note": note}
    assert isinstance(read_status(status, own={"id": "2"}), Post | Unread | str)
