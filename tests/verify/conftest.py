"""A real browser and real reports. What is missing here fails; nothing is skipped."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright
from tests.web.cast import PASSWORD, person

from kuulo.models import Role

# the browser's driver runs an event loop beside the tests, whose own code is synchronous
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
ROOT = Path(__file__).parent.parent.parent
DEMO = ROOT / "src/kuulo/demo/messages.csv"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective + " " + event.blockedURI));
"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = os.environ.get("KUULO_CHROMIUM") or shutil.which("chromium")
    assert chromium, "no chromium: apt-get install chromium, or name one with KUULO_CHROMIUM"
    with sync_playwright() as started:
        running = started.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture(scope="session")
def report(tmp_path_factory) -> Callable[..., Path]:
    """Group a file with the real command; give the result's folder."""
    cache = os.environ.get("KUULO_CACHE") or str(tmp_path_factory.mktemp("cache"))

    def made(file: Path, *options: str) -> Path:
        folder = tmp_path_factory.mktemp("result") / "out"
        command = [sys.executable, "-m", "kuulo", "group", str(file), "--out", str(folder), *options]
        environment = os.environ | {"KUULO_CACHE": cache}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        return folder

    return made


@pytest.fixture(scope="session")
def demo(report) -> Path:
    return report(DEMO, "--names", "en", "--title", "Kaislalahti and Sivvåg")


def saved(url: str) -> bool:
    """What the page gives to be saved is no request to anybody."""
    return url.startswith("blob:")


@pytest.fixture
def show(browser) -> Iterator[Callable[..., Page]]:
    """Open a report from the disk. At the end nothing may have been said, blocked, asked for or popped up."""
    said: list[str] = []
    contexts, tabs = [], []

    def opened(folder: Path, *, page: str = "report.html", **options) -> Page:
        contexts.append(browser.new_context(**options))
        contexts[-1].add_init_script(WATCH)
        tab = contexts[-1].new_page()
        tabs.append((tab, options.get("java_script_enabled", True)))
        address = (folder / page).as_uri()
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        tab.on(
            "request",
            lambda request: (
                said.append(request.url) if request.url.split("#")[0] != address and not saved(request.url) else None
            ),
        )
        tab.goto(address)
        return tab

    yield opened
    said += [line for tab, scripted in tabs if scripted for line in tab.evaluate("window.violations")]
    for context in contexts:
        context.close()
    assert [line for line in said if line != "data:,"] == []


class Desk:
    """The desk in a browser: opens pages as somebody, and hears what the browser says meanwhile."""

    def __init__(self, browser: Browser, server: str) -> None:
        self.browser, self.server = browser, server
        self.contexts, self.said = [], []

    def open(self, role: Role | str | None = None, **options) -> Page:
        """Give a tab in which somebody with a role is logged in as people log in (None: nobody is)."""
        context = self.browser.new_context(base_url=self.server, **options)
        context.add_init_script(WATCH)
        self.contexts.append(context)
        if role:
            context.add_cookies([{"name": "sessionid", "value": self.session(role), "url": self.server}])
        tab = context.new_page()
        tab.on("console", lambda message: self.said.append(message.text))
        tab.on("pageerror", lambda error: self.said.append(str(error)))
        tab.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        tab.on("request", lambda request: None if self.ours(request.url) else self.said.append(request.url))
        return tab

    def ours(self, url: str) -> bool:
        return url.startswith((f"{self.server}/", "data:", "blob:"))

    def session(self, role: Role | str) -> str:
        """Log in with a password, and once more as one does before changing the account."""
        somebody, client = person(role), Client()
        client.post("/accounts/login/", {"login": somebody.email, "password": PASSWORD})
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        return client.session.session_key

    def heard(self) -> list[str]:
        """Give what was said since this was last asked."""
        for context in self.contexts:
            for tab in context.pages:
                self.said += tab.evaluate("window.violations?.splice(0) ?? []")
        said, self.said[:] = list(self.said), []
        return said


@pytest.fixture
def desk(browser, live_server, transactional_db) -> Iterator[Desk]:
    """The desk, served; at the end the browser may have said, blocked or asked elsewhere for nothing."""
    cache.clear()
    opened = Desk(browser, live_server.url)
    yield opened
    said = opened.heard()
    for context in opened.contexts:
        context.close()
    assert said == []
