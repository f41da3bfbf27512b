"""The notice of a storm in a real browser: it comes to an open page, is read out, and is put aside."""

import pytest
from playwright.sync_api import expect
from tests.desk.alerted import storm
from tests.web.cast import person

from kuulo.models import Duty, Role, Storm

NARROW = {"width": 360, "height": 740}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_storm_comes_to_an_open_page_and_is_put_aside(desk, scheme):
    Duty.objects.create(person=person(Role.OFFICIAL))
    tab = desk.open(Role.OFFICIAL, viewport=NARROW, color_scheme=scheme, locale="en")
    tab.clock.install()
    tab.goto("/account/")
    notice = tab.locator("#rising")
    expect(notice).to_have_attribute("role", "status")
    expect(notice.get_by_role("link")).to_have_count(0)
    told = storm()
    tab.clock.run_for(31_000)
    card = notice.get_by_role("link", name="School meals")
    expect(card).to_be_visible()
    assert card.get_attribute("href") == f"/storms/{told.pk}/"
    assert tab.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    tab.evaluate("document.querySelector('#rising a').focus()")
    tab.clock.run_for(31_000)
    expect(card).to_be_focused()  # what stays the same is not drawn anew
    notice.get_by_role("button", name="Hide this").click()
    expect(card).to_have_count(0)
    tab.goto("/account/")
    expect(card).to_have_count(0)
    Storm.objects.update(told_at=40)
    tab.clock.run_for(31_000)
    expect(card).to_be_visible()


def test_without_script_the_notice_stands_on_the_next_page_and_can_be_put_aside(desk):
    tab = desk.open(Role.SUPERVISOR, java_script_enabled=False, locale="en")
    storm()
    tab.goto("/account/")
    expect(tab.locator("#rising").get_by_role("link", name="Open the card")).to_be_visible()
    tab.get_by_role("button", name="Hide this").click()
    expect(tab).to_have_url(f"{desk.server}/account/")
    expect(tab.locator("#rising").get_by_role("link")).to_have_count(0)


def test_who_is_logged_out_meanwhile_keeps_the_page_as_it_is(desk):
    tab = desk.open(Role.SUPERVISOR, locale="en")
    tab.clock.install()
    tab.goto("/account/")
    tab.context.clear_cookies()
    with tab.expect_response("**/duty/news/**") as answer:
        tab.clock.run_for(31_000)
    assert answer.value.status == 204
    expect(tab.get_by_role("heading", level=1)).to_have_count(1)
