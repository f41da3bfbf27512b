"""Narrowing the report: every count, list and quote follows, and what is shown can be saved."""

import csv
import io
import json
import random
import re
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import expect

DEMO = Path(__file__).parent.parent.parent / "src/kuulo/demo/messages.csv"
AREAS = ("Keskusta", "Rantakylä", "Harju")


@pytest.fixture(scope="module")
def told(report, tmp_path_factory):
    """The demo's first 150 messages with an area each, and what messages.csv says of them."""
    with DEMO.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))[:150]
    chance = random.Random(1)
    for row in rows:
        row["alue"] = chance.choice(AREAS)
    source = tmp_path_factory.mktemp("source") / "told.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    folder = report(source, "--names", "en")
    with (folder / "messages.csv").open(encoding="utf-8", newline="") as file:
        placed = list(csv.DictReader(file))
    return folder, [row | {"alue": source_row["alue"]} for row, source_row in zip(placed, rows, strict=True)]


@pytest.fixture(scope="module")
def one(report, tmp_path_factory):
    source = tmp_path_factory.mktemp("source") / "few.csv"
    lines = ["palaute", "Lisää parkkipaikkoja torin laidalle", "Parkkipaikat ovat aina täynnä", "Kiitos kirjastosta"]
    source.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return report(source, "--names", "en")


def narrow(tab, facet, value):
    if tab.locator("#filters").get_attribute("open") is None:
        tab.locator("#filters > summary").click()
    select = tab.locator("#facets .facet", has_text=facet).locator("select")
    label = next(text for text in select.locator("option").all_inner_texts() if text.startswith(f"{value} "))
    select.select_option(label=label)


def shown_sizes(tab):
    sizes = {}
    for theme in tab.locator("details.theme:visible").all():
        sizes[theme.locator(".id").first.inner_text()] = int(theme.locator(".amount b").first.inner_text().split()[0])
    return sizes


def test_all_counts_follow_the_filter_and_come_back(show, told):
    folder, rows = told
    tab = show(folder)
    before = shown_sizes(tab)
    narrow(tab, "alue", "Harju")
    wanted = Counter(row["theme"] for row in rows if row["alue"] == "Harju" and row["status"] == "grouped")
    assert shown_sizes(tab) == dict(wanted)
    number = sum(row["alue"] == "Harju" and row["status"] in {"grouped", "uncertain"} for row in rows)
    expect(tab.locator("#shown")).to_have_text(re.compile(f"^Showing {number} of "))
    tab.locator(".chip").click()
    assert shown_sizes(tab) == before
    assert tab.inner_text("#shown") == ""


def test_lists_quotes_and_search_show_only_what_is_chosen(show, told):
    folder, rows = told
    harju = {row["id"] for row in rows if row["alue"] == "Harju"}
    tab = show(folder)
    narrow(tab, "alue", "Harju")
    theme = tab.locator("details.theme:visible").first
    theme.locator("> summary").click()
    theme.locator("> .inside > .fold[data-list]").last.locator("> summary").click()
    theme.locator("> .inside .listing .message").first.wait_for()
    tab.fill("#query", "a")
    tab.locator("#results .message").first.wait_for()
    texts = {text for text in tab.locator(".teaser").all_text_contents() if text}
    messages = tab.evaluate("JSON.parse(document.getElementById('data').textContent)")
    of_harju = {
        text[0][:450]
        for text, area in zip(messages["texts"], messages["facets"][-1][2], strict=True)
        if area == messages["facets"][-1][1].index("Harju")
    }
    assert texts <= of_harju
    origins = tab.locator(".message:visible > .origin").all_inner_texts()
    assert len(origins) > 5
    assert {re.search(r"[KS]\d{4}", origin)[0] for origin in origins} <= harju


def test_a_period_narrows_too(show, told):
    folder, _ = told
    tab = show(folder)
    tab.locator("#filters > summary").click()
    tab.locator("#filters .timeline").wait_for()
    tab.fill("#from", "2026-06-01")
    tab.locator("#shown").wait_for()
    days = tab.evaluate("JSON.parse(document.getElementById('data').textContent).columns.day")
    wanted = sum(day is not None and day >= 20605 for day in days)  # 2026-06-01
    expect(tab.locator("#shown")).to_have_text(re.compile(f"^Showing {wanted} of "))
    expect(tab.locator(".chip")).to_have_text(re.compile("^2026-06-01"))
    tab.locator("#unfilter").click()
    assert tab.input_value("#from") == ""
    assert tab.evaluate("document.activeElement.id") == "themes"


@pytest.mark.parametrize("form", ["csv", "json"])
def test_what_is_shown_can_be_saved(show, told, form):
    folder, rows = told
    tab = show(folder)
    narrow(tab, "alue", "Keskusta")
    with tab.expect_download() as caught:
        tab.locator(f"#save-{form}").click()
    text = caught.value.path().read_text("utf-8-sig")
    wanted = [row for row in rows if row["alue"] == "Keskusta" and row["theme"]]
    themes = ["" if row["status"] == "uncertain" else row["theme_name"] for row in wanted]
    if form == "json":
        saved = json.loads(text)
        assert {told["value"] for record in saved for told in record["told"] if told["name"] == "alue"} == {
            "Keskusta"
        }
        assert [record["theme"] for record in saved] == themes
    else:
        saved = list(csv.DictReader(io.StringIO(text, newline="")))
        assert {record["alue"] for record in saved} == {"Keskusta"}
        assert [record["Theme"] for record in saved] == themes
        assert {record["Status"] for record in saved} <= {"In themes", "Uncertain"}


