"""What a source tells is stored once, whatever happens."""

import json
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.utils import timezone
from tests.hear.door import Asked, Door, Told

from kuulo.desk.inbox import Filters
from kuulo.desk.listen import keep_secrets, listen, secrets_of
from kuulo.desk.receive import receive
from kuulo.desk.reshape import merge
from kuulo.desk.seal import unseal
from kuulo.desk.undo import undo
from kuulo.hear.connector import Attachment, Gone, Post, Unread
from kuulo.models import (
    Connection,
    EarlierText,
    Event,
    Message,
    Person,
    Placement,
    RawText,
    Sighting,
    Source,
    Theme,
    UnreadItem,
)

pytestmark = pytest.mark.django_db
Status = Message.Status


class Site:
    """A feed whose entries are changed by hand."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.door = Door(self.answer)

    def answer(self, _asked: Asked) -> Told:
        items = "".join(
            f"<item><guid>{one}</guid><title>Kommentti</title><description>{text}</description></item>"
            for one, text in self.texts.items()
        )
        return Told(body=f'<rss version="2.0"><channel><title>Sivu</title>{items}</channel></rss>'.encode())


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.door.close()


def source(name: str = "Sivuston kommentit") -> Source:
    return Source.objects.create(name=name, channel="web")


def connected(site: Site, **more: object) -> Connection:
    settings = {"address": site.door.url + "/syote", "holds": "comments"}
    return Connection.objects.create(
        source=source(), connector="rss", settings=settings, own_network=True, state="running", **more
    )


def heard(connection: Connection) -> Connection:
    Connection.objects.filter(pk=connection.pk).update(state="running")
    listen(connection, stop=lambda: False)
    connection.refresh_from_db()
    return connection


def told(message: Message) -> Message:
    message.refresh_from_db()
    return message


def test_what_a_feed_holds_becomes_messages_once(site):
    site.texts = {"1": "Tie on liukas", "2": "Valo ei pala"}
    connection = heard(heard(connected(site)))
    assert set(Message.objects.values_list("text", "status", "channel")) == {
        ("Tie on liukas", "new", "web"),
        ("Valo ei pala", "new", "web"),
    }
    assert (connection.heard_count, connection.known_count) == (2, 2)
    assert connection.trouble == {}
    assert connection.due > timezone.now()


def test_an_edit_replaces_the_text_and_keeps_the_old_one(site):
    site.texts = {"1": "Tie on liukas"}
    connection = heard(connected(site))
    message = Message.objects.get()
    Message.objects.update(status=Status.GROUPED)
    site.texts = {"1": "Tie on jo hiekoitettu"}
    heard(connection)
    assert (told(message).text, message.status) == ("Tie on jo hiekoitettu", "new")
    assert EarlierText.objects.get().text == "Tie on liukas"
    assert Event.objects.filter(kind="message-edited", message_id=message.pk).count() == 1


def test_trouble_is_kept_in_codes_and_passes(site):
    site.texts = {"1": "Tie on liukas"}
    site.door.faults.extend(["no-right", "no-right", "too-many"])
    connection = heard(heard(connected(site)))
    assert connection.trouble["code"] == "not-let-in"
    assert Event.objects.filter(kind="source-trouble").count() == 1
    heard(connection)
    assert connection.trouble["kind"] == "retry"
    assert (connection.due - timezone.now()).total_seconds() > 6
    assert heard(connection).trouble == {}
    assert Event.objects.filter(kind="source-well").count() == 1
    assert Message.objects.count() == 1


def test_what_is_asked_for_while_it_is_heard_is_heard_once_more(site):
    connection = connected(site)
    asked = timezone.now()

    def ask_anew() -> bool:
        Connection.objects.update(due=asked)
        return False

    listen(connection, stop=ask_anew)
    connection.refresh_from_db()
    assert connection.due == asked
    assert heard(connection).due > timezone.now()


def test_a_connector_that_is_gone_is_told(site):
    connection = connected(site)
    Connection.objects.update(connector="poistettu")
    assert heard(connection).trouble["code"] == "no-such-connector"


def test_switched_off_in_the_middle_nothing_more_is_stored(site):
    site.texts = {"1": "Tie on liukas"}
    connection = connected(site)
    Connection.objects.update(state="off")
    listen(connection, stop=lambda: False)
    assert Message.objects.count() == 0
    assert Connection.objects.get().state == "off"


def test_secrets_are_sealed(site):
    connection = connected(site)
    keep_secrets(connection, {"token": "salainen=1", "other": "b"})
    connection.save()
    again = Connection.objects.get()
    assert secrets_of(again) == {"token": "salainen=1", "other": "b"}
    assert b"salainen" not in bytes(again.secrets)


def test_what_is_gone_stays_gone():
    place = source()
    receive(place, [Post(id="1", text="Poistetaan pian", author="anna")])
    assert receive(place, [Gone(id="1")]).gone == 1
    assert receive(place, [Post(id="1", text="Poistetaan pian", author="anna")]).known == 1
    message = Message.objects.get()
    assert (message.status, message.text, message.search_text, message.author) == ("gone", "", "", None)
    assert message.origin_id == ""


def test_gone_before_it_came_it_never_comes():
    place = source()
    receive(place, [Gone(id="1")])
    assert receive(place, [Post(id="1", text="Myöhässä")]).added == 0
    assert Message.objects.get().status == "gone"


def test_the_latest_version_stands_in_any_order():
    place = source()
    receive(place, [Post(id="1", text="kolmas versio", version="3"), Post(id="1", text="toinen versio", version="2")])
    receive(place, [Post(id="1", text="ensimmäinen versio", version="1")])
    assert Message.objects.get().text == "kolmas versio"


def test_the_same_post_heard_through_two_sources_is_one_message():
    here, there = source("Täällä"), source("Siellä")
    post = {"text": "Sama viesti", "everywhere": "https://some.example/1"}
    receive(here, [Post(id="a1", **post)])
    assert receive(there, [Post(id="b9", **post)]).known == 1
    assert receive(there, [Post(id="b9", **post)]).known == 1
    assert Sighting.objects.count() == 1
    receive(there, [Gone(id="b9")])
    assert Message.objects.get().status == "gone"
    assert receive(source("Kolmas"), [Post(id="c5", **post)]).added == 0
    assert "some.example" not in Message.objects.get().everywhere


@pytest.mark.parametrize(
    "there_first",
    [False, True],
)
@pytest.mark.parametrize("batches", [[["b", "gone"]], [["gone", "b"]], [["gone"], ["b"]], [["b"], ["gone"]]])
def test_gone_at_one_source_a_post_is_gone_at_all_in_whatever_order_it_is_told(there_first, batches):
    here, there = source("Täällä"), source("Siellä")
    post = {"text": "Sama viesti", "everywhere": "https://some.example/1"}
    told = {"b": Post(id="b", **post), "gone": Gone(id="b")}
    if not there_first:
        receive(here, [Post(id="a", **post)])
    for batch in batches:
        receive(there, [told[one] for one in batch])
    receive(here, [Post(id="a", **post)])
    assert not Message.objects.exclude(status=Status.GONE).exists()
    assert not Message.objects.exclude(text="").exists()


def test_a_reply_finds_its_parent_whichever_came_first():
    place = source()
    receive(place, [Post(id="2", text="Samaa mieltä", parent="1")])
    receive(place, [Post(id="1", text="Tie on auraamatta"), Post(id="3", text="Niin minustakin", parent="2")])
    parents = dict(Message.objects.values_list("origin_id", "parent__origin_id"))
    assert parents == {"1": None, "2": "1", "3": "2"}


def test_what_cannot_be_read_is_kept_sealed_and_counted():
    place = source()
    assert receive(place, [Unread(code="not-json", raw=b'{"salaa"'), Post(id="1", text="Hyvä viesti")]).unread == 1
    item = UnreadItem.objects.get()
    assert (item.code, b"salaa" in bytes(item.raw)) == ("not-json", False)
    assert Message.objects.count() == 1


def test_what_tells_who_somebody_is_is_marked_at_the_door_and_kept_sealed_for_a_while():
    receive(source(), [Post(id="1", text="Soittakaa 040 123 4567, tie on liukas", author="matti")])
    message = Message.objects.get()
    assert "123 4567" not in message.text + message.search_text
    assert b"4567" not in bytes(RawText.objects.get().sealed)
    assert "matti" not in json.dumps(list(Message.objects.values("author__key")))


def test_the_names_of_those_who_work_at_the_desk_stay():
    cache.clear()
    Person.objects.create_user("maija@example.org", name="Maija Virtanen")
    receive(source(), [Post(id="1", text="Kerroin Maija Virtaselle ja Matti Virtaselle asiasta")])
    cache.clear()
    assert Message.objects.get().text == "Kerroin Maija Virtaselle ja [name]:lle asiasta"


def test_a_number_that_was_put_right_is_kept_and_is_told_once():
    place = source()
    receive(place, [Post(id="1", text="Soita 040 123 4567")])
    right = Post(id="1", text="Soita 040 123 9999")
    assert (receive(place, [right]).changed, receive(place, [right]).known) == (1, 1)
    assert unseal(RawText.objects.get().sealed, "text") == "Soita 040 123 9999"
    plain = Post(id="1", text="Soita [phone]")
    assert (receive(place, [plain]).changed, receive(place, [plain]).known) == (1, 1)
    assert not RawText.objects.exists()


def test_the_first_of_the_copies_stands_when_the_one_they_copy_is_gone():
    place = source()
    receive(place, [Post(id=str(number), text="Sama teksti") for number in range(3)])
    first, second, third = Message.objects.order_by("pk")
    Message.objects.exclude(pk=first.pk).update(copy_of=first)
    receive(place, [Gone(id="0")])
    assert (told(second).copy_of, told(third).copy_of) == (None, second)


def test_signs_that_no_database_keeps_do_no_harm():
    receive(source(), [Post(id="\0a\ud800", text="Tie\0 on liukas \ud83d", title="\0", author="\0x")])
    assert "liukas" in Message.objects.get().text


def test_undoing_a_correction_brings_nothing_back_that_is_gone():
    place = source()
    receive(place, [Post(id="1", text="Tie on liukas"), Post(id="2", text="Valo ei pala")])
    one, other = (Theme.objects.create(code=code, names={"fi": code}) for code in ("T1", "T2"))
    first, second = Message.objects.order_by("pk")
    Message.objects.update(status=Status.GROUPED)
    for message in (first, second):
        Placement.objects.create(message=message, theme=one, arrived=message.arrived)
    correction = merge(one, other, person=None)
    receive(place, [Gone(id="1"), Post(id="2", text="Valo palaa jo")])
    undo(correction, person=None)
    assert (told(first).status, told(second).status) == ("gone", "new")
    assert Placement.objects.count() == 0


def test_what_is_gone_or_set_aside_is_listed_only_where_it_is_asked_for():
    place = source()
    receive(place, [Post(id=str(number), text=f"Viesti {number}") for number in "abc"])
    receive(place, [Gone(id="a")])
    Message.objects.filter(origin_id="b").update(status=Status.ASIDE)
    assert [message.text for message in Filters().queryset()] == ["Viesti c"]
    assert Filters(status="aside").queryset().count() == Filters(status="gone").queryset().count() == 1


def test_a_title_is_marked_at_the_door_when_it_is_edited_too():
    place = source()
    receive(place, [Post(id="1", text="Tie on liukas", title="Liukasta")])
    edited = Post(id="1", text="Tie on liukas", title="Soittakaa 040 123 4567")
    assert receive(place, [edited]).changed == 1
    assert "4567" not in Message.objects.get().title
    assert receive(place, [edited]).known == 1


def test_a_reader_is_led_to_pages_alone():
    receive(
        source(),
        [Post(id="1", text="Tie", url="javascript:alert(1)"), Post(id="2", text="Valo", url="HTTPS://a.example")],
    )
    assert set(Message.objects.values_list("url", flat=True)) == {"", "HTTPS://a.example"}


def test_signs_that_no_database_keeps_do_no_harm_wherever_they_stand():
    odd = "a\0\ud800"
    files = (Attachment(name=odd, type=odd),)
    post = Post(id="1", text="Tie", tags=(odd,), background=((odd, odd),), attachments=files, reply_to={odd: [odd]})
    assert receive(source(), [post]).added == 1
