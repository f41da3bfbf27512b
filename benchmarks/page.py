"""Measure report.html of 10,000 messages: ``python -m benchmarks.page`` (KUULO_CHROMIUM names the browser).

How large it is, when it is painted and whole, and how long a filter, a theme, a search and the slowest frame take.
"""

import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.speed import invented_texts

_MESSAGES = 10_000
_AREAS = ("Harju", "Keskusta", "Mäki", "Rantakylä", "Satama")
_SCROLL = """() => new Promise((done) => {
  let [frames, worst, last] = [0, 0, performance.now()];
  const go = () => {
    const now = performance.now();
    worst = Math.max(worst, now - last);
    last = now;
    scrollBy(0, 200);
    if (++frames < 120) requestAnimationFrame(go); else done(worst);
  };
  requestAnimationFrame(go);
})"""
_PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000"
_WHOLE = "(performance.timing.domComplete - performance.timing.navigationStart) / 1000"


def _written(file: Path) -> None:
    chance = random.Random(0)
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["id", "pvm", "alue", "ikä", "viesti"])
        for number, text in enumerate(invented_texts(_MESSAGES), start=1):
            day = f"2026-{chance.randint(1, 11):02}-{chance.randint(1, 28):02}"
            rows.writerow([number, day, chance.choice(_AREAS), chance.randint(15, 90), text])


def _seconds(tab: Page, work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    tab.evaluate("1")  # answers when the page has done its work
    return time.perf_counter() - start


def _figures(tab: Page, file: Path) -> Iterator[tuple[str, str]]:
    yield "size", f"{file.stat().st_size / 1e6:.1f} MB"
    opened = [(tab.goto(file.as_uri()), tab.evaluate(_PAINTED), tab.evaluate(_WHOLE)) for _ in range(3)]
    yield "painted, best of three", f"{min(painted for _, painted, _ in opened):.2f} s"
    yield "whole, best of three", f"{min(whole for _, _, whole in opened):.2f} s"
    yield "elements", str(tab.evaluate("document.querySelectorAll('*').length"))
    tab.locator("#filters > summary").click()
    area = tab.locator("#facets .facet", has_text="alue").locator("select")
    yield "narrowed to an area", f"{_seconds(tab, lambda: area.select_option(index=1)):.2f} s"
    yield "opened a theme", f"{_seconds(tab, tab.locator('details.theme:visible > summary').first.click):.2f} s"
    yield "searched (0.12 s of it waits for the next key)", f"{_seconds(tab, lambda: _search(tab)):.2f} s"
    yield "slowest frame while scrolling", f"{tab.evaluate(_SCROLL):.0f} ms"


def _search(tab: Page) -> None:
    tab.fill("#query", "bussi")
    tab.locator("#found:not(:empty)").wait_for()


def main() -> None:
    """Group, open, print the figures."""
    chromium = os.environ.get("KUULO_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        source, result = Path(folder, "messages.csv"), Path(folder, "result")
        _written(source)
        subprocess.run([sys.executable, "-m", "kuulo", "group", source, "--out", result], check=True)
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for what, figure in _figures(browser.new_page(), result / "report.html"):
            print(f"| {what} | {figure} |")
        browser.close()


if __name__ == "__main__":
    main()
