"""Read the desk as eight people do while a file is taken in: python -m benchmarks.desk_load 100000 300

A desk of invented messages (benchmarks/desk_data.py) is served by ``kuulo serve`` in a folder of its own. Eight
readers with sessions of their own ask for a page each every half a second; a file of 30,000 rows is on its way in.
Told are, for each page, the times until the whole answer was there.
"""

import argparse
import csv
import http.client
import io
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from urllib.parse import quote

READERS, PAUSE = 8, 0.5
IMPORTED = 30_000


def main() -> None:
    """Fill, serve, read, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("messages", type=int)
    parser.add_argument("themes", type=int)
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--folder", type=Path, help="a filled desk from an earlier run, or where to make one")
    parser.add_argument("--port", type=int, default=8877)
    parser.add_argument("--calm", action="store_true", help="without a file on its way in")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kuulo-load-") as made:
        folder = asked.folder or Path(made)
        os.environ["KUULO_DATA"] = str(folder)
        if not (folder / "kuulo.sqlite3").exists():
            fill = [sys.executable, "-m", "benchmarks.desk_data", str(asked.messages), str(asked.themes)]
            subprocess.run(fill, check=True)
        pages, cookies = prepare()
        if not asked.calm:
            bring_file()
        measure(pages, cookies, port=asked.port, seconds=asked.seconds, calm=asked.calm)


def prepare() -> tuple[dict[str, list[str]], list[str]]:
    """Give the addresses to read by kind of page, and the session cookies of the readers."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kuulo.settings")
    import django

    django.setup()
    from kuulo.models import Message, Theme

    pick = random.Random(1)
    last = Message.objects.order_by("-pk").values_list("pk", flat=True)[0]
    themes = list(Theme.objects.filter(parent=None, state="live").values_list("code", "names"))
    codes = [code for code, _ in themes]
    words = [next(iter(names.values())).split(",")[0] for _, names in themes if names]
    pages = {
        "inbox": ["/inbox/"],
        "inbox, filtered": [f"/inbox/?channel={one}" for one in ("form", "email", "facebook")]
        + [f"/inbox/?theme={code}&language=sv" for code in pick.sample(codes, 10)],
        "themes": ["/themes/", "/themes/?sort=growth"],
        "theme": [f"/themes/{code}/" for code in [*codes[:5], *pick.sample(codes, 25)]],
        "message": [f"/messages/{pick.randint(1, last)}/" for _ in range(60)],
        "search": [f"/search/?words={quote(word)}" for word in ["katu", "kadulla", *pick.sample(words, 20)]],
    }
    return pages, [session(f"reader{at}@example.org") for at in range(READERS)]


def session(email: str) -> str:
    """Make a reader and a session; give its cookie."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from kuulo.models import Membership, Person, Role

    person = Person.objects.filter(email=email).first() or Person.objects.create_user(email)
    Membership.objects.get_or_create(person=person, unit=None, role=Role.OFFICIAL)
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.save()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


def bring_file() -> None:
    """Queue a file of new messages."""
    from kuulo.desk.intake import bring, source_named, start
    from kuulo.hear.reading import Orders

    pick = random.Random(time.time_ns())
    words = [
        "katu",
        "aura",
        "lumi",
        "koulu",
        "bussi",
        "puisto",
        "uimahalli",
        "kirjasto",
        "valo",
        "tie",
        "pyörä",
        "roska",
        "melu",
        "kiitos",
        "toive",
        "lapsi",
    ]
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(["id", "time", "message"])
    for at in range(IMPORTED):
        text = " ".join(pick.choices(words, k=pick.randint(5, 40)))
        writer.writerow([f"N{time.time_ns()}-{at}", "2026-11-08 12:00", f"{text} {at}"])
    intake = bring(io.BytesIO(table.getvalue().encode()), name="more.csv", person=None)
    start(intake, orders=Orders(), source=source_named("A file on its way in"), person=None)


def measure(pages: dict[str, list[str]], cookies: list[str], *, port: int, seconds: float, calm: bool) -> None:
    """Serve the desk and read it; print what it took."""
    serve = [sys.executable, "-m", "kuulo", "serve", "--data", os.environ["KUULO_DATA"], "--port", str(port)]
    serving = subprocess.Popen(serve, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        for kind in pages.values():  # the first look at a page compiles its template
            ask(port, kind[0], cookies[0])
        if not calm:
            wait_for_import()
        before = waiting()
        times, failures = read(pages, cookies, port=port, seconds=seconds)
        tell(times, failures, before, waiting())
    finally:
        serving.terminate()
        serving.wait()


def wait_for_import() -> None:
    """Wait until the worker is at the file."""
    from kuulo.models import Intake

    while not Intake.objects.filter(state=Intake.State.RUNNING, rows_done__gt=0).exists():
        time.sleep(0.2)


def waiting() -> tuple[int, int]:
    """Give how many rows were taken in, and how many messages wait to be placed."""
    from django.db.models import Sum

    from kuulo.models import Intake, Message

    done = Intake.objects.aggregate(done=Sum("rows_done"))["done"]
    return done, Message.objects.filter(status=Message.Status.NEW).count()


def read(
    pages: dict[str, list[str]], cookies: list[str], *, port: int, seconds: float
) -> tuple[dict[str, list[float]], list[str]]:
    """Let the readers read; give seconds by kind of page, and what was not answered with 200."""
    times: defaultdict[str, list[float]] = defaultdict(list)
    failures: list[str] = []
    end = time.monotonic() + seconds

    def reader(at: int) -> None:
        pick = random.Random(at)
        time.sleep(at * PAUSE / READERS)
        while (begun := time.monotonic()) < end:
            kind = pick.choice([*pages])
            address = pick.choice(pages[kind])
            status = ask(port, address, cookies[at])
            times[kind].append(time.monotonic() - begun)
            if status != 200:
                failures.append(f"{status} {address}")
            time.sleep(max(0.0, PAUSE - (time.monotonic() - begun)))

    threads = [threading.Thread(target=reader, args=(at,)) for at in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return dict(times), failures


def ask(port: int, address: str, cookie: str) -> int:
    """Ask for a page as a browser does; give the status once the whole answer is there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", address, headers={"Cookie": cookie, "Accept-Language": "fi"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def wait_for(port: int) -> None:
    """Wait until the desk answers."""
    while True:
        try:
            ask(port, "/health/live", "")
        except OSError:
            time.sleep(0.2)
        else:
            return


def tell(times: dict[str, list[float]], failures: list[str], before: tuple[int, int], after: tuple[int, int]) -> None:
    """Print a table of milliseconds."""
    print("| page | asked | median ms | p95 ms | slowest ms |\n|---|---|---|---|---|")
    everything = sorted(one for some in times.values() for one in some)
    for kind, some in [*times.items(), ("all", everything)]:
        row = sorted(some)
        median, most = row[len(row) // 2], row[min(len(row) - 1, int(0.95 * len(row)))]
        print(f"| {kind} | {len(row)} | {1000 * median:.0f} | {1000 * most:.0f} | {1000 * row[-1]:.0f} |")
    print(f"rows taken in: {before[0]} to {after[0]}; messages that wait: {before[1]} to {after[1]}")
    print(f"not answered with 200: {failures[:5] or 'none'}")


if __name__ == "__main__":
    main()
