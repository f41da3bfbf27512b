"""The pages of sources: the register, the form of a connection, and how a source fares in words."""

import ast
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from tests.hear.door import Door, Told
from tests.hear.installing import installed
from tests.web.cast import at_desk, person

import kuulo
from kuulo.desk.history import record
from kuulo.desk.listen import keep_secrets, secrets_of
from kuulo.desk.register import Health
from kuulo.desk.seal import seal
from kuulo.hear.connector import Batch, Connector, Field, Found, Receiving
from kuulo.hear.connectors import connectors
from kuulo.models import Connection, Event, Intake, Message, Role, Source, UnreadItem, Worker
from kuulo.web import hearing
from kuulo.web.speech import LANGUAGES, desk_words

pytestmark = pytest.mark.django_db
PACKAGE = Path(kuulo.__file__).parent
FEED = '<rss version="2.0"><channel><title>Lähilehti</title></channel></rss>'
TERMS = {"purpose": "Kuulla asukkaita", "legal_basis": "Kuntalaki 22 §", "keep_days": "365"}
TYPED = {"name": "Kommentit", "c_address": "https://lehti.example/syote", "c_holds": "comments", **TERMS}


class Everything(Receiving):
    """A stranger's connector that asks for each kind of setting."""

    name = "everything"
    fields = (
        Field(name="server", kind="url"),
        Field(name="token", kind="secret"),
        Field(name="account"),
        Field(name="tags", kind="list", required=False),
        Field(name="days", kind="number", default="14"),
        Field(name="which", kind="choice", choices=("all", "some"), default="some"),
        Field(name="replies", kind="yes", default="yes"),
    )

    @classmethod
    def words(cls):
        return {
            "name": {"en": "Everything"},
            "fields": {"server": {"en": "Its server"}},
            "troubles": {"own-way": {"en": "It has trouble in its own way[ at {host}]."}},
        }

    def test(self):
        return Found(name=self.settings["account"], facts={"odd-things": 3})

    def listen(self, since):
        yield Batch()

    def greet(self, query):
        return ""

    def receive(self, headers, body):
        return Batch()


@pytest.fixture
def stranger() -> Iterator[type[Connector]]:
    with installed(Everything):
        yield Everything


@pytest.fixture
def site() -> Iterator[Door]:
    site = Door(lambda _asked: Told(body=FEED.encode()))
    yield site
    site.close()


@pytest.fixture
def boss() -> Client:
    client = at_desk(Role.ADMINISTRATOR)
    client.cookies["django_language"] = "en"
    return client


def listed(name: str = "Kommentit", **more: object) -> Source:
    source = Source.objects.create(name=name, **TERMS)
    settings = {"address": "https://lehti.example/syote", "holds": "comments"}
    Connection.objects.create(source=source, settings=settings, **{"connector": "rss"} | more)
    return source


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(answer.text.split())


def said(source: Source, text: str, *, days: int = 0) -> Message:
    arrived = timezone.now() - timedelta(days=days)
    return Message.objects.create(source=source, identity=text, text=text, arrived=arrived)


# the register


def test_an_empty_register_says_how_to_begin(desk):
    assert "No source yet" in page(desk, "/sources/")


def test_the_register_tells_how_each_source_fares(desk):
    now = timezone.now()
    Worker.objects.create(name="one", beat=now)
    trouble = {"code": "not-let-in", "kind": "auth", "facts": {"host": "lehti.example", "status": 401}}
    listed(state="queued", trouble=trouble, due=now + timedelta(hours=6), last_heard=now - timedelta(days=400))
    listed("Toinen", state="queued", last_heard=now, due=now + timedelta(minutes=5))
    Source.objects.create(name="Kylän ryhmä", channel="facebook", run_by="residents", followers=1234)
    brought = Source.objects.create(name="Kysely")
    Intake.objects.create(source=brought, file_name="a.csv", file_hash="0", file_size=1)
    text = page(desk, "/sources/")
    assert "Wants a new token or password: the server lehti.example did not let Kuulo in (answer 401)." in text
    assert "Needs you" in text
    assert f"Last heard {timezone.localtime(now):%H:%M}." in text
    assert "Known of" in text
    assert "By hand" in text
    assert "residents" in text
    assert "1,234" in text
    assert "No worker is running" not in text


def test_where_no_worker_runs_that_is_said(desk):
    source = listed(state="queued")
    assert "No worker is running" in page(desk, "/sources/")
    assert "No worker is running" in page(desk, f"/sources/{source.pk}/")


