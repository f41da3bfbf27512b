"""The report page in a real browser: search, long lists, folded copies, keyboard, reflow, accessibility."""

import re
from dataclasses import replace

import pytest
from axe_playwright_python import sync_playwright as axe
from playwright.sync_api import expect

from kuulo.group.result import Grouping, Placement, Theme
from kuulo.message import Message
from kuulo.report.page import pages

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
ATTACK = "</script><img src=x onerror=alert(1)><!-- \u2028 päivä"


@pytest.fixture
def show(browser, account, tmp_path):
    """Open a result's page from disk; anything on the console or any dialogue fails the test."""
    said, contexts = [], []

    def open_page(messages, grouping, **options):
        file = tmp_path / "report.html"
        file.write_text(
            pages(messages, grouping, ledger=account(messages, grouping))["report.html"], encoding="utf-8"
        )
        contexts.append(browser.new_context(**options))
        tab = contexts[-1].new_page()
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        tab.on("request", lambda request: said.append(request.url) if "report.html" not in request.url else None)
        tab.goto(file.as_uri())
        return tab

    yield open_page
    for context in contexts:
        context.close()
    assert [line for line in said if line != "data:,"] == []


def search(tab, words):
    tab.fill("#query", "")
    expect(tab.locator("#found")).to_have_text("")
    tab.fill("#query", words)
    expect(tab.locator("#found")).not_to_have_text("")
    return tab.inner_text("#found"), tab.locator("#results .message blockquote").all_inner_texts()


def test_search_needs_neither_capitals_nor_accents_and_every_word(show, town):
    tab = show(*town)
    assert search(tab, "JATTAA portin") == ("1 message found", ["Aura jättää vallin portin eteen."])
    assert tab.locator("#results mark").all_inner_texts() == ["jättää", "portin"]
    assert search(tab, "odelagt")[1] == ["Sklia på lekeplassen er ødelagt."]
    assert search(tab, "aura snow") == ("No message has all of these words.", [])
    tab.press("#query", "Escape")
    assert (tab.input_value("#query"), tab.inner_text("#results")) == ("", "")


def test_copies_are_folded_and_counted(show, town):
    tab = show(*town)
    found, texts = search(tab, "wall of snow")
    assert (found, len(texts)) == ("2 messages found, 1 different text", 1)
    tab.locator("#results .copies summary").click()
    assert tab.inner_text("#results .copies").splitlines() == [
        "the same text 2 times",
        "row 3 · A2 the plough leaves a wall of snow at my gate",
    ]


def test_a_message_leads_to_the_theme_that_it_is_counted_in(show, town):
    tab = show(*town)
    search(tab, "vallin")
    tab.locator("#results a", has_text="portit").click()
    assert tab.locator("#theme-t1").get_attribute("open") is not None
    assert tab.locator("#theme-t1\\.2").is_visible()


def test_an_uncertain_message_names_its_nearest_theme(show, town):
    tab = show(*town)
    tab.locator("#uncertain summary").click()
    tab.locator("#uncertain .message").wait_for()
    assert "far from the other messages · Nearest theme: t3" in tab.inner_text("#uncertain")
    tab.locator("#apart summary").click()
    tab.locator("#apart li").first.wait_for()
    assert "row 8 · A7 · Unreadable · broken characters" in tab.inner_text("#apart")


def test_long_lists_come_in_pieces_and_the_keyboard_keeps_its_place(show, one_theme):
    messages, grouping = one_theme(*(f"message {at}" for at in range(120)))
    tab = show(messages, grouping)
    tab.locator("#theme-t1 > summary").press("Enter")
    tab.locator("#theme-t1 .fold > summary").press("Enter")
    entries = tab.locator("#theme-t1 .fold .message")
    entries.first.wait_for()
    assert entries.count() == 50
    tab.get_by_role("button", name="Show 50 more").press("Enter")
    assert entries.count() == 100
    assert tab.evaluate("document.activeElement.textContent").startswith("message 50")
    tab.get_by_role("button", name="Show 20 more").click()
    assert entries.count() == 120
    assert tab.get_by_role("button", name="more").count() == 0


def test_hostile_words_stay_words_wherever_the_script_puts_them(show, one_theme):
    messages, grouping = one_theme(ATTACK, ATTACK + "!", name=ATTACK, file=ATTACK.replace("/", ""))
    first, second = grouping.placements
    grouping = replace(grouping, placements=(first, replace(second, copy_of=0)))
    tab = show((messages[0], replace(messages[1], column=ATTACK)), grouping)
    tab.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    assert search(tab, "onerror PAIVA")[0] == "2 messages found, 1 different text"
    tab.locator("#results .copies summary").click()
    assert tab.locator("img").count() == 0
    assert tab.locator("#results mark").all_inner_texts()[:2] == ["onerror", "päivä"]


@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
def test_the_page_is_accessible_and_fits(show, town, scheme, width):
    tab = show(*town, color_scheme=scheme, viewport={"width": width, "height": 800})
    tab.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    search(tab, "a")
    found = axe.Axe().run(tab, options=RULES).response
    nodes = [
        (rule["id"], node["html"]) for rule in found["violations"] + found["incomplete"] for node in rule["nodes"]
    ]
    # what lies behind a name on the map axe cannot tell; the next test does
    assert [node for node in nodes if not node[1].startswith("<text")] == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_names_on_the_map_stand_out_from_land_and_sea(show, town, scheme):
    tab = show(*town, color_scheme=scheme)

    def colour(selector, part):
        found = tab.locator(selector).first.evaluate(f"(element) => getComputedStyle(element).{part}")
        return [int(value) / 255 for value in re.findall(r"\d+", found)[:3]]

    def luminance(rgb):
        parts = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in rgb]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    name = luminance(colour("#map text", "fill"))
    for ground in (colour("#map .shore", "fill"), colour("#map .ground", "fill"), colour("#map", "backgroundColor")):
        dark, light = sorted((name, luminance(ground)))
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_everything_can_be_reached_and_seen_from_the_keyboard(show, town):
    tab = show(*town)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Skip to the themes"
    assert tab.locator(".skip").bounding_box()["y"] >= 0
    seen = set()
    for _ in range(20):
        tab.keyboard.press("Tab")
        style = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style == "solid"
        seen.add(tab.evaluate("document.activeElement.tagName"))
    assert {"A", "INPUT", "BUTTON", "SUMMARY"} <= seen


def test_a_part_of_a_large_result_says_that_it_is_one(browser, tmp_path):
    from kuulo.report.ledger import draw_up_ledger

    size = 20_001
    messages = tuple(Message(text=f"text {at}", row=at + 1) for at in range(size))
    theme = Theme(id="t1", names={"en": "all"}, messages=size, central=(0,))
    grouping = Grouping(placements=(Placement(status="grouped", theme="t1"),) * size, themes=(theme,))
    ledger = draw_up_ledger(messages, grouping, settings={}, versions={})
    file = tmp_path / "report.html"
    file.write_text(pages(messages, grouping, ledger=ledger)["report.html"], encoding="utf-8")
    tab = browser.new_page()
    tab.goto(file.as_uri())
    tab.locator("#theme-t1 > summary").click()
    tab.locator("#theme-t1 .fold > summary").click()
    tab.locator("#theme-t1 .fold .intro").wait_for()
    assert tab.inner_text("#theme-t1 .fold .intro").startswith(
        "This page holds 200 different texts of 20,001 messages"
    )
    tab.close()
