"""The report of the demo as people meet it: on a desk and on a phone, by day and by night, by mouse and by keys."""

import csv
import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

DEMO = Path(__file__).parent.parent.parent / "src/kuulo/demo/messages.csv"
ATTACK = "</script><img src=x onerror=alert(1)>"
OPEN_ALL = "document.querySelectorAll('details').forEach((details) => { details.open = true; })"
FOCUSED = (
    "document.activeElement.id || document.activeElement.closest('details')?.id || document.activeElement.tagName"
)


def fits(tab) -> bool:
    return tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def complaints(tab) -> list[tuple[str, str]]:
    found = Axe().run(tab).response["violations"]
    return [(rule["id"], node["html"][:200]) for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_fits_and_is_accessible(show, demo, width, scheme):
    tab = show(demo, viewport={"width": width, "height": 800}, color_scheme=scheme)
    assert tab.inner_text("h1") == "Kaislalahti and Sivvåg"
    assert fits(tab)
    assert complaints(tab) == []
    tab.locator("details.theme > summary").first.click()
    tab.locator("details.theme .fold > summary").first.click()
    tab.locator("#uncertain summary").click()
    tab.locator("#uncertain .message").first.wait_for()
    tab.fill("#query", "a")
    tab.locator("#results .message").first.wait_for()
    assert complaints(tab) == []
    tab.evaluate(OPEN_ALL)
    expect(tab.locator(".listing:empty:not(#results)")).to_have_count(0)
    assert fits(tab)


def test_light_and_dark_are_two(show, demo):
    colour = "getComputedStyle(document.body).backgroundColor + getComputedStyle(document.body).color"
    day, night = (show(demo, color_scheme=scheme).evaluate(colour) for scheme in ("light", "dark"))
    assert day != night


def plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


def placed(folder: Path) -> list[tuple[dict[str, str], str]]:
    """Each row of messages.csv that has a theme, with its text."""
    with DEMO.open(encoding="utf-8-sig", newline="") as file:
        texts = [row["message"] for row in csv.DictReader(file, delimiter=";")]
    with (folder / "messages.csv").open(encoding="utf-8", newline="") as file:
        return [pair for pair in zip(csv.DictReader(file), texts, strict=True) if pair[0]["theme"]]


def test_search_finds_every_message_with_the_word_and_no_other(show, demo):
    texts = [plain(text) for _, text in placed(demo)]
    words = Counter(word for text in texts for word in set(re.findall(r"\b[a-z]{6,}\b", text)))
    word = next(word for word, count in words.most_common() if 5 <= count <= 45)
    holding = [text for text in texts if word in text]
    tab = show(demo)
    tab.fill("#query", word.upper())
    expect(tab.locator("#found")).to_have_text(re.compile(f"^{len(holding)} messages found"))
    assert all(plain(shown) == word for shown in tab.locator("#results mark").all_inner_texts())
    tab.fill("#query", "xyzzyx")
    expect(tab.locator("#found")).to_have_text("No message has all of these words.")
    assert tab.locator("#results .message").count() == 0
    tab.press("#query", "Escape")
    assert (tab.input_value("#query"), tab.inner_text("#found")) == ("", "")


def test_opening_a_theme_shows_its_messages(show, demo):
    themes = json.loads((demo / "themes.json").read_bytes())["themes"]
    top = [theme for theme in themes if not theme["parent"]]
    tab = show(demo)
    assert tab.locator("details.theme").count() == len(top)
    largest = tab.locator("details.theme").first
    assert largest.locator("blockquote").first.is_hidden()
    largest.locator("> summary").click()
    assert largest.locator("blockquote").first.is_visible()
    largest.locator(".inside > .fold[data-list]").last.locator("> summary").click()
    entries = largest.locator(".inside > .fold[data-list]").last.locator(".listing > ul > li")
    entries.first.wait_for()
    while tab.get_by_role("button", name=re.compile("Show .* more")).count():
        tab.get_by_role("button", name=re.compile("Show .* more")).first.click()
    assert entries.count() == top[0]["counts"]["distinct"]


def test_the_keyboard_alone_reaches_search_and_theme(show, demo):
    tab = show(demo)
    reached = []
    for _ in range(24):
        tab.keyboard.press("Tab")
        reached.append(tab.evaluate(FOCUSED))
        assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", reached
        if reached[-1] == "query":
            tab.keyboard.type("a")
            expect(tab.locator("#found")).to_have_text(re.compile("found"))
            tab.keyboard.press("Escape")
        if reached[-1].startswith("theme-"):
            break
    assert "query" in reached
    theme = tab.locator(f"[id='{reached[-1]}']")
    assert theme.get_attribute("open") is None
    tab.keyboard.press("Enter")
    assert theme.get_attribute("open") is not None


def test_the_themes_can_be_read_without_a_script(show, demo):
    tab = show(demo, java_script_enabled=False)
    assert tab.locator("noscript").is_visible()
    assert tab.locator("#query").is_hidden()
    tab.locator("details.theme > summary").first.click()
    assert tab.locator("details.theme blockquote").first.is_visible()


def test_hostile_words_stay_words_wherever_they_stand(show, report, tmp_path):
    file = tmp_path / "<img src=x onerror=alert(2)>.csv"
    lines = [
        f"Lumivalli on portin edessä {ATTACK}",
        f"{ATTACK} Snövallen är framför porten",
        "<svg/onload=alert(3)> The plough left a wall of snow",
        '"><a href="javascript:alert(4)">bussi</a> on myöhässä',
        "<!-- <script>alert(5)</script> Bussen er forsinket \u2028 ja \u202e kiinni",
    ]
    with file.open("w", encoding="utf-8", newline="") as opened:
        rows = [[f"palaute {ATTACK}", f"nimimerkki {ATTACK}"], *([line, ATTACK] for line in lines)]
        csv.writer(opened, delimiter=";").writerows(rows)
    tab = show(report(file, "--header", "--text", "1", "--author", "2", "--title", ATTACK))
    tab.evaluate(OPEN_ALL)
    tab.fill("#query", "onerror")
    tab.locator("#results .message").first.wait_for()
    assert tab.locator("img, svg:not(.bar, #map), a[href^='javascript']").count() == 0
    assert tab.title() == tab.inner_text("h1") == ATTACK
    assert sum(ATTACK in shown for shown in tab.locator("#results blockquote").all_inner_texts()) == 2
    assert "<img src=x onerror=alert(2)>.csv" in tab.inner_text("#ledger")
    assert tab.locator("script").count() == 2
