"""The municipality's own form in a real browser: for everybody, on a phone, in the dark, without a script."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from kuulo.desk import own_form
from kuulo.models import Connection, Message, Source

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page():
    cache.clear()
    told = {"page": "palaute", "title_en": "Tell the town", "title_fi": "Kerro kunnalle", "ask_contact": "yes"}
    source = Source.objects.create(name="Form", channel="form")
    Connection.objects.create(source=source, connector="form", settings=told, state="queued")
    return "/say/palaute/?lang=en"


def without_barriers(tab):
    assert Axe().run(tab).response["violations"] == []
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_somebody_writes_by_keyboard_on_a_phone(desk, page, scheme):
    tab = desk.open(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    tab.goto(page)
    without_barriers(tab)
    field = tab.get_by_label("Your message (required)")
    field.focus()
    tab.keyboard.type("The road is icy")
    for _ in range(2):  # past the field that only machines fill
        tab.keyboard.press("Tab")
    expect(tab.get_by_label("Your e-mail address (voluntary)")).to_be_focused()
    tab.keyboard.type("anna")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("button", name="Send")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("Is the address right?")).to_be_visible()
    without_barriers(tab)
    expect(field).to_have_value("The road is icy")
    tab.get_by_label("Your e-mail address (voluntary)").fill("")
    opened = own_form.stamp("palaute", timezone.now() - timedelta(minutes=1))
    tab.evaluate("opened => document.querySelector('[name=stamp]').value = opened", opened)
    tab.get_by_role("button", name="Send").click()
    expect(tab.get_by_role("heading", name="Thank you!")).to_be_visible()
    without_barriers(tab)
    expect(tab.get_by_text(Message.objects.get().origin_id)).to_be_visible()


def test_without_a_script_it_is_the_same(desk, page):
    tab = desk.open(java_script_enabled=False)
    tab.goto(page)
    tab.get_by_label("Your message (required)").fill("The road is icy")
    tab.get_by_role("link", name="Suomi").click()
    expect(tab.get_by_role("heading", name="Kerro kunnalle")).to_be_visible()
    tab.get_by_role("button", name="Lähetä").click()
    expect(tab.get_by_text("Kirjoita ensin viestisi tähän.")).to_be_visible()
