"""How soon is a storm seen? python -m benchmarks.storm_seen

The quiet invented town is filled and served as ``kuulo demo`` does, and a leader's page is open in a real browser.
Then residents write of the ferry, one after the other, through the interface for programs. After each the desk is
given time to come to rest, so that it is known which message crossed the threshold. Told are the seconds from that
message to the storm in the database, to the notice on the open page, and to the card that its link opens.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from importlib.resources import files
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

PORT = 8878
# a notice is asked for every half minute
REST, LONGEST = 12.0, 90.0


def main() -> None:
    """Fill, serve, tell, watch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=PORT)
    port = parser.parse_args().port
    with tempfile.TemporaryDirectory(prefix="kuulo-storm-") as folder:
        serving, link = serve(Path(folder), port)
        try:
            key = make_key(folder)
            with sync_playwright() as played:
                browser = played.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
                watch(browser, link, key, port)
        finally:
            serving.terminate()
            serving.wait()


def serve(folder: Path, port: int) -> tuple["subprocess.Popen[str]", str]:
    """Fill the quiet town and serve it; give the process and the link for the first administrator."""
    command = [sys.executable, "-m", "kuulo", "demo", "--stage", "quiet", "--data", str(folder), "--port", str(port)]
    serving = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert serving.stdout is not None
    for line in serving.stdout:
        if "/welcome/" in line:
            return serving, line.split()[-1]
    message = "the desk did not open"
    raise RuntimeError(message)


def make_key(folder: str) -> str:
    """Make a key for a program."""
    os.environ |= {"KUULO_DATA": folder, "DJANGO_SETTINGS_MODULE": "kuulo.settings", "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
    import django

    django.setup()
    from kuulo.desk.push import make_key as make
    from kuulo.models import Person, Source

    by = Person.objects.create_user("bench@example.org")
    return make(by, Source.objects.create(name="Ohjelma"), name="bench")


def ferry() -> list[str]:
    """Give what residents write of the ferry."""
    rows = files("kuulo").joinpath("demo/weeks.csv").read_text("utf-8-sig")
    return [
        row["message"] for row in csv.DictReader(rows.splitlines(keepends=True), delimiter=";") if row["id"][0] == "F"
    ]


def watch(browser: Browser, link: str, key: str, port: int) -> None:
    """Tell the messages, and what is seen when."""
    tab = browser.new_page(locale="en")
    tab.goto(link)
    tab.fill("input[name=email]", "aino@example.org")
    tab.fill("input[name=name]", "Aino Esimerkki")
    for box in tab.locator("input[type=password]").all():
        box.fill("kuulas-aamu-2026")
    tab.locator("main form button[type=submit]").first.click()
    tab.locator("#rising").wait_for(state="attached")
    tab.goto(f"http://127.0.0.1:{port}/themes/")
    from kuulo.models import Storm

    known = set(Storm.objects.values_list("pk", flat=True))
    # a rise is for the list of storms alone, and what is found in hindsight is told nobody
    told_of = Storm.objects.exclude(level=Storm.Level.RISE).filter(seen__isnull=False, part_of=None)
    for at, text in enumerate(ferry(), start=1):
        said = time.perf_counter()
        push(port, key, at, text)
        while time.perf_counter() - said < REST and not (opened := set(told_of.values_list("pk", flat=True)) - known):
            time.sleep(0.05)
        if opened:
            stored = time.perf_counter() - said
            tab.locator("#rising a").first.wait_for(timeout=LONGEST * 1000)
            noticed = time.perf_counter() - said
            tab.locator("#rising a").first.click()
            tab.locator(".sentence").wait_for()
            card = time.perf_counter() - said
            told = {"messages": at, "stored_s": stored, "notice_s": noticed, "card_s": card}
            print(json.dumps(told | {"sentence": tab.locator(".sentence").first.inner_text()}, ensure_ascii=False))
            return
    print(json.dumps({"messages": len(ferry()), "storm": None}))


def push(port: int, key: str, at: int, text: str) -> None:
    """Bring one message as a program does."""
    body = json.dumps([{"id": f"S{at}", "text": text, "author": f"p{at}"}]).encode()
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/api/messages", body, method="POST")
    asked.add_header("Authorization", f"Bearer {key}")
    asked.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(asked, timeout=30) as answer:
        assert json.load(answer)["added"] == 1


if __name__ == "__main__":
    main()
