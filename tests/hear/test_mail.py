"""A mailbox is heard and answered."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from tests.hear.post_office import PASSWORD, USER, Line, Pymap, Sink, certificate, served

from kuulo.hear import mail_server
from kuulo.hear.connector import Sent, Unknown, Unread
from kuulo.hear.connectors.mail import Mail
from kuulo.hear.contract import Counterpart, Memory, batches, checks, hear, opened, trouble_of
from kuulo.hear.http import Http
from kuulo.hear.trouble import Trouble

OWN = "palaute@kunta.example"
RECORDED = Path(__file__).parents[1] / "recorded" / "mail"


class Postbox(Counterpart):
    """A folder of a real IMAP server, and a way out that keeps what it is given."""

    connector = Mail
    skills = frozenset({"own", "parent", "reply", "wait"})
    faults = ("no-right", "error", "other-thing", "breaks-off")

    def __init__(self, pymap: Pymap, sink: Sink) -> None:
        self.pymap, self.sink = pymap, sink
        self.line = Line(pymap.port)
        self.folder = pymap.folder()
        self.changed: dict[str, str] = {}
        self.count = 0
        sink.mails.clear()
        sink.answers.clear()

    def settings(self) -> dict[str, str]:
        return {
            "address": OWN,
            "server": "127.0.0.1",
            "port": str(self.line.port),
            "security": "none",
            "user": USER,
            "password": PASSWORD,
            "folder": self.folder,
            "smtp_server": "127.0.0.1",
            "smtp_port": str(self.sink.port),
            "smtp_security": "none",
            "smtp_user": USER,
            "smtp_password": PASSWORD,
        } | self.changed

    def fail(self, *faults: str) -> None:
        if "no-right" in faults:
            self.changed["password"] = "väärä salasana"
        else:
            self.line.faults.extend(faults)

    def say(self, text: str, *, parent: str = "", sender: str = "Asukas <asukas@example.org>", **headers: str) -> str:
        self.count += 1
        name = f"{self.count}@mail.example.org"
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"], mail["To"], mail["Message-ID"] = sender, OWN, f"<{name}>"
        mail["Subject"], mail["Date"] = f"Asia {self.count}", "Wed, 18 Nov 2026 12:00:00 +0200"
        if parent:
            mail["In-Reply-To"] = f"<{parent}>"
        mail.set_content(text)
        for header, value in headers.items():
            mail[header.replace("_", "-")] = value
        self.put(mail.as_bytes())
        return name

    def say_own(self, text: str) -> None:
        self.say(text, sender=f"Kunnan palaute <{OWN}>")

    def put(self, raw: bytes) -> None:
        self.pymap.append(self.folder, raw)

    def replies(self) -> list[str]:
        return [_read(raw).get_content() for raw in self.sink.mails]


def _read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


@pytest.fixture(scope="module")
def pymap() -> Iterator[Pymap]:
    pymap = Pymap()
    yield pymap
    pymap.close()


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    sink = Sink()
    yield sink
    sink.close()


@pytest.fixture
def postbox(pymap: Pymap, sink: Sink) -> Iterator[Postbox]:
    postbox = Postbox(pymap, sink)
    yield postbox
    postbox.line.close()


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A certificate for this machine that Kuulo trusts."""
    path = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    mail_server.trusting.cache_clear()
    yield path
    mail_server.trusting.cache_clear()


@pytest.mark.parametrize("check", checks(Postbox), ids=lambda check: check.__name__)
def test_contract(check, postbox):
    check(postbox)


def test_a_mail_is_private_and_tells_who_wrote_when_and_about_what(postbox):
    one = postbox.say("Kuoppa Koulutiellä\n\nTerveisin\nAino", Content_Language="fi-FI")
    post = hear(postbox, Memory()).posts[one]
    assert (post.text, post.title, post.private, post.language) == ("Kuoppa Koulutiellä", "Asia 1", True, "fi")
    assert (post.author, post.author_name, post.thread) == ("asukas@example.org", "Asukas", one)
    assert post.time.isoformat() == "2026-11-18T10:00:00+00:00"


