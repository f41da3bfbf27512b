"""An import that is killed at any moment goes on where it was: nothing lost, nothing doubled, nothing half done."""

import os
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

ROWS = 5_000
# Each run is a fork of one process that stands ready, so that it is killed while it works and not while it starts.
PROGRAM = """
import os, random, signal, sqlite3, sys, time
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
from kuulo.desk.intake import bring, source_named, start, take_in
from kuulo.desk.words import search_text
from kuulo.hear.reading import Orders
from kuulo.lang.identify import identify
from kuulo.models import Intake

def work():
    Intake.objects.filter(state__in=["queued", "running"]).update(state="running")
    take_in(Intake.objects.get(), stop=lambda: False)

def rows_done():
    base = sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=20)
    found = base.execute("SELECT rows_done FROM kuulo_intake").fetchone()[0]
    base.close()
    return found

with open(sys.argv[1], "rb") as file:
    intake = bring(file, name="palautteet.csv", person=None)
start(intake, orders=Orders(), source=source_named("Lomake"), person=None)
# what takes a while to load is loaded before the forks
search_text(identify("Aura jättää vallin portin eteen"), "und")
dice, most = random.Random(3), int(sys.argv[2])
kills, places = 0, set()
while kills < most:
    connection.close()
    before = rows_done()
    child = os.fork()
    if not child:
        work()
        os._exit(0)
    # every third time at its beginning, else a moment after a batch was stored
    until = time.monotonic() + (dice.uniform(0, 0.3) if kills % 3 == 0 else 60)
    while time.monotonic() < until and rows_done() == before and os.waitpid(child, os.WNOHANG) == (0, 0):
        time.sleep(0.001)
    time.sleep(dice.uniform(0, 0.1))
    try:
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    except (ProcessLookupError, ChildProcessError):
        break
    if not os.WIFSIGNALED(status):
        break
    kills += 1
    places.add(rows_done())
work()
print(kills, len(places))
"""


def written(path: Path) -> Path:
    """A file with equal rows, known ids, an id with two texts, a broken time and hashtags."""
    dice = random.Random(8)
    lines = ["id;pvm;nimimerkki;palaute"]
    for at in range(ROWS):
        origin = f"A{at}" if dice.random() < 0.5 else ""
        text = dice.choice(["Lunta tiellä #auraus", "Bussi ei tullut", f"Katuvalo {at} on rikki #valo", ""])
        lines.append(f"{origin};{dice.randint(1, 28)}.3.2026;v{at % 7};{text}")
    lines += ["A0;1.3.2026;v1;Aivan toinen teksti", "B1;joskus;v2;Aika puuttuu täältä"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def content(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """What the database holds, but for the moments of the run."""
    with sqlite3.connect(folder / "data" / "kuulo.sqlite3") as base:
        asked = {
            "messages": "SELECT row, identity, origin_id, text, status, dated FROM kuulo_message ORDER BY row, id",
            "tags": "SELECT m.row, t.name FROM kuulo_message_tags b JOIN kuulo_message m ON m.id = b.message_id JOIN kuulo_tag t ON t.id = b.tag_id ORDER BY 1, 2",
            "authors": "SELECT count(DISTINCT author_id) FROM kuulo_message",
            "rejected": "SELECT row, column, code FROM kuulo_rejectedrow ORDER BY id",
            "counts": "SELECT state, rows_total, rows_done, added, known, rejected FROM kuulo_intake",
            "events": "SELECT kind FROM kuulo_event ORDER BY id",
            "words": "SELECT count(*) FROM message_words WHERE message_words MATCH 'bussi'",
        }
        return {name: base.execute(query).fetchall() for name, query in asked.items()}


def run(folder: Path, file: Path, *, most: int) -> tuple[int, int]:
    """Bring the file in with at most so many kills; give how many there were, and at how many places of the file."""
    (folder / "data").mkdir(parents=True)
    # the secret is the pseudonyms' key
    (folder / "data" / "secret.key").write_text("a" * 60, "ascii")
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"DJANGO_SETTINGS_MODULE": "kuulo.settings", "KUULO_DATA": str(folder / "data")}
    command = [sys.executable, "-c", PROGRAM, str(file), str(most)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    kills, places = map(int, done.stdout.split())
    return kills, places


def test_an_import_killed_many_times_ends_as_one_left_alone(tmp_path):
    file = written(tmp_path / "palautteet.csv")
    assert run(tmp_path / "alone", file, most=0) == (0, 0)
    kills, places = run(tmp_path / "killed", file, most=100)
    assert kills >= 10
    assert places >= 4
    alone, killed = content(tmp_path / "alone"), content(tmp_path / "killed")
    assert alone["counts"] == [("done", ROWS + 2, ROWS + 2, ROWS + 1, 0, 1)]
    assert killed == alone
    assert not list((tmp_path / "killed" / "data" / "uploads").iterdir())