def test_numbers_open_the_very_messages(desk):
    source = listed(heard_count=3, known_count=2, unread_count=1, passed={"own": 4, "bot": 1})
    said(source, "Tie on liukas")
    said(source, "Valo ei pala", days=6)
    said(source, "Vanha viesti", days=8)
    since = timezone.localdate() - timedelta(days=6)
    link = f"/inbox/?source=Kommentit&since={since}&copies=all"
    text = page(desk, "/sources/")
    assert f'<a href="{link.replace("&", "&amp;")}">2</a>' in text
    inbox = page(desk, link)
    assert "Valo ei pala" in inbox
    assert "Vanha viesti" not in inbox
    assert f'<a href="/sources/{source.pk}/#passed">5</a>' in text
    assert f'<a href="/sources/{source.pk}/#unread">1</a>' in text


def test_a_channel_without_a_purpose_stands_among_what_is_to_be_told(desk, boss):
    Source.objects.create(name="Kylän ryhmä", owner="Viestintä", run_by="residents")
    assert "What the channel is for:" in page(desk, "/sources/")
    assert "On what legal basis" not in page(desk, "/sources/")
    source = Source.objects.get()
    assert f'href="/sources/{source.pk}/change/"' in page(boss, "/sources/")
    assert "not told yet what this channel is for" in page(desk, f"/sources/{source.pk}/")


def test_the_register_is_data(desk):
    source = listed(state="queued", passed={"own": 2}, heard_count=5)
    Source.objects.filter(pk=source.pk).update(
        run_by="media", followers=90, since="2019-05-01", language="fi", name="=1+1"
    )
    told = json.loads(desk.get("/sources/?format=json").getvalue())
    assert told[0] | {"platform": "", "purpose": TERMS["purpose"]} == told[0]
    wanted = {"run_by": "media", "followers": 90, "since": "2019-05-01", "language": "fi", "health": "first"}
    assert told[0] | wanted | {"heard": 5, "passed_over": 2, "findings": "no-owner"} == told[0]
    sheet = desk.get("/sources/?format=csv").getvalue().decode("utf-8-sig").splitlines()
    assert sheet[0].startswith("id,name,platform,connector,address,unit,language,purpose,owner,run_by,since")
    assert ",'=1+1," in sheet[1]
    assert "lehti.example/syote" not in sheet[1]


@pytest.mark.parametrize("path", ["/sources/", "/sources/new/"])
def test_more_sources_ask_for_no_more(path, boss):
    def asked() -> int:
        with CaptureQueriesContext(
            database,
        ) as queries:
            page(boss, path)
        return len(queries)

    said(listed("a", state="queued"), "Tie on liukas")
    asked()
    one = asked()
    for name in "bcd":
        said(listed(name, state="queued", trouble={"code": "busy", "kind": "retry", "facts": {}}), f"Viesti {name}")
    assert asked() == one


def test_more_of_a_source_asks_for_no_more(boss):
    source = listed(state="queued")

    def grow() -> None:
        UnreadItem.objects.create(source=source, code="no-text")
        record("source-trouble", source=source.pk, code="busy")
        said(source, f"viesti {Message.objects.count()}")

    def asked() -> int:
        with CaptureQueriesContext(database) as queries:
            page(boss, f"/sources/{source.pk}/")
        return len(queries)

    grow()
    asked()
    one = asked()
    grow()
    grow()
    assert asked() == one


# connecting


def test_what_can_be_connected_and_what_comes_by_hand(boss):
    text = page(boss, "/sources/new/")
    assert text.count('href="/sources/new/rss/"') == 1
    assert "RSS or Atom feed" in text
    for name in ("Facebook groups", "X (Twitter)", "TikTok and LinkedIn"):
        assert name in text
    assert 'href="/bring/"' in text
    assert 'href="/sources/new/known/"' in text


def test_there_is_no_form_for_a_connector_that_is_not_there(boss):
    assert boss.get("/sources/new/telepathy/").status_code == 404


def test_a_source_is_connected_and_listened_to(boss):
    answer = boss.post("/sources/new/rss/", TYPED | {"on": "1"}, follow=True)
    held = Connection.objects.select_related("source").get()
    assert answer.redirect_chain[0][0] == f"/sources/{held.source_id}/"
    assert "Kuulo listens here from now on." in answer.text
    assert (held.state, held.connector, held.own_network) == ("queued", "rss", False)
    assert held.settings == {"address": "https://lehti.example/syote", "holds": "comments"}
    assert held.source.purpose == TERMS["purpose"]
    assert [event.kind for event in Event.objects.order_by("pk")][-2:] == ["source-made", "source-on"]