def test_the_order_follows_the_filter(show, told):
    folder, _ = told
    tab = show(folder)
    narrow(tab, "alue", "Harju")
    sizes = list(shown_sizes(tab).values())
    assert sizes == sorted(sizes, reverse=True)


def test_a_search_says_when_what_it_seeks_is_not_shown_or_stands_apart(show, told):
    folder, rows = told
    tab = show(folder)
    elsewhere = next(row for row in rows if row["alue"] != "Harju" and row["status"] == "grouped")
    narrow(tab, "alue", "Harju")
    tab.fill("#query", elsewhere["id"])
    expect(tab.locator("#found")).to_have_text("Not among the messages shown, but among all: 1 message.")
    apart = next(row for row in rows if row["status"] == "empty")
    tab.fill("#query", apart["id"])
    expect(tab.locator("#found")).to_have_text("Found among the rows that held nothing to group.")
    expect(tab.locator("#results li")).to_have_count(1)


def test_a_word_that_is_inflected_everywhere_is_found_by_its_beginning(show, one):
    tab = show(one)
    tab.fill("#query", "parkkipaikka")
    expect(tab.locator("#found")).to_have_text(re.compile("beginning “parkkipai”: 2 messages"))
    tab.fill("#query", "xyzzyxxyzzyx")
    expect(tab.locator("#found")).to_have_text("No message has all of these words.")


def test_a_link_to_a_theme_that_is_not_shown_shows_all_again(show, told):
    folder, _ = told
    tab = show(folder)
    tab.locator("#filters > summary").click()
    tab.fill("#to", "1999-01-01")
    expect(tab.locator("details.theme:visible")).to_have_count(0)
    tab.evaluate("location.hash = '#theme-T1'")
    expect(tab.locator("#theme-T1[open]")).to_be_visible()
    assert tab.inner_text("#shown") == ""


def test_paper_names_the_filter_and_lists_what_stands_apart(show, told):
    folder, _ = told
    tab = show(folder)
    narrow(tab, "alue", "Harju")
    tab.emulate_media(media="print")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.locator(".chip").inner_text().startswith("alue: Harju")
    assert tab.locator("#apart li:visible").count() > 0
    assert tab.locator("details.theme:visible:not([open])").count() == 0


def test_a_number_of_senders_opens_its_messages(show, told):
    folder, _ = told
    tab = show(folder)
    row = tab.locator("#senders tr", has_text="Rantakylä")
    number = row.locator("button").inner_text()
    row.locator("button").click()
    expect(tab.locator("#shown")).to_have_text(re.compile(f"^Showing {number} of "))


def test_themes_stand_side_by_side_and_each_number_opens_its_messages(show, told):
    folder, rows = told
    tab = show(folder)
    tab.locator("#across-by").select_option(label="alue")
    wanted = Counter(row["alue"] for row in rows if row["theme"] == "T1" and row["status"] == "grouped")
    head = tab.locator("#across-table thead th").all_inner_texts()[1:]
    first = tab.locator("#across-table tbody tr").first
    assert dict(zip(head, map(int, first.locator("td").all_inner_texts()), strict=True)) == wanted
    first.locator("button").first.click()
    expect(tab.locator("#theme-T1[open]")).to_be_visible()
    assert shown_sizes(tab)["T1"] == wanted[head[0]]


def test_themes_can_be_ordered(show, demo):
    tab = show(demo)
    firmness = json.loads((demo / "themes.json").read_bytes())["themes"]
    wanted = sorted((theme for theme in firmness if not theme["parent"]), key=lambda theme: -theme["firmness"])
    tab.locator("#order").select_option("firmness")
    shown = [theme.locator(".id").first.inner_text() for theme in tab.locator("details.theme").all()]
    values = {theme["id"]: theme["firmness"] for theme in wanted}
    assert [values[one] for one in shown] == [theme["firmness"] for theme in wanted]
    tab.locator("#order").select_option("size")
    assert tab.locator("details.theme .id").first.inner_text() == "T1"


def test_similar_messages_are_shown_on_demand(show, demo):
    tab = show(demo)
    tab.fill("#query", "K0543")
    box = tab.locator("#results details.copies")
    box.locator("summary").click()
    box.locator(".similar .message").first.wait_for()
    assert 1 <= box.locator(".similar .message").count() <= 6
    assert "K0543" not in box.locator(".similar").inner_text()


def test_a_word_of_the_cloud_finds_its_messages(show, demo):
    tab = show(demo)
    word = tab.locator("#cloud button").first
    text = word.inner_text()
    word.click()
    assert tab.input_value("#query") == text
    marks = tab.locator("#results mark").all_inner_texts()
    assert marks
    assert {mark.casefold() for mark in marks if mark} == {text.casefold()}


def test_the_map_shows_more_names_when_it_is_drawn_nearer(show, demo):
    tab = show(demo)
    names = tab.locator("#map text.part:not(.away)")
    before = names.count()
    for _ in range(4):
        tab.locator("#nearer").click()
    assert names.count() > before
    tab.locator("#whole").click()
    assert names.count() == before
    tab.locator("#map a").first.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("details.theme[open]")).to_have_count(1)


def test_a_theme_has_a_page_of_its_own(show, demo):
    tab = show(demo / "themes", page="T1.html")
    assert tab.locator("blockquote").count() >= 3
    assert tab.locator("script").count() == 0
    assert tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
