"""The inbox in a real browser: by keyboard alone, on a phone, and with messages that come in meanwhile."""

import numpy as np
import pytest
from playwright.sync_api import expect
from tests.desk.desk_rows import add_message, add_theme, place

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def messages():
    vector = np.zeros(768, np.float16)
    vector[0] = 1
    theme = add_theme("T1")
    made = [add_message(f"Viesti {n} " + "sanoja " * 90, language="fi", vector=vector.tobytes()) for n in range(3)]
    for message in made:
        place(message, theme)
    return made


def test_the_list_is_walked_by_keyboard_but_never_while_somebody_types(desk, messages):
    tab = desk.open("official")
    tab.goto("/inbox/")
    tab.keyboard.press("j")
    tab.keyboard.press("j")
    expect(tab.locator(f"#m{messages[1].pk}")).to_be_focused()
    tab.keyboard.press("k")
    expect(tab.locator(f"#m{messages[2].pk}")).to_be_focused()
    tab.keyboard.press("/")
    field = tab.locator("[data-search]")
    expect(field).to_be_focused()
    tab.keyboard.type("jk/")
    expect(field).to_have_value("jk/")
    field.fill("")
    field.blur()
    tab.keyboard.press("j")
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(f"{desk.server}/messages/{messages[2].pk}/")


def test_new_messages_are_offered_and_the_list_stays(desk, messages):
    tab = desk.open("official")
    tab.clock.install()
    tab.goto("/inbox/")
    add_message("Tuore viesti")
    tab.clock.run_for(16_000)
    expect(tab.locator(".news")).to_have_text("1 new message – show")
    expect(tab.locator(".stream > li")).to_have_count(3)
    tab.locator(".news a").click()
    expect(tab.locator(".stream > li")).to_have_count(4)


def test_similar_messages_come_into_the_page(desk, messages):
    tab = desk.open("reader")
    tab.goto(f"/messages/{messages[0].pk}/")
    tab.locator("#near a").click()
    expect(tab.locator("#near .stream > li")).to_have_count(2)
    expect(tab.locator("#near .nearness").first).to_have_text("same")


@pytest.mark.parametrize("scripted", [True, False])
def test_a_phone_shows_all_of_it_with_and_without_script(desk, messages, scripted):
    tab = desk.open("official", viewport={"width": 320, "height": 700}, java_script_enabled=scripted)
    for address in (
        "/inbox/?copies=all",
        f"/messages/{messages[0].pk}/",
        "/search/?words=viesti",
        "/views/",
        "/tags/",
    ):
        tab.goto(address)
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    tab.goto("/inbox/")
    tab.locator(".bar-fold > summary").click()
    tab.locator("#f-copies").select_option("all")
    tab.locator(".bar-fold button").click()
    expect(tab.locator(".chips.on")).to_contain_text("Copies")