def test_nothing_is_switched_on_without_its_purpose(boss):
    answer = boss.post("/sources/new/rss/", TYPED | {"purpose": " ", "on": "1"})
    assert answer.status_code == 422
    assert "Tell first what this channel is for." in answer.text
    assert 'value="https://lehti.example/syote"' in answer.text
    assert Source.objects.count() == 0
    boss.post("/sources/new/rss/", TYPED | {"purpose": ""})
    source = Source.objects.get()
    answer = boss.post(f"/sources/{source.pk}/on/", follow=True)
    assert "Tell first what this channel is for." in answer.text
    assert Connection.objects.get().state == "off"


def test_a_channel_that_is_only_known_of_is_written_down_and_connected_later(boss):
    told = {
        "name": "Kylän ryhmä",
        "run_by": "residents",
        "followers": "812",
        "keep_days": "365",
        "purpose": "Seurata",
    }
    boss.post("/sources/new/known/", told)
    source = Source.objects.get()
    assert (source.run_by, source.followers) == ("residents", 812)
    assert f'href="/sources/new/?source={source.pk}"' in page(boss, f"/sources/{source.pk}/")
    assert f'href="/sources/new/rss/?source={source.pk}"' in page(boss, f"/sources/new/?source={source.pk}")
    form = page(boss, f"/sources/new/rss/?source={source.pk}")
    assert 'value="Kylän ryhmä"' in form
    assert "Article 6(1)(e)" in form
    boss.post(f"/sources/new/rss/?source={source.pk}", TYPED | {"name": "Kylän ryhmä"})
    assert Connection.objects.get().source == source


def test_two_sources_cannot_have_one_name(boss):
    listed()
    answer = boss.post("/sources/new/rss/", TYPED)
    assert (answer.status_code, Source.objects.count()) == (422, 1)
    assert "Another source has this name." in answer.text


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "lehti.example", "https://", "ftp://a.example", "http://[", "http://a:b@c.example"],
)
def test_an_address_is_one_of_the_web(address, boss):
    answer = boss.post("/sources/new/rss/", TYPED | {"c_address": address})
    assert (answer.status_code, Source.objects.count()) == (422, 0)
    assert boss.post("/sources/new/rss/", TYPED | {"address": address}).status_code == 422


def test_the_connection_is_tried_before_anything_is_kept(boss, site):
    typed = TYPED | {"c_address": site.url + "/syote", "own_network": "on", "test": "1", "name": ""}
    whole = boss.post("/sources/new/rss/", typed)
    assert "It works. This is “Lähilehti”." in whole.text
    part = boss.post("/sources/new/rss/", typed, headers={"HX-Request": "true"})
    assert "It works. This is “Lähilehti”." in part.text
    assert "<html" not in part.text
    site.faults.append("no-right")
    assert "Wants a new token" in boss.post("/sources/new/rss/", typed).text
    site.faults.append("other-thing")
    assert "something else than expected" in boss.post("/sources/new/rss/", typed).text
    assert Source.objects.count() == 0
    part = boss.post("/sources/new/rss/", {**typed, "test": ""} | {"name": "Uusi"}, headers={"HX-Request": "true"})
    assert "It works." in part.text
    missing = boss.post("/sources/new/rss/", typed | {"c_address": ""}, headers={"HX-Request": "true"})
    assert "Address of the feed" in missing.text
    assert (Source.objects.count(), Event.objects.filter(kind__startswith="source").count()) == (0, 0)


def test_the_own_network_is_the_administrators(site):
    client = at_desk(Role.SUPERVISOR)
    assert "own_network" not in client.get("/sources/new/rss/").text
    typed = TYPED | {"c_address": site.url, "own_network": "on", "test": "1"}
    assert 'data-color="danger"' in client.post("/sources/new/rss/", typed).text
    source = listed(own_network=True)
    form = client.get(f"/sources/{source.pk}/change/").text
    assert "c_address" not in form
    client.post(f"/sources/{source.pk}/change/", TYPED | {"owner": "Viestintä", "c_address": "http://10.0.0.1/"})
    assert Source.objects.get().owner == "Viestintä"
    assert Connection.objects.get().settings["address"] == "https://lehti.example/syote"
    assert site.asked == []


