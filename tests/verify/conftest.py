"""A real browser and real reports. What is missing here fails; nothing is skipped."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

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