def test_what_the_desk_keeps_to_reply_with_holds_no_address(postbox):
    one = postbox.say("Milloin tie aurataan?")
    assert "@example.org" not in str(hear(postbox, Memory()).posts[one].reply_to)


def test_a_time_that_has_not_come_or_cannot_be_read_is_that_of_arrival(postbox):
    for told in ("Fri, 18 Nov 2033 12:00:00 +0200", "eilen"):
        raw = f"From: asukas@example.org\r\nMessage-ID: <{told[:3]}@x>\r\nDate: {told}\r\n\r\nHei".encode()
        postbox.put(raw)
    times = {post.time.isoformat() for post in hear(postbox, Memory()).posts.values()}
    assert times == {"2026-11-18T12:00:00+00:00"}


def test_recorded_mails_are_heard_or_passed_over_by_reason(postbox):
    for path in sorted(RECORDED.glob("*.eml")):
        postbox.put(path.read_bytes())
    (batch,) = batches(postbox, {})
    assert batch.passed == {"automatic": 1, "bounce": 1, "list": 2, "own": 1}
    assert [item for item in batch.items if isinstance(item, Unread)] == []
    assert len(batch.items) == 15


def test_the_last_mail_is_not_read_again(postbox):
    postbox.say("Hei")
    memory = hear(postbox, Memory())
    postbox.line.said = b""
    hear(postbox, memory)
    assert b"FETCH" not in postbox.line.said


def test_nothing_is_marked_as_read(postbox):
    postbox.say("Hei")
    hear(postbox, Memory())
    with postbox.pymap.box() as box:
        box.folder.set(postbox.folder)
        assert len(box.uids("UNSEEN")) == 1


def test_a_mailbox_that_numbers_anew_is_read_again_without_a_double(postbox):
    one = postbox.say("Hei")
    memory = hear(postbox, Memory())
    raw = b"From: toinen@example.org\r\nMessage-ID: <toinen@example.org>\r\n\r\nUusi"
    with postbox.pymap.box() as box:
        box.folder.set(postbox.folder)
        (before,) = box.fetch(mark_seen=False)
        box.folder.set("INBOX")
        box.folder.delete(postbox.folder)
        box.folder.create(postbox.folder)
    postbox.put(before.obj.as_bytes())
    postbox.put(raw)
    cursor = memory.cursor
    assert set(hear(postbox, memory).texts) == {one, "toinen@example.org"}
    assert memory.cursor["validity"] != cursor["validity"]


def test_nobody_writes_over_the_mail_of_another(postbox):
    one = postbox.say("Ensimmäinen")
    postbox.put(f"From: toinen@example.org\r\nMessage-ID: <{one}>\r\n\r\nToinen".encode())
    (batch,) = batches(postbox, {})
    assert [(item.text, item.version) for item in batch.items] == [("Ensimmäinen", "1")]


def test_what_is_stored_is_moved_aside_and_nothing_else(postbox):
    postbox.changed["heard_folder"] = aside = postbox.pymap.folder()
    for number in range(25):
        postbox.say(f"Viesti {number}")
    heard = batches(postbox, {})
    first = next(heard)
    heard.close()  # killed while the second batch was not yet asked for
    assert (len(postbox.pymap.uids(postbox.folder)), len(postbox.pymap.uids(aside))) == (25, 0)
    memory = Memory()
    memory.take(first)
    assert len(hear(postbox, memory).texts) == 25
    assert (len(postbox.pymap.uids(postbox.folder)), len(postbox.pymap.uids(aside))) == (0, 25)