def test_every_kind_of_setting_has_its_field(boss, stranger):
    form = page(boss, "/sources/new/everything/")
    assert "Its server" in form
    for kind in (
        'type="password" name="c_token"',
        'type="url" name="c_server"',
        'type="number" name="c_days" value="14"',
    ):
        assert kind in form
    assert '<option value="some" selected>' in form
    assert "<textarea" in form
    typed = {"name": "Kaikki", "c_server": "https://s.example", "c_token": "salainen", "c_account": "@kunta", **TERMS}
    typed |= {"c_tags": " auraus \n\n katu ", "c_days": "7", "c_which": "all"}
    tried = boss.post("/sources/new/everything/", typed | {"test": "1"}).text
    assert "odd things: 3" in tried
    assert "salainen" not in tried
    boss.post("/sources/new/everything/", typed)
    held = Connection.objects.get()
    assert held.settings == {
        "server": "https://s.example", "account": "@kunta", "tags": "auraus\nkatu", "days": "7", "which": "all", "replies": ""
    }  # fmt: skip
    assert secrets_of(held) == {"token": "salainen"}
    assert held.token


def test_a_secret_is_never_shown_again_and_stays_where_it_is_left_empty(boss, stranger):
    typed = {"name": "Kaikki", "c_server": "https://s.example", "c_token": "salainen", "c_account": "@kunta", **TERMS}
    typed |= {"c_days": "7", "c_which": "all"}
    assert boss.post("/sources/new/everything/", typed | {"c_token": ""}).status_code == 422
    boss.post("/sources/new/everything/", typed)
    source = Source.objects.get()
    form = page(boss, f"/sources/{source.pk}/change/")
    assert "salainen" not in form
    assert "Kept sealed" in form
    boss.post(f"/sources/{source.pk}/change/", typed | {"c_token": "", "c_days": "9"})
    held = Connection.objects.get()
    assert (held.settings["days"], secrets_of(held)) == ("9", {"token": "salainen"})
    elsewhere = boss.post(f"/sources/{source.pk}/change/", typed | {"c_token": "", "c_server": "https://x.example"})
    assert elsewhere.status_code == 422
    assert "Give this again" in elsewhere.text
    assert Connection.objects.get().settings["server"] == "https://s.example"
    assert not Event.objects.filter(facts__icontains="salainen").exists()


# one source


def test_a_source_is_asked_about_every_other_second_while_it_is_heard(desk):
    source = listed(state="running")
    assert 'hx-trigger="every 2s"' in page(desk, f"/sources/{source.pk}/")
    part = desk.get(f"/sources/{source.pk}/", headers={"HX-Request": "true"})
    assert "Listening now" in part.text
    assert "HX-Refresh" not in part.headers
    Connection.objects.update(state="queued", last_heard=timezone.now(), due=timezone.now() + timedelta(minutes=5))
    part = desk.get(f"/sources/{source.pk}/", headers={"HX-Request": "true"})
    assert part.headers["HX-Refresh"] == "true"
    assert 'hx-trigger="every 2s"' not in page(desk, f"/sources/{source.pk}/")


def test_the_page_of_a_source_tells_what_happened(boss):
    source = listed(state="queued", passed={"own": 4, "odd-thing": 1}, unread_count=1, gone_count=2)
    UnreadItem.objects.create(source=source, code="no-text")
    record("source-trouble", source=source.pk, code="busy")
    record("source-trouble", source=source.pk + 1, code="refused")
    text = page(boss, f"/sources/{source.pk}/")
    assert "the municipality’s own messages" in text
    assert "odd thing" in text
    assert "It holds no text." in text
    assert "The server asks Kuulo to wait a little." in text
    assert "said no" not in text


def test_switching_on_and_off_and_listening_now(boss):
    source = listed()
    for path, state in (("on", "queued"), ("listen", "queued"), ("off", "off")):
        assert boss.post(f"/sources/{source.pk}/{path}/").status_code == 302
        assert Connection.objects.get().state == state
    assert "Switch the source on first." in boss.post(f"/sources/{source.pk}/listen/", follow=True).text


def test_the_address_for_calls_is_for_those_who_connect(boss, desk, stranger):
    source = listed(connector="everything", token="salaisuus", state="queued")
    assert "http://testserver/hooks/salaisuus/" in page(boss, f"/sources/{source.pk}/")
    assert "salaisuus" not in page(desk, f"/sources/{source.pk}/")


def test_what_could_not_be_read_is_opened_by_an_administrator_on_record(boss):
    source = listed(unread_count=2)
    raw = seal("<script>alert(1)</script>", "unread")
    item, empty = (UnreadItem.objects.create(source=source, code="no-text", raw=raw) for raw in (raw, b""))
    assert "Open" not in at_desk(Role.SUPERVISOR).get(f"/sources/{source.pk}/").text.partition('id="unread"')[2]
    answer = boss.post(f"/sources/unread/{item.pk}/")
    assert "&lt;script&gt;" in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    assert Event.objects.latest("pk").kind == "unread-opened"
    assert "Nothing of it is kept." in boss.post(f"/sources/unread/{empty.pk}/").text
    assert at_desk(Role.SUPERVISOR).post(f"/sources/unread/{item.pk}/").status_code == 403


