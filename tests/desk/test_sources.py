"""People add sources, connect them and switch them on and off; nothing is listened to without its terms."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.hear.door import Door, Told
from tests.hear.installing import installed
from tests.web.cast import person

from kuulo.desk import sources
from kuulo.desk.listen import keep_secrets, listen, secrets_of
from kuulo.desk.not_now import NotNow
from kuulo.desk.permissions import NotAllowed
from kuulo.desk.register import findings, health_of, lately, listed
from kuulo.desk.seal import seal
from kuulo.desk.sources import Wiring
from kuulo.hear.connector import Batch, Connector, Field, Found, Receiving
from kuulo.hear.trouble import Trouble
from kuulo.models import Connection, Event, Role, Source, UnreadItem

pytestmark = pytest.mark.django_db
TERMS = {"purpose": "Kuulla asukkaita", "legal_basis": "Kuntalaki 22 §"}
FEED = '<rss version="2.0"><channel><title>Sivu</title></channel></rss>'


class Mailbox(Receiving):
    """A channel of a stranger that needs a token and calls by itself."""

    name = "mailbox"
    fields = (
        Field(name="server"),
        Field(name="folder", kind="list", required=False),
        Field(name="token", kind="secret"),
    )

    def test(self):
        if self.settings["token"] != "oikea":
            raise Trouble("auth", "wrong-token", folder=self.settings["folder"])
        return Found(name="Postilaatikko")

    def listen(self, since):
        yield Batch(cursor={"at": since.get("at", 0) + 1})

    def greet(self, query):
        return ""

    def receive(self, headers, body):
        return Batch()


class Clumsy(Connector):
    """A stranger's connector that fails in a way of its own."""

    name = "clumsy"

    def test(self):
        raise ZeroDivisionError

    def listen(self, since):
        yield Batch()


@pytest.fixture(autouse=True)
def strangers() -> Iterator[None]:
    with installed(Mailbox, Clumsy):
        yield


@pytest.fixture
def site() -> Iterator[Door]:
    site = Door(lambda _asked: Told(body=FEED.encode()))
    yield site
    site.close()


def mailbox(server: str = "posti.example", token: str = "oikea", **more: object) -> Wiring:
    return Wiring("mailbox", {"server": server, "folder": ""}, {"token": token}, **more)


def made(wiring: Wiring | None = None, **told: object) -> Source:
    return sources.make(person(Role.SUPERVISOR), {"name": "Posti", **told}, wiring)


def connection(source: Source) -> Connection:
    return Connection.objects.get(source=source)


def kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def test_a_source_of_the_register_needs_no_connection():
    source = made(run_by="residents", followers=300)
    assert (source.run_by, source.followers, Connection.objects.count()) == ("residents", 300, 0)
    assert kinds() == ["source-made"]
    with pytest.raises(NotNow, match="not-connected"):
        sources.switch_on(person(Role.SUPERVISOR), source)


def test_a_source_is_made_switched_off_with_its_secrets_sealed():
    held = connection(made(mailbox(), **TERMS))
    assert (held.state, held.settings) == ("off", {"server": "posti.example", "folder": ""})
    assert secrets_of(held) == {"token": "oikea"}
    assert b"oikea" not in bytes(held.secrets)
    assert held.token
    assert len(held.token) > 40


@pytest.mark.parametrize(("told", "code"), [({}, "no-purpose"), ({"purpose": "Kuulla"}, "no-legal-basis")])
def test_nothing_is_listened_to_without_its_terms(told, code):
    source = made(mailbox(), **told)
    with pytest.raises(NotNow, match=code):
        sources.switch_on(person(Role.SUPERVISOR), source)
    assert connection(source).state == "off"
    assert kinds() == ["source-made"]


def test_what_is_listened_to_cannot_lose_its_terms():
    source = made(mailbox(), **TERMS)
    sources.switch_on(person(Role.SUPERVISOR), source)
    with pytest.raises(NotNow, match="no-purpose"):
        sources.change(person(Role.SUPERVISOR), source, {"purpose": " "})
    assert Source.objects.get().purpose == TERMS["purpose"]


def test_switching_on_and_off_and_listening_now_are_told_once():
    by, source = person(Role.SUPERVISOR), made(mailbox(), **TERMS)
    with pytest.raises(NotNow, match="switched-off"):
        sources.listen_now(by, source)
    sources.switch_on(by, source)
    sources.switch_on(by, source)
    assert connection(source).state == "queued"
    Connection.objects.update(due=timezone.now() + timedelta(hours=6))
    sources.listen_now(by, source)
    assert connection(source).due <= timezone.now()
    sources.switch_off(by, source)
    sources.switch_off(by, source)
    assert connection(source).state == "off"
    assert kinds() == ["source-made", "source-on", "source-asked", "source-off"]
    assert [event.kind for event in lately(source)] == kinds()[::-1]
    assert all(event.person == by for event in lately(source))


def test_a_change_begins_anew_where_the_settings_lead_elsewhere():
    by, source = person(Role.SUPERVISOR), made(mailbox(), **TERMS)
    Connection.objects.update(cursor={"at": 7}, state="running", claimed_by="worker")
    sources.change(by, source, {"purpose": "Kuulla ja vastata"}, mailbox(token=""))
    held = connection(source)
    assert (held.cursor, held.state, held.claimed_by) == ({"at": 7}, "running", "worker")
    sources.change(by, source, {}, mailbox(token="uusi"))
    held = connection(source)
    assert (held.cursor, held.state, held.claimed_by) == ({"at": 7}, "queued", "")
    sources.change(by, source, {}, mailbox(server="toinen.example"))
    assert connection(source).cursor == {}
    assert Event.objects.latest("pk").facts == {"source": source.pk, "changed": ["server", "token"]}


