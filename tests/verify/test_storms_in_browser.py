"""A storm's card in a real browser: taken in two presses, alive while it is open, and read at once on a phone."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tests.desk.storm_rows import many, say, storm

from kuulo.models import Role, Storm

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def one(transactional_db):
    many(12)
    return storm(record={"weeks": 12, "most": 6})


def test_the_card_is_taken_and_given_back_at_once(desk, one):
    tab = desk.open(Role.OFFICIAL, viewport=PHONE, locale="en")
    tab.goto("/storms/")
    tab.get_by_role("link", name="teema T1").click()
    expect(tab.locator(".sentence")).to_contain_text("17 messages in 2 hours (14 different people), normally 1.")
    take = tab.get_by_role("button", name="I take it")
    expect(take).to_be_in_viewport()
    take.click()
    expect(tab.get_by_text("It is in your hands now.")).to_be_visible()
    expect(tab.locator("#storm-now")).to_contain_text("Taken by Official.")
    tab.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(tab.locator("#storm-now")).to_contain_text("Nobody has taken this yet.")


def test_what_changes_comes_by_itself_and_what_is_open_stays_open(desk, one):
    tab = desk.open(Role.OFFICIAL, viewport=PHONE, locale="en")
    tab.clock.install()
    tab.goto(f"/storms/{one.pk}/")
    tab.get_by_text("Write in the log").click()
    tab.get_by_label("What happened?").fill("Soitin kentälle")
    tab.get_by_text("The same as numbers").click()
    expect(tab.locator("#storm-facts .numbers")).to_contain_text("12")
    say("Vielä yksi lumivalli", 0, by=77)
    Storm.objects.update(counted=34, told_at=34, answered_at=timezone.now())
    tab.clock.fast_forward(31_000)
    expect(tab.locator(".sentence")).to_contain_text("34 messages")
    expect(tab.locator(".answer-state")).to_contain_text("after the alarm")
    expect(tab.locator("#storm-facts .numbers")).to_contain_text("13")
    expect(tab.get_by_label("What happened?")).to_have_value("Soitin kentälle")
    expect(tab.locator("#growth-table")).to_be_visible()


def test_the_chart_has_its_numbers_beside_it(desk, one):
    tab = desk.open(Role.READER, viewport=PHONE, locale="en")
    tab.goto(f"/storms/{one.pk}/report/")
    expect(tab.get_by_role("img", name="Messages from")).to_be_visible()
    tab.get_by_text("The same as numbers").click()
    cells = tab.locator("#growth-table tbody td:nth-child(2)").all_inner_texts()
    assert sum(map(int, cells)) == 12
    expect(tab.get_by_role("button", name="I take it")).to_have_count(0)
