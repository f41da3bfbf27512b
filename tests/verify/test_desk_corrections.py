"""The queue of uncertain messages and the proposals in a real browser, by the keyboard alone."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect
from tests.desk.town import message, theme

from kuulo.desk.correct import rename
from kuulo.models import Correction, Intake, Message, Proposal, Regroup, Theme

pytestmark = pytest.mark.django_db(transaction=True)
WIDE = "a" * 200


@pytest.fixture
def opened(desk):

    def opened(address: str, **options):
        page = desk.open("official", **options)
        page.goto(address)
        return page

    return opened


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


def test_the_queue_is_walked_through_with_the_keyboard_alone(opened):
    third, second, first = queue(3)
    page = opened("/uncertain/")
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
    expect(page.locator(".turn")).to_be_focused()
    expect(page.get_by_role("button", name="Undo")).to_have_count(1)
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


def test_the_queue_works_without_script(opened):
    one, _ = queue(2)
    page = opened("/uncertain/", java_script_enabled=False)
    page.get_by_role("link", name=re.compile("Leave it")).click()
    expect(page.locator("#turn")).to_have_text("2 of 2")
    page.locator(".near button").first.click()
    expect(page.locator("#turn")).to_have_text("1 of 1")
    one.refresh_from_db()
    assert one.status == "grouped"


def test_proposals_are_decided_with_the_keyboard_alone(opened):
    queue(1)
    tops = list(Theme.objects.order_by("pk"))
    regroup = Regroup.objects.create(state="done")
    for take, other in ((tops[0], tops[1]), (tops[2], tops[3])):
        Proposal.objects.create(regroup=regroup, kind="merge", theme=take, other=other)
    page = opened("/proposals/")
    cards = page.locator("[data-card]")
    expect(cards).to_have_count(2)
    page.keyboard.press("n")
    page.keyboard.press("n")
    expect(cards.nth(1)).to_be_focused()
    page.keyboard.press("a")
    expect(cards).to_have_count(1)
    expect(cards.first).to_be_focused()
    assert Theme.objects.get(code="T4").merged_into == tops[2]
    page.keyboard.press("d")
    expect(page.locator(".empty")).to_be_visible()
    expect(page.locator("main")).to_be_focused()
    assert sorted(Proposal.objects.values_list("state", flat=True)) == ["accepted", "declined"]


@pytest.mark.parametrize(
    "address", ["/uncertain/", "/proposals/", "/themes/T1/log/", "/intakes/", "/themes/T1/always/?words=unsure"]
)
def test_nothing_sticks_out_of_a_narrow_page(opened, address):
    (one,) = queue(1)
    Proposal.objects.create(
        regroup=Regroup.objects.create(), kind="split", theme=Theme.objects.get(code="T1"), messages=[one.pk]
    )
    Intake.objects.create(file_name="feedback-of-the-whole-autumn.csv", file_size=1, state="done", source=one.source)
    rename(
        Theme.objects.get(code="T1"), {"en": "the ploughing of small streets"}, person=None, reason="a long reason"
    )
    page = opened(address, viewport={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    scrolled = "[...document.querySelectorAll('.scroll')].filter((one) => one.scrollWidth > one.clientWidth).length"
    assert page.evaluate(scrolled) == 0