def test_a_folder_to_move_to_that_is_not_there_is_told_and_harms_no_mail(postbox):
    postbox.changed["heard_folder"] = "Ei ole"
    postbox.say("Hei")
    memory = Memory()
    with pytest.raises(Trouble) as told:
        hear(postbox, memory)
    assert (told.value.kind, told.value.code, len(memory.texts)) == ("settings", "no-such-folder", 1)
    with opened(postbox) as connector, pytest.raises(Trouble, match="no-such-folder"):
        connector.test()
    postbox.changed["heard_folder"] = postbox.folder
    assert trouble_of(postbox).code == "same-folder"


def test_a_server_that_tells_nothing_by_itself_is_not_waited_at(postbox):
    postbox.line.faults.append("no-idle")
    with opened(postbox) as connector:
        assert list(connector.wait_for_news(lambda: False)) == []


def test_a_line_that_breaks_ends_the_wait(postbox):
    with opened(postbox) as connector:
        news = connector.wait_for_news(lambda: False)
        next(news)
        postbox.line.cut()
        with pytest.raises(Trouble) as told:
            next(news)
    assert (told.value.kind, told.value.code) == ("retry", "broken-off")


def test_a_wait_is_renewed_and_goes_on(postbox, monkeypatch):
    monkeypatch.setattr(mail_server, "_RENEWED", 0.0)
    renewals = iter(range(50))
    with opened(postbox) as connector:
        news = connector.wait_for_news(lambda: next(renewals, None) is None)
        next(news)
        postbox.say("Uusi viesti")
        assert next(news) is None
    assert postbox.line.said.count(b"IDLE\r\n") >= 2


def test_a_mail_that_is_too_large_is_not_fetched(postbox):
    postbox.put(b"From: a@example.org\r\nMessage-ID: <suuri@example.org>\r\n\r\n" + b"x" * (26 << 20))
    one = postbox.say("Pieni")
    (batch,) = batches(postbox, {})
    assert [item.id for item in batch.items] == ["suuri@example.org", one]
    assert batch.items[0].code == "too-large"


def test_a_mail_that_cannot_be_read_is_kept_apart_and_the_others_are_heard(postbox):
    postbox.put(b"From: a@example.org\r\nMessage-ID: <pommi@example.org>\r\n" + b"X: y\r\n" * 20_001 + b"\r\nHei")
    one = postbox.say("Hei")
    (batch,) = batches(postbox, {})
    assert [item.id for item in batch.items] == ["pommi@example.org", one]
    assert batch.items[0].code == "too-many-headers"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"folder": "Ei ole"}, ("settings", "no-such-folder")),
        ({"port": "imap"}, ("settings", "not-a-port")),
        ({"server": "posti.invalid"}, ("retry", "no-such-host")),
        ({"user": "joku muu"}, ("auth", "not-let-in")),
        ({"security": "starttls"}, ("settings", "not-encrypted")),
        ({"security": "tls"}, ("settings", "not-tls")),
    ],
)
def test_what_is_wrong_with_the_settings_is_told(postbox, changed, told):
    postbox.changed |= changed
    trouble = trouble_of(postbox)
    assert (trouble.kind, trouble.code) == told
    assert PASSWORD.encode() not in postbox.line.said or "security" not in changed


def test_without_encryption_no_other_machine_is_spoken_to(postbox):
    postbox.changed |= {"server": "192.0.2.1"}
    assert trouble_of(postbox).code == "not-encrypted"


def test_a_private_address_is_spoken_to_only_where_a_person_said_so(postbox):
    settings = {one.name: one.default for one in Mail.fields} | postbox.settings()
    with pytest.raises(Trouble, match="address-not-allowed"):
        Mail(settings, http=Http()).test()


def test_a_certificate_that_nobody_signed_is_not_trusted(postbox, tmp_path):
    postbox.line.close()
    postbox.line = Line(postbox.pymap.port, tls=served(certificate(tmp_path)))
    postbox.changed["security"] = "tls"
    assert trouble_of(postbox).code == "not-trusted"
    assert PASSWORD.encode() not in postbox.line.said


