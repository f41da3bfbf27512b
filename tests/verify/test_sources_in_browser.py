"""Connecting a source in a real browser."""

import pytest
from playwright.sync_api import expect
from tests.hear.door import Door, Told

from kuulo.models import Connection, Role, Source

FEED = '<rss version="2.0"><channel><title>Lähilehti</title></channel></rss>'


@pytest.fixture
def site():
    site = Door(lambda _asked: Told(body=FEED.encode()))
    yield site
    site.close()


def test_a_connection_is_tried_kept_and_listened_to(desk, site):
    tab = desk.open(Role.ADMINISTRATOR, viewport={"width": 1280, "height": 900}, locale="en")
    tab.goto("/sources/")
    tab.get_by_role("link", name="Add a source").click()
    tab.get_by_role("link", name="RSS or Atom feed").click()
    tab.get_by_label("Address of the feed").fill(site.url + "/syote")
    tab.get_by_label("Name", exact=True).fill("Kommentit")
    tab.get_by_role("button", name="Test this connection").click()
    expect(tab.locator("#tested")).to_contain_text("stands in a closed network")
    tab.get_by_label("It is in the municipality’s own network").check()
    tab.get_by_role("button", name="Test this connection").click()
    expect(tab.locator("#tested")).to_contain_text("It works. This is “Lähilehti”.")
    expect(tab.get_by_label("Name", exact=True)).to_have_value("Kommentit")
    assert Source.objects.count() == 0
    tab.get_by_label("What it is for").fill("To hear residents")
    tab.get_by_role("button", name="Save and start listening").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Kommentit")
    expect(tab.locator("#health")).to_contain_text("It is heard for the first time in a moment.")
    assert Connection.objects.get().state == "queued"
    Connection.objects.update(state="running")
    expect(tab.locator("#health")).to_contain_text("Listening now")
    tab.get_by_role("button", name="Stop listening").click()
    expect(tab.locator("#health")).to_contain_text("Off")


def test_without_script_a_connection_is_tried_too(desk, site):
    tab = desk.open(Role.ADMINISTRATOR, locale="en", java_script_enabled=False)
    tab.goto("/sources/new/rss/")
    tab.get_by_label("Address of the feed").fill(site.url + "/syote")
    tab.get_by_label("It is in the municipality’s own network").check()
    tab.get_by_role("button", name="Test this connection").click()
    expect(tab.locator("#tested")).to_contain_text("It works. This is “Lähilehti”.")
    expect(tab.get_by_label("Address of the feed")).to_have_value(site.url + "/syote")
    assert Source.objects.count() == 0
    tab.context.close()
    desk.contexts.remove(tab.context)
