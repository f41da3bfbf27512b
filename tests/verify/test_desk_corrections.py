"""The queue of uncertain messages and the proposals in a real browser, by the keyboard alone."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect
from tests.desk.town import message, theme
from tests.web.cast import person

from kuulo.models import Correction, Message, Proposal, Regroup, Theme

pytestmark = pytest.mark.django_db(transaction=True)
WIDE = "a" * 200


@pytest.fixture
def desk(live_server, browser, client):
    """Open a page as an official. At the end nothing may have been said or blocked."""
    client.force_login(person(name="aino"))
    said: list[str] = []
    contexts = []

    def opened(address: str, **options):
        contexts.append(browser.new_context(**options))
        cookies = {"sessionid": client.cookies["sessionid"].value, "django_language": "en"}
        contexts[-1].add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
        )
        page = contexts[-1].new_page()
        page.on("console", lambda one: said.append(one.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(live_server.url + address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []


def queue(count: int) -> list[Message]:
    tops = [theme(f"T{n}", en=name) for n, name in enumerate(("snow", "school", "buses", "lights"), start=1)]
    for n, one in enumerate(tops):
        example = message(f"an example of {one.names['en']} {WIDE}", one)
        middle = np.array([1, n / 4], np.float16).tobytes()
        Theme.objects.filter(pk=one.pk).update(centroid=middle, central=[example.pk])
    vector = np.array([1, 0], np.float16).tobytes()
    return [message(f"unsure {n}", tops[0], uncertain=True, vector=vector) for n in range(count)]


def home(one: Message) -> str:
    return one.placements.get().theme.code


def test_the_queue_is_walked_through_with_the_keyboard_alone(desk):
    third, second, first = queue(3)
    page = desk("/uncertain/")
    place, text = page.locator("#turn"), page.locator(".turn > blockquote")
    expect(place).to_have_text("1 of 3")
    expect(text).to_contain_text("unsure 2")
    page.keyboard.press("n")
    expect(place).to_have_text("2 of 3")
    page.keyboard.press("p")
    expect(place).to_have_text("1 of 3")
    choice = page.locator('[data-key="2"]').get_attribute("value")
    page.keyboard.press("2")
    expect(place).to_have_text("1 of 2")
    expect(text).to_contain_text("unsure 1")
    assert home(first) == choice
    page.keyboard.press("u")
    expect(place).to_have_text("1 of 3")
    expect(text).to_contain_text("unsure 2")
    first.refresh_from_db()
    assert first.status == "uncertain"
    page.keyboard.press("n")
    expect(place).to_have_text("2 of 3")
    page.keyboard.press("t")
    expect(page.get_by_label("Another theme")).to_be_focused()
    page.keyboard.type("1n2u")
    expect(page.get_by_label("Another theme")).to_have_value("1n2u")
    expect(place).to_have_text("2 of 3")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("buses")
    page.keyboard.press("Enter")
    expect(text).to_contain_text("unsure 0")
    assert home(second) == "T3"
    page.keyboard.press("1")
    expect(place).to_have_text("1 of 1")
    page.keyboard.press("3")
    expect(page.locator(".empty")).to_be_visible()
    third.refresh_from_db()
    assert third.status == "grouped"
    assert Correction.objects.filter(undone_at=None).count() == 3


def test_the_queue_works_without_script(desk):
    one, _ = queue(2)
    page = desk("/uncertain/", java_script_enabled=False)
    page.get_by_role("link", name=re.compile("Leave it")).click()
    expect(page.locator("#turn")).to_have_text("2 of 2")
    page.locator(".near button").first.click()
    expect(page.locator("#turn")).to_have_text("1 of 1")
    one.refresh_from_db()
    assert one.status == "grouped"


def test_proposals_are_decided_with_the_keyboard_alone(desk):
    queue(1)
    tops = list(Theme.objects.order_by("pk"))
    regroup = Regroup.objects.create(state="done")
    for take, other in ((tops[0], tops[1]), (tops[2], tops[3])):
        Proposal.objects.create(regroup=regroup, kind="merge", theme=take, other=other)
    page = desk("/proposals/")
    cards = page.locator("[data-card]")
    expect(cards).to_have_count(2)
    page.keyboard.press("n")
    page.keyboard.press("n")
    expect(cards.nth(1)).to_be_focused()
    page.keyboard.press("a")
    expect(cards).to_have_count(1)
    assert Theme.objects.get(code="T4").merged_into == tops[2]
    page.keyboard.press("d")
    expect(page.locator(".empty")).to_be_visible()
    assert sorted(Proposal.objects.values_list("state", flat=True)) == ["accepted", "declined"]


@pytest.mark.parametrize(
    "address", ["/uncertain/", "/proposals/", "/themes/T1/log/", "/themes/T1/always/?words=unsure"]
)
def test_nothing_sticks_out_of_a_narrow_page(desk, address):
    (one,) = queue(1)
    Proposal.objects.create(
        regroup=Regroup.objects.create(), kind="split", theme=Theme.objects.get(code="T1"), messages=[one.pk]
    )
    page = desk(address, viewport={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