def test_nothing_changed_is_no_event():
    source = made(mailbox(), **TERMS)
    sources.change(person(Role.SUPERVISOR), source, {"name": "Posti", **TERMS}, mailbox(token=""))
    assert kinds() == ["source-made"]


def test_a_kept_secret_stays_and_goes_nowhere_else():
    by, source = person(Role.SUPERVISOR), made(mailbox(), **TERMS)
    held = connection(source)
    assert sources.missing_secrets(held, mailbox(token="")) == []
    assert sources.missing_secrets(held, mailbox(server="toinen.example", token="")) == ["token"]
    assert sources.try_out(by, held, mailbox(token="")).name == "Postilaatikko"
    with pytest.raises(Trouble, match="wrong-token"):
        sources.try_out(by, held, Wiring("mailbox", {"server": "toinen.example", "folder": ""}, {"token": "väärä"}))
    sources.change(by, source, {}, mailbox(token=""))
    assert secrets_of(connection(source)) == {"token": "oikea"}


def test_secrets_of_another_desk_are_asked_for_again():
    held = connection(made(mailbox(), **TERMS))
    held.secrets = seal("token=oikea", "another purpose")
    assert sources.missing_secrets(held, mailbox(token="")) == ["token"]
    keep_secrets(held, {"token": "oikea"})
    assert sources.missing_secrets(held, mailbox(token="")) == []


def test_a_test_of_a_connection_keeps_nothing(site):
    wiring = Wiring("rss", {"address": site.url + "/syote", "holds": "comments"}, own_network=True)
    assert sources.try_out(person(Role.ADMINISTRATOR), None, wiring) == Found(name="Sivu", facts={"entries": 0})
    assert (Source.objects.count(), Connection.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_only_an_administrator_sends_kuulo_into_the_own_network(site):
    wiring = Wiring("rss", {"address": site.url, "holds": "comments"}, own_network=True)
    with pytest.raises(NotAllowed):
        sources.try_out(person(Role.SUPERVISOR), None, wiring)
    with pytest.raises(NotAllowed):
        made(wiring, **TERMS)
    assert Source.objects.count() == 0
    source = sources.make(person(Role.ADMINISTRATOR), {"name": "Sisäinen", **TERMS}, wiring)
    elsewhere = Wiring("rss", {"address": site.url + "/muu", "holds": "comments"}, own_network=True)
    with pytest.raises(NotAllowed):
        sources.change(person(Role.SUPERVISOR), source, {}, elsewhere)
    assert site.asked == []


def test_a_connector_that_fails_is_trouble_and_no_failure():
    with pytest.raises(Trouble, match="connector-failed"):
        sources.try_out(person(Role.SUPERVISOR), None, Wiring("clumsy", {}))


def test_a_listening_with_old_settings_tells_nothing_of_the_new_ones():
    by, source = person(Role.SUPERVISOR), made(mailbox(token="vanha"), **TERMS)
    Connection.objects.update(state="running", claimed_by="worker")
    running = connection(source)

    class Meddler(Mailbox):
        def listen(self, since):
            sources.change(by, source, {}, mailbox(token="uusi"))
            raise Trouble("auth", "not-let-in")
            yield Batch()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kuulo.desk.listen.connectors", lambda: {"mailbox": Meddler})
        listen(running, stop=lambda: False)
    held = connection(source)
    assert (held.trouble, held.state) == ({}, "queued")
    assert held.due <= timezone.now()


def test_how_a_source_fares():
    made(name="Ryhmä")
    source = made(mailbox(), **TERMS)
    assert [one.health.code for one in listed()] == ["off", "known"]
    sources.switch_on(person(Role.SUPERVISOR), source)
    assert health_of(connection(source)).code == "first"
    assert health_of(connection(source)).is_moving
    Connection.objects.update(state="running")
    listen(connection(source), stop=lambda: False)
    Connection.objects.update(state="queued")
    held = connection(source)
    assert (health_of(held).code, health_of(held).is_moving, held.cursor) == ("well", False, {"at": 1})
    Connection.objects.update(trouble={"code": "not-let-in", "kind": "auth", "facts": {}})
    assert health_of(connection(source)).code == "trouble"
    sources.switch_off(person(Role.SUPERVISOR), source)
    assert (health_of(connection(source)).code, health_of(connection(source)).trouble) == ("off", {})


def test_a_channel_without_a_purpose_is_found():
    source = made(name="Ryhmä")
    assert findings(source, None) == ["no-purpose", "no-owner", "no-origin"]
    told = made(mailbox(), owner="Viestintä", run_by="media", **TERMS)
    assert findings(told, connection(told)) == []
    told.legal_basis = ""
    assert findings(told, connection(told)) == ["no-legal-basis"]


def test_what_could_not_be_read_is_opened_on_record():
    item = UnreadItem.objects.create(source=made(), code="no-text", raw=seal("<rss>&#0;", "unread"))
    assert sources.open_unread(person(Role.ADMINISTRATOR), item) == "<rss>&#0;"
    event = Event.objects.latest("pk")
    assert (event.kind, event.facts) == ("unread-opened", {"source": item.source_id, "item": item.pk})
    assert "rss" not in str(event.facts)
