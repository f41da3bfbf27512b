"""The page of messages to look at at once, and the pages of the path of safety."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.web.cast import at_desk

from kuulo.desk.inbox import Filters
from kuulo.models import Concern, Message, Role, SafetyCase, Source

pytestmark = pytest.mark.django_db
TEXT = "Kellarissa <b>palaa</b>, savua tulee."


def concern(number: int) -> Message:
    source, _ = Source.objects.get_or_create(name="Lomake")
    message = Message.objects.create(
        source=source, identity=f"{number}", text=TEXT, arrived=timezone.now(), status="uncertain"
    )
    start = TEXT.index("savua")
    Concern.objects.create(message=message, kinds=["fire"], why=[["fire", start, start + 5]], arrived=message.arrived)
    return message


def test_words_are_marked_and_the_text_is_escaped():
    concern(1)
    page = at_desk(Role.READER).get("/concerns/").content.decode()
    assert "&lt;b&gt;palaa&lt;/b&gt;, <mark>savua</mark> tulee." in page
    assert 'name="said"' not in page


def test_an_official_says_what_it_is_and_takes_it_back():
    message, browser = concern(1), at_desk(Role.OFFICIAL)
    address = f"/messages/{message.pk}/concern/"
    assert browser.post(address, {"said": "real"}).status_code == 302
    assert Concern.objects.get().said == "real"
    assert "<mark>savua</mark>" not in browser.get("/concerns/").content.decode()
    assert "<mark>savua</mark>" in browser.get("/concerns/?concern=real").content.decode()
    browser.post(address)
    assert Concern.objects.get().said == ""
    assert browser.post(address, {"said": "perhaps"}).status_code == 404
    assert browser.post("/messages/999999/concern/", {"said": "real"}).status_code == 404


def test_the_menu_tells_how_many_wait_and_the_message_shows_its_words():
    message = concern(1)
    page = at_desk(Role.OFFICIAL).get(f"/messages/{message.pk}/").content.decode()
    assert "<mark>savua</mark>" in page
    assert " (1)</a>" in page


@pytest.mark.parametrize("address", ["/concerns/", "/safety/"])
def test_no_query_more_for_more_of_them(address):
    def case(number):
        message = concern(number)
        if address == "/safety/":
            SafetyCase.objects.create(message=message, reason="threat", status_before="grouped")

    browser = at_desk(Role.SUPERVISOR)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200
        return len(asked)

    case(1)
    browser.get(address)
    few = queries()
    case(2)
    case(3)
    assert queries() == few


def test_a_message_is_sent_the_path_of_safety_and_comes_back():
    message, official = concern(1), at_desk(Role.OFFICIAL)
    sent = official.post(f"/messages/{message.pk}/safety/", {"reason": "threat", "note": "hei"}, follow=True)
    assert sent.status_code == 200
    assert official.get(f"/messages/{message.pk}/").status_code == 404
    case = SafetyCase.objects.get()
    assert official.post(f"/safety/{case.pk}/close/").status_code == 403
    assert at_desk(Role.SUPERVISOR).post(f"/safety/{case.pk}/close/", {"back": "yes"}).status_code == 302
    assert Message.objects.get().status == "new"
    assert official.post(f"/messages/{message.pk}/safety/", {"reason": "dull"}).status_code == 404


def test_a_heated_message_shows_its_matter_before_its_tone():
    message = concern(1)
    Message.objects.update(text="Voi perkele mitä idiootteja!! Milloin katu aurataan?")
    page = at_desk(Role.READER).get(f"/messages/{message.pk}/").content.decode()
    first = page.index("<p>Milloin katu aurataan?</p>")
    assert first < page.index("Voi perkele")


def test_the_number_of_each_kind_opens_its_messages():
    fire, both, aside, judged = (concern(n) for n in range(4))
    Concern.objects.filter(message=both).update(kinds=["fire", "child"])
    Concern.objects.filter(message=aside).update(kinds=["child"])
    Message.objects.filter(pk=aside.pk).update(status="aside")
    Message.objects.filter(pk=both.pk).update(copy_of=fire)
    Concern.objects.filter(message=judged).update(said="nothing")
    browser = at_desk(Role.READER)
    page = browser.get("/concerns/").content.decode()
    shown = re.findall(r'href="(/inbox/\?concern=\w+)&amp;copies=all">[^<]+<span class="n">(\d+)</span>', page)
    assert shown == [("/inbox/?concern=any", "3"), ("/inbox/?concern=child", "2"), ("/inbox/?concern=fire", "2")]
    for address, n in shown:
        rows = json.loads(b"".join(browser.get(f"{address}&copies=all&format=json").streaming_content))
        assert len(rows) == int(n), address
    assert [one.pk for one in Filters(concern="fire").queryset()] == [fire.pk]
    assert Filters.of({"concern": "anger"}) == Filters()  # no such kind filters nothing
    told = browser.get("/inbox/?concern=fire", headers={"accept-language": "en"}).content.decode()
    assert "At once: Fire?" in re.sub(r"<[^>]+>", "", told)
    assert '<input type="hidden" name="concern" value="fire">' in told
    assert "concern=" not in browser.get("/concerns/?concern=real").content.decode().split("</nav>")[-1]


def test_the_page_says_how_many_are_likely_as_the_menu_does():
    concern(0)
    Concern.objects.filter(message=concern(1)).update(likely=False)
    page = at_desk(Role.READER).get("/concerns/", headers={"accept-language": "en"}).content.decode()
    assert "At once (1)</a>" in page
    assert "Likely: 1. They come first, the rest are only possible." in page
    assert page.count("It may be, it is not certain.") == 1