def test_a_trusted_certificate_of_another_name_is_not_trusted(postbox, tmp_path, monkeypatch):
    other = certificate(tmp_path, address="127.0.0.2")
    monkeypatch.setenv("SSL_CERT_FILE", str(other))
    mail_server.trusting.cache_clear()
    postbox.line.close()
    postbox.line = Line(postbox.pymap.port, tls=served(other))
    postbox.changed["security"] = "tls"
    assert trouble_of(postbox).code == "not-trusted"
    mail_server.trusting.cache_clear()


def test_mail_is_read_and_answered_encrypted(postbox, trusted):
    postbox.line.close()
    postbox.line = Line(postbox.pymap.port, tls=served(trusted))
    postbox.sink = Sink(tls=served(trusted))
    postbox.changed |= {"security": "tls", "smtp_security": "starttls"}
    one = postbox.say("Hei")
    reply_to = hear(postbox, Memory()).posts[one].reply_to
    with opened(postbox) as connector:
        assert connector.test().facts == {"mails": 1}
        connector.reply(reply_to, "Kiitos", key="1")
    assert len(postbox.sink.mails) == 1
    postbox.sink.close()


def asked(postbox: Postbox, **headers: str) -> dict[str, object]:
    one = postbox.say("Milloin tie aurataan?", **headers)
    return dict(hear(postbox, Memory()).posts[one].reply_to)


def test_a_reply_stands_in_the_thread_and_goes_where_it_was_asked_to(postbox):
    told = {"References": "<alku@example.org>", "Reply_To": "toinen@example.org", "Content_Language": "sv"}
    reply_to = asked(postbox, **told)
    with opened(postbox) as connector:
        sent = connector.reply(reply_to, "Huomenna.\n.\nPiste yksin rivillään", key="kuulo-7")
    mail = _read(postbox.sink.mails[0])
    assert (mail["To"], mail["From"], mail["Subject"]) == ("toinen@example.org", OWN, "Re: Asia 1")
    assert mail["Message-ID"] == f"<{sent.id}>"
    assert (mail["In-Reply-To"], mail["References"]) == (
        "<1@mail.example.org>",
        "<alku@example.org> <1@mail.example.org>",
    )
    assert (mail["Content-Language"], mail["Auto-Submitted"]) == ("sv", None)
    assert "\n.\nPiste" in mail.get_content().replace("\r", "")


def test_a_reply_is_known_again_when_it_comes_back(postbox):
    with opened(postbox) as connector:
        connector.reply(asked(postbox), "Huomenna.", key="kuulo-7")
    before = set(hear(postbox, Memory()).texts)
    raw = postbox.sink.mails[0].replace(OWN.encode(), b"muu@kunta.example", 1)
    postbox.put(raw)
    memory = hear(postbox, Memory())
    assert (set(memory.texts), memory.passed) == (before, 1)


def bounced(postbox: Postbox, name: str, *, action: str = "failed") -> None:
    raw = (RECORDED / "11_bounce_dsn.eml").read_text("utf-8")
    postbox.put(raw.replace("k124.2@kunta.example", name).replace("Action: failed", f"Action: {action}").encode())


def test_a_reply_that_comes_back_is_told_by_the_id_that_it_was_sent_as(postbox):
    reply_to = asked(postbox)
    with opened(postbox) as connector:
        sent = connector.reply(reply_to, "Tie aurataan huomenna.", key="kuulo-1")
        assert connector.id_of("kuulo-1") == sent.id
    bounced(postbox, sent.id)
    memory = hear(postbox, Memory())
    assert (memory.bounced, memory.passed, memory.unread) == ({sent.id}, 0, 0)


def test_a_delay_and_the_bounce_of_another_mail_are_passed_over(postbox):
    with opened(postbox) as connector:
        bounced(postbox, connector.id_of("kuulo-1"), action="delayed")
    bounced(postbox, "kirje@kunta.example")
    memory = hear(postbox, Memory())
    assert (memory.bounced, memory.passed, memory.texts) == (set(), 2, {})


