"""The municipality's own log-in, by a real provider of OpenID Connect on this machine and a real browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from playwright.sync_api import expect
from tests.web.cast import person

from kuulo.desk import people
from kuulo.desk.permissions import roles
from kuulo.models import Event, Person, Role
from kuulo.settings import log_in_service, origin

USERS = """config_version: 1
users:
  liv: {password: "pw", email: "liv@example.org", tenant: "default"}
  olav: {password: "pw", email: "Olav@example.org", tenant: "default"}
"""
SETTINGS = """config_version: 1
server: {{host: "127.0.0.1", port: {port}}}
oauth:
  issuer: "{issuer}"
  require_pkce: true
  clients:
    - {{client_id: "kuulo", client_secret: "s3cret", redirect_uris: ["{callback}"]}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address, process):
    for _ in range(300):
        assert process.poll() is None, "the provider did not start"
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the provider does not answer")


@pytest.fixture
def service(live_server, tmp_path, settings):
    """A provider that knows Liv and Olav, and a desk that knows the provider."""
    port = free_port()
    issuer = f"http://localhost:{port}"
    callback = f"{live_server.url}/accounts/oidc/kuulo/login/callback/"
    (tmp_path / "users.yaml").write_text(USERS)
    (tmp_path / "settings.yaml").write_text(SETTINGS.format(port=port, issuer=issuer, callback=callback))
    (tmp_path / "keys").mkdir()
    settings.SOCIALACCOUNT_PROVIDERS = log_in_service(issuer, name="Kaislalahti", client="kuulo", secret="s3cret")
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {
        "DIRECTIVES": policy | {"form-action": [*policy["form-action"], origin(issuer)]}
    }
    command = [sys.executable, "-m", "nanoidp", "--config", str(tmp_path), "--host", "127.0.0.1", "--port", str(port)]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("NANOIDP")}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log)
    try:
        wait_for(f"{issuer}/.well-known/openid-configuration", process)
        yield
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def come_by_service(desk, service):
    """Log in by the service as one of its users, in a browser that was never here."""

    def come(name):
        tab = desk.browser.new_context(base_url=desk.server, locale="en").new_page()
        desk.contexts.append(tab.context)
        tab.goto("/accounts/login/?next=/account/")
        tab.get_by_role("button", name="Log in with Kaislalahti").click()
        tab.locator("input[name=username]").fill(name)
        tab.locator("input[name=password]").fill("pw")
        tab.locator("button[type=submit]").last.click()
        tab.wait_for_url(f"{desk.server}/**")
        return tab

    return come


def test_who_was_not_asked_in_gets_in_without_a_role_and_sees_whom_to_ask(come_by_service):
    person(Role.ADMINISTRATOR, name="Anna")
    tab = come_by_service("liv")
    expect(tab.get_by_role("heading", level=1)).to_have_text("My account")
    tab.goto("/")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Your account has no role yet")
    expect(tab.get_by_role("link", name="Anna")).to_be_visible()
    liv = Person.objects.get(email="liv@example.org")
    assert (roles(liv), liv.has_usable_password()) == (frozenset(), False)
    assert [event.kind for event in Event.objects.filter(person=liv)] == ["account-made", "logged-in"]


def test_who_was_asked_in_comes_with_the_role_and_the_link_is_used_up(come_by_service):
    token = people.invite(person(Role.ADMINISTRATOR), email="olav@example.org", role=Role.OFFICIAL, unit=None)
    expect(come_by_service("olav").locator("main")).to_contain_text("Official")
    with pytest.raises(people.NotNow):
        people.look_at(token)
    expect(come_by_service("olav").locator("main")).to_contain_text("Official")
    assert Person.objects.filter(email__iexact="olav@example.org").count() == 1


def test_who_has_a_password_here_comes_to_the_same_account(come_by_service):
    olav = person(Role.READER, name="Olav")
    expect(come_by_service("olav").locator("main")).to_contain_text("Reader")
    assert Person.objects.filter(email__iexact=olav.email).count() == 1


def test_an_answer_that_nobody_asked_for_opens_nothing(come_by_service, desk):
    tab = desk.browser.new_context(base_url=desk.server, locale="en").new_page()
    desk.contexts.append(tab.context)
    tab.goto("/accounts/oidc/kuulo/login/callback/?code=stolen&state=unknown")
    expect(tab.get_by_role("heading", level=1)).to_have_count(1)
    tab.goto("/account/")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Log in")
