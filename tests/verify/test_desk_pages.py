"""Every page of the desk in a real browser: accessible, in order, in each language, wide and narrow, light and dark."""

from itertools import pairwise
from pathlib import Path

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from axe_playwright_python import sync_playwright as axe
from django.test import Client
from playwright.sync_api import expect
from tests.web.cast import person
from tests.web.doors import DOORS, furnish

from kuulo.desk import people
from kuulo.models import Role

ROOT = Path(__file__).parent.parent.parent
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
LOOKS = [
    ("fi", WIDE, "light"),
    ("sv", NARROW, "dark"),
    ("nb", WIDE, "dark"),
    ("en", NARROW, "light"),
]
# What must stand in the walk, so that a walk over nothing does not pass.
AT_LEAST = {"account", "people", "person", "units", "unit", "mfa_index", "account_change_password"}
AT_LEAST |= {"places", "place", "places_map", "places_bring", "places_file", "message_places"}
AT_LEAST |= {"discussions", "discussion", "discussion_new", "discussion_change"}
AT_LEAST |= {"storms", "storm", "storm_report", "storm_settings"}
AT_LEAST |= {"sources", "sources_new", "source_new", "source", "source_change", "replies", "duty"}
UNSEEN_FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  if (one === document.body) return "nowhere";
  const seen = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  return seen ? "" : one.outerHTML.slice(0, 120);
}"""


def pages(session):
    """Give the address of every page by name: whatever answers an administrator with HTML."""
    client = Client()
    client.cookies["sessionid"] = session
    answers = {name: (path, client.get(path)) for name, (path, _) in DOORS.items()}
    return {name: path for name, (path, answer) in answers.items() if is_page(answer)}


def is_page(answer):
    """Tell a whole page from data, and from the part of a page that a script fetches."""
    return answer.status_code == 200 and not answer.streaming and answer.content.startswith(b"<!doctype html")


def faults(tab, language):
    """Tell all that is wrong with a page."""
    found = axe.Axe().run(tab, options=RULES)
    for violation in found.response["violations"]:
        yield violation["id"], violation["nodes"][0]["html"][:200]
    wide = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0:
        yield "runs out of the page sideways", wide
    if tab.evaluate("document.documentElement.lang") != language:
        yield "lang", tab.evaluate("document.documentElement.lang")
    levels = tab.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5')].map((h) => +h.tagName[1])")
    if levels.count(1) != 1 or any(after > before + 1 for before, after in pairwise(levels)):
        yield "headings", levels
    yield from {("focus is not seen", seen) for seen in tabbed(tab) if seen}


def tabbed(tab, times=15):
    """Press Tab a few times; each stop must be seen."""
    for _ in range(times):
        tab.keyboard.press("Tab")
        seen = tab.evaluate(UNSEEN_FOCUS)
        if seen == "nowhere":
            return
        yield seen


@pytest.mark.parametrize(("language", "width", "scheme"), LOOKS)
def test_every_page_is_for_everyone(desk, language, width, scheme):
    furnish()
    session = desk.session(Role.ADMINISTRATOR)
    if scheme == "dark":  # the account's other half: with a second step in place
        admin = person(Role.ADMINISTRATOR)
        TOTP.activate(admin, generate_totp_secret())
        RecoveryCodes.activate(admin)
    tab = desk.open(viewport=width, color_scheme=scheme, locale=language)
    tab.context.add_cookies([{"name": "sessionid", "value": session, "url": desk.server}])
    wrong, walk = {}, pages(session)
    assert walk.keys() >= AT_LEAST
    for name, path in walk.items():
        tab.goto(path)
        found = [*faults(tab, language), *(("said", line) for line in desk.heard())]
        if found:
            wrong[name] = found
    assert not wrong, "\n".join(f"{name}: {found}" for name, found in wrong.items())


@pytest.mark.parametrize(("language", "width", "scheme"), LOOKS)
def test_the_way_in_is_for_everyone(desk, language, width, scheme):
    link = people.first_administrator_link()
    void, stranger = "/welcome/nothing/", desk.open("stranger", viewport=width, color_scheme=scheme, locale=language)
    person("stranger").memberships.all().delete()
    tab = desk.open(viewport=width, color_scheme=scheme, locale=language)
    wrong = {}
    for opened, path in ((tab, "/accounts/login/"), (tab, link), (tab, void), (tab, "/nowhere/"), (stranger, "/")):
        opened.goto(path)
        said = [line for line in desk.heard() if not line.startswith("Failed to load resource")]  # a 404 is one
        if found := [*faults(opened, language), *said]:
            wrong[path] = found
    assert wrong == {}


def test_the_keyboard_reaches_the_content_and_the_menus(desk):
    tab = desk.open(Role.ADMINISTRATOR, viewport=NARROW, locale="en")
    tab.goto("/people/")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Skip to content")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_be_focused()
    menu, own = tab.get_by_role("group", name="My menu"), tab.get_by_role("button", name="My menu")
    expect(menu).to_be_hidden()
    own.press("Enter")
    expect(menu).to_be_visible()
    expect(menu.get_by_role("link", name="People")).to_have_attribute("aria-current", "page")
    tab.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    own.press("Enter")
    menu.get_by_role("button", name="Svenska").press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Användare")


def test_somebody_is_asked_in_comes_and_leaves(desk):
    person(Role.ADMINISTRATOR)
    tab = desk.open(Role.ADMINISTRATOR, viewport=WIDE, locale="en")
    tab.goto("/people/")
    tab.get_by_text("Invite somebody").click()
    tab.get_by_label("E-mail", exact=True).fill("olav@example.org")
    tab.get_by_label("Role").select_option("reader")
    tab.get_by_role("button", name="Make the link").click()
    link = tab.locator(".link").inner_text()
    newcomer = desk.open(viewport=NARROW, locale="nb")
    newcomer.goto(link)
    newcomer.get_by_label("Navn").fill("Olav Ås")
    newcomer.get_by_label("Passord").fill("kolme vihreää omenaa")
    newcomer.get_by_role("button", name="Åpne skrivebordet").click()
    newcomer.goto("/account/")
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("Min konto")
    newcomer.get_by_role("button", name="Olav Ås").click()
    newcomer.get_by_role("button", name="Logg ut").click()
    newcomer.goto("/account/")
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("Logg inn")
    desk.said[:] = [line for line in desk.said if "Failed to load resource" not in line]  # themes may not be there


def test_a_passkey_opens_the_desk(desk):
    tab = desk.open(Role.READER, viewport=WIDE, locale="en")
    keys = tab.context.new_cdp_session(tab)
    keys.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": kind | {"isUserVerified": True}})
    tab.goto("/accounts/2fa/webauthn/add/")
    tab.get_by_role("checkbox").check()
    tab.get_by_role("button", name="Add").click()
    expect(tab.get_by_role("heading", level=1)).not_to_have_text("Add Security Key")
    tab.context.clear_cookies()
    tab.goto("/accounts/login/?next=/account/")
    tab.get_by_role("button", name="Log in with a passkey").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("My account")


def test_without_script_everything_of_the_account_works(desk):
    tab = desk.open(Role.READER, viewport=WIDE, locale="en")
    plain = tab.context.browser.new_context(base_url=desk.server, java_script_enabled=False, locale="en")
    page = plain.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(person(Role.READER).email)
    page.get_by_label("Password").fill("kolme vihreää omenaa")
    page.get_by_role("button", name="Log in", exact=True).click()
    page.goto("/account/")
    expect(page.get_by_role("heading", level=1)).to_have_text("My account")
    plain.close()


def test_pages_are_ready_for_paper(desk):
    tab = desk.open(Role.ADMINISTRATOR, viewport=WIDE, locale="en")
    tab.goto("/people/")
    tab.emulate_media(media="print")
    expect(tab.locator("header.top")).to_be_hidden()
    expect(tab.get_by_role("table")).to_be_visible()


@pytest.mark.parametrize(("scheme", "button"), [("light", "rgb(138, 31, 92)"), ("dark", "rgb(200, 151, 179)")])
def test_the_colours_in_the_instructions_dress_the_desk(desk, settings, tmp_path, scheme, button):
    told = (ROOT / "docs/how-to/change-the-colours.md").read_text("utf-8")
    (tmp_path / "colours.css").write_text(told.split("```css\n")[1].split("```")[0])
    settings.THEME_CSS = str(tmp_path / "colours.css")
    tab = desk.open(viewport=WIDE, color_scheme=scheme, locale="en")
    tab.goto("/accounts/login/")
    expect(tab.get_by_role("button", name="Log in", exact=True)).to_have_css("background-color", button)
    assert list(faults(tab, "en")) == []