def test_a_mail_moved_aside_is_still_replied_to_and_one_that_is_gone_is_not(postbox):
    postbox.changed["heard_folder"] = aside = postbox.pymap.folder()
    reply_to = asked(postbox)
    with opened(postbox) as connector:
        assert connector.reply(reply_to, "Huomenna.", key="1").id
        with postbox.pymap.box() as box:
            box.folder.set(aside)
            box.delete(box.uids())
        with pytest.raises(Trouble) as told:
            connector.reply(reply_to, "Huomenna.", key="2")
    assert (told.value.kind, told.value.code, told.value.facts["unsent"]) == ("refused", "mail-not-found", 1)


@pytest.mark.parametrize(
    ("when", "answer", "kind", "detail"),
    [
        ("rcpt", "550 5.1.1 User unknown", "refused", "5.1.1"),
        ("rcpt", "450 4.2.1 Later", "retry", "4.2.1"),
        ("data", "451 4.3.0 Later", "retry", "4.3.0"),
        ("data", "554 5.7.1 asukas@example.org is not wanted", "refused", "5.7.1"),
    ],
)
def test_what_the_way_out_does_not_take_is_told_without_its_words(postbox, when, answer, kind, detail):
    reply_to = asked(postbox)
    postbox.sink.answers.append((when, answer))
    with opened(postbox) as connector, pytest.raises(Trouble) as told:
        connector.reply(reply_to, "Huomenna.", key="1")
    assert (told.value.kind, told.value.facts["detail"], told.value.facts["unsent"]) == (kind, detail, 1)
    assert "asukas" not in str(told.value)
    assert postbox.sink.mails == []


def test_a_line_that_breaks_when_the_mail_is_handed_over_leaves_it_unknown(postbox):
    reply_to = asked(postbox)
    postbox.sink.answers.append(("lost", "250 OK"))
    with opened(postbox) as connector, pytest.raises(Unknown):
        connector.reply(reply_to, "Huomenna.", key="1")
    assert len(postbox.sink.mails) == 1


def test_an_unknown_reply_is_looked_for_where_the_server_keeps_what_was_sent(postbox):
    reply_to = asked(postbox)
    with opened(postbox) as connector:
        sent = connector.reply(reply_to, "Huomenna.", key="1")
        assert connector.find(reply_to, "Huomenna.", key="1") is None
    postbox.changed["sent_folder"] = folder = postbox.pymap.folder()
    with opened(postbox) as connector:
        assert connector.find(reply_to, "Huomenna.", key="1") is None
        postbox.pymap.append(folder, postbox.sink.mails[0])
        assert connector.find(reply_to, "Huomenna.", key="1") == Sent(id=sent.id)
        assert connector.find(reply_to, "Huomenna.", key="2") is None


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"smtp_password": "väärä"}, ("settings", "password-not-ascii")),
        ({"smtp_password": "wrong"}, ("auth", "not-let-in")),
        ({"smtp_security": "starttls"}, ("settings", "not-encrypted")),
        ({"smtp_security": "tls"}, ("settings", "not-tls")),
        ({"smtp_server": ""}, ("settings", "no-smtp-server")),
    ],
)
def test_a_way_out_that_is_shut_is_told_as_not_sent(postbox, changed, told):
    reply_to = asked(postbox)
    postbox.changed |= changed
    with opened(postbox) as connector, pytest.raises(Trouble) as trouble:
        connector.reply(reply_to, "Huomenna.", key="1")
    assert (trouble.value.kind, trouble.value.code, trouble.value.facts["unsent"]) == (*told, 1)


def test_a_way_out_that_is_no_mail_server_is_told(postbox):
    reply_to = asked(postbox)
    other = Line(postbox.sink.port)
    other.faults.append("other-thing")
    postbox.changed["smtp_port"] = str(other.port)
    with opened(postbox) as connector, pytest.raises(Trouble) as trouble:
        connector.reply(reply_to, "Huomenna.", key="1")
    assert (trouble.value.kind, trouble.value.code) == ("settings", "not-a-mail-server")
    other.close()
