"""The themes in a real browser: found as one types, drawn nearer, nothing blocked, nothing sticking out."""

import re

import pytest
from playwright.sync_api import expect
from tests.desk.themes_town import Said, build

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = {
    "T1": {"en": "snow ploughing", "fi": "auraus"},
    "T2": {"en": "school meals", "fi": "kouluruoka"},
    "T3": {"en": "a very long name of a theme that nobody would give / but somebody gave it", "fi": "pitkä"},
    "T1.1": {"en": "ridges at gates"},
    "T1.2": {"en": "slippery pavements again"},
}


def town() -> list[Said]:
    long = "Donaudampfschifffahrtsgesellschaft" * 12
    return [
        *(
            Said(at=("T1", "T1.1"), days=at, kind="wants", author=f"a{at}", background=[["Alue", "Keskusta"]])
            for at in range(30)
        ),
        *(Said(at=("T1", "T1.2"), days=at, kind="opposes", channel="e-mail") for at in range(20)),
        *(Said(at=("T2",), days=at * 3, text=long, channel=long[:60]) for at in range(9)),
        Said(at=("T3",), days=100),
    ]


@pytest.fixture
def opened(desk):
    build(town(), NAMES)

    def opened(address: str, **options):
        page = desk.open("reader", **options)
        page.goto(address)
        return page

    return opened


def test_a_theme_is_found_as_one_types_and_the_address_keeps_it(opened):
    page = opened("/themes/")
    expect(page.locator(".theme h3")).to_have_count(3)
    page.get_by_label("Find a theme by its name").fill("meals")
    expect(page.locator(".theme h3")).to_have_text(["school meals"])
    expect(page).to_have_url(re.compile("name=meals"))
    page.reload()
    expect(page.locator(".theme h3")).to_have_text(["school meals"])


def test_the_map_shows_more_names_when_it_is_drawn_nearer_and_opens_a_theme(opened):
    page = opened("/themes/?view=map", viewport={"width": 330, "height": 700})
    part = page.locator("#map text.part", has_text="slippery pavements")
    expect(page.locator("#map text:not(.part):not(.away)", has_text="snow ploughing")).to_have_count(1)
    expect(part).to_have_class("part away")
    island = page.locator('#map a[href="/themes/T1/"]')
    for _ in range(2):
        page.get_by_role("button", name="Nearer").click()
    expect(part).to_have_class("part")
    page.get_by_role("button", name="Whole map").click()
    expect(part).to_have_class("part away")
    island.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("snow ploughing")


@pytest.mark.parametrize(
    "address", ["/themes/", "/themes/?view=map", "/themes/T1/", "/themes/T2/", "/themes/T1.1/", "/compare/"]
)
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_sticks_out_sideways(opened, address, width):
    page = opened(address, viewport={"width": width, "height": 800})
    wide, room = page.evaluate(
        "[document.querySelector('main').scrollWidth, document.querySelector('main').clientWidth]"
    )
    assert wide <= room


@pytest.mark.parametrize("address", ["/themes/", "/themes/?view=map", "/compare/"])
def test_every_theme_can_be_opened_without_a_script(opened, address):
    page = opened(address, java_script_enabled=False)
    page.locator('main a[href="/themes/T2/"]').first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("school meals")
