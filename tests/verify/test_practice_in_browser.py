"""The page of a practice in a real browser: for everyone, in each language, while the clock goes."""

import pytest
from playwright.sync_api import expect
from tests.desk.storm_rows import storm
from tests.desk.training import begun, train
from tests.verify.test_desk_pages import LOOKS, faults

from kuulo.desk.practice.storm import tell_due
from kuulo.models import Role


@pytest.fixture
def training(settings, tmp_path):
    settings.PRACTICE, settings.DATA_DIR = True, tmp_path
    train(tmp_path)


@pytest.mark.parametrize(("language", "width", "scheme"), LOOKS)
def test_the_page_of_a_practice_is_for_everyone(desk, training, language, width, scheme):
    tab = desk.open(viewport=width, color_scheme=scheme, locale=language)
    session = {"name": "sessionid", "value": desk.session(Role.ADMINISTRATOR), "url": desk.server}
    tab.context.add_cookies([session])
    tab.goto("/practice/")
    assert [*faults(tab, language)] == []
    begun(minutes_ago=60)
    tell_due(lambda: False)
    storm(began=60, opened=30)
    # the page looks again by itself
    expect(tab.locator("#practice-now svg .mark")).to_have_count(1, timeout=30_000)
    assert [*faults(tab, language), *desk.heard()] == []


def test_the_clock_is_let_go_and_stopped_by_keyboard(desk, training):
    tab = desk.open(locale="en")
    session = {"name": "sessionid", "value": desk.session(Role.SUPERVISOR), "url": desk.server}
    tab.context.add_cookies([session])
    tab.goto("/practice/")
    for button, state in (
        ("Begin", "running"),
        ("Pause", "Paused"),
        ("Go on", "running"),
        ("End the practice", "over"),
    ):
        tab.get_by_role("button", name=button).press("Enter")
        expect(tab.locator("#practice-now")).to_contain_text(state)
    expect(tab.get_by_role("button", name="Go on")).to_have_count(0)