def test_a_source_whose_connector_is_gone_can_still_be_looked_at_and_told_of(boss):
    source = listed(connector="poistettu")
    assert "not installed" in page(boss, f"/sources/{source.pk}/")
    boss.post(f"/sources/{source.pk}/change/", TYPED | {"owner": "Viestintä"})
    assert Source.objects.get().owner == "Viestintä"
    assert "not installed" in boss.post(f"/sources/{source.pk}/on/", follow=True).text


# words


def raised(name: str) -> Iterator[tuple[Path, str]]:
    """Every code that the rooms give to Trouble or Unread, where it stands written out."""
    places = {"Trouble": 1, "Unread": 0}
    for path in [*(PACKAGE / "hear").rglob("*.py"), *(PACKAGE / "desk").rglob("*.py")]:
        tree = ast.parse(path.read_text("utf-8"))
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == name:
                told = [word.value for word in call.keywords if word.arg == "code"] or call.args[places[name] :][:1]
                yield from ((path, code) for one in told for code in codes(one, tree))


def codes(told: ast.expr, tree: ast.AST) -> Iterator[str]:
    """The texts that an expression may be: written out, one of two, or given to its name somewhere in the file."""
    if isinstance(told, ast.Constant):
        yield str(told.value)
    elif isinstance(told, ast.IfExp):
        yield from codes(told.body, tree)
        yield from codes(told.orelse, tree)
    elif isinstance(told, ast.Name):
        for given in ast.walk(tree):
            if isinstance(given, ast.Assign) and any(getattr(one, "id", "") == told.id for one in given.targets):
                yield from codes(given.value, tree)


@pytest.mark.parametrize(
    ("kind", "key", "theirs"), [("Trouble", "trouble", "troubles"), ("Unread", "unread", "unread")]
)
def test_whatever_can_go_wrong_has_words_in_every_language(kind, key, theirs):
    found = set(raised(kind))
    assert {"Trouble": "not-trusted", "Unread": "no-text"}[kind] in {code for _, code in found}
    own = {made.__module__.rpartition(".")[2]: made.words().get(theirs, {}) for made in connectors().values()}
    for language in LANGUAGES:
        words = desk_words(language)
        missing = {
            (path.name, code)
            for path, code in found
            if f"sources.{key}.{code}" not in words
            and (path.parent.name != "storm" or f"duty.{key}.{code}" not in words)
            and language not in own.get(path.stem, {}).get(code, {})
        }
        assert missing == set(), language


def test_a_strangers_trouble_is_told_in_its_words_or_in_general(stranger):
    with translation.override("en"):
        assert hearing.trouble("own-way", {"host": "s.example"}, connector="everything").endswith(
            "own way at s.example."
        )
        assert hearing.trouble("own-way", {}, connector="everything") == "It has trouble in its own way."
        assert "(never-heard-of)" in hearing.trouble("never-heard-of", {}, connector="everything")
        assert hearing.trouble("too-slow", {}) == "The server takes too long to answer."


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ["known", "by-hand", "off", "listening", "first", "well", "trouble"])
def test_every_health_is_told(code, language):
    trouble = {"code": "busy", "kind": "retry", "facts": {"host": "a.example"}} if code == "trouble" else {}
    later = timezone.now() + timedelta(minutes=20)
    with translation.override(language):
        told = hearing.sentences(Health(code, trouble, again=later))
        assert f"sources.stands.{hearing.stands(Health(code, trouble))}" in desk_words(language)
    assert all("{" not in one and "[" not in one for one in told)
    assert len(told) == (3 if trouble else 0 if code in {"off", "listening", "well"} else 1)


def test_secrets_of_another_desk_do_not_break_the_form(boss, stranger):
    source = listed(connector="everything")
    held = Connection.objects.get()
    keep_secrets(held, {"token": "x"})
    held.secrets = bytes(held.secrets)[:-4] + b"AAAA"
    held.save()
    assert "Kept sealed" not in page(boss, f"/sources/{source.pk}/change/")


def test_everybody_reads_and_leaders_change():
    source = listed()
    for role in Role:
        client = at_desk(role)
        leads = role in {Role.SUPERVISOR, Role.ADMINISTRATOR}
        assert ("/sources/new/" in client.get("/sources/").text) == leads
        assert client.get(f"/sources/{source.pk}/").status_code == 200
        assert (f"/sources/{source.pk}/change/" in client.get(f"/sources/{source.pk}/").text) == leads
    assert person(Role.READER).memberships.exists()
