"""An import that is killed at any moment goes on where it was: nothing lost, nothing doubled, nothing half done."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

ROWS = 6_000
SETTINGS = {"DJANGO_SETTINGS_MODULE": "kuulo.settings"}
PROGRAM = """
import sys
import django
django.setup()
from kuulo.desk.intake import take_in
from kuulo.models import Intake
row = Intake.objects.get()
Intake.objects.filter(pk=row.pk, state__in=["queued", "running"]).update(state="running")
take_in(row, stop=lambda: False)
"""
PREPARE = """
import sys
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from kuulo.desk.intake import bring, source_named, start
from kuulo.hear.reading import Orders
with open(sys.argv[1], "rb") as file:
    intake = bring(file, name="palautteet.csv", person=None)
start(intake, orders=Orders(), source=source_named("Lomake"), person=None)
"""


def python(program: str, *arguments: object, folder: Path) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= SETTINGS | {"KUULO_DATA": str(folder / "data"), "KUULO_CACHE": str(folder / "cache")}
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)


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
            "messages": "SELECT row, identity, origin_id, text, status, arrived, dated FROM kuulo_message ORDER BY row, id",
            "tags": "SELECT m.row, t.name FROM kuulo_message_tags b JOIN kuulo_message m ON m.id = b.message_id JOIN kuulo_tag t ON t.id = b.tag_id ORDER BY 1, 2",
            "authors": "SELECT count(DISTINCT author_id) FROM kuulo_message",
            "rejected": "SELECT row, column, code FROM kuulo_rejectedrow ORDER BY id",
            "counts": "SELECT state, rows_total, rows_done, added, known, rejected FROM kuulo_intake",
            "events": "SELECT kind FROM kuulo_event ORDER BY id",
            "words": "SELECT count(*) FROM message_words WHERE message_words MATCH 'bussi'",
        }
        return {name: base.execute(query).fetchall() for name, query in asked.items()}


def done(program: str, *arguments: object, folder: Path) -> None:
    child = python(program, *arguments, folder=folder)
    _, problems = child.communicate(timeout=300)
    assert child.returncode == 0, problems.decode()


def test_an_import_killed_many_times_ends_as_one_left_alone(tmp_path):
    file = written(tmp_path / "palautteet.csv")
    for name in ("alone", "killed"):
        (tmp_path / name / "data").mkdir(parents=True)
        # the secret is the pseudonyms' key
        (tmp_path / name / "data" / "secret.key").write_text("a" * 60, "ascii")
        done(PREPARE, file, folder=tmp_path / name)
    started = time.monotonic()
    done(PROGRAM, folder=tmp_path / "alone")
    whole = time.monotonic() - started
    alone, killed = content(tmp_path / "alone"), tmp_path / "killed"
    assert alone["counts"][0][0] == "done"
    dice, kills, seen = random.Random(3), 0, set()
    for _ in range(60):
        child = python(PROGRAM, folder=killed)
        deadline = time.monotonic() + dice.uniform(0.3, 1.0) * whole
        before = rows_done(killed)
        # let some of the runs get at least one batch further, so that the end is reached
        while child.poll() is None and time.monotonic() < deadline and (kills % 2 or rows_done(killed) == before):
            time.sleep(0.001)
        time.sleep(dice.uniform(0, 0.05))
        child.kill()
        _, problems = child.communicate()
        if child.returncode == 0:
            break
        assert child.returncode == -signal.SIGKILL, problems.decode()
        kills += 1
        seen.add(rows_done(killed))
    done(PROGRAM, folder=killed)
    left = content(killed)
    assert kills >= 10
    assert len(seen) >= 3
    left["messages"], alone["messages"] = ([row[:-2] for row in found["messages"]] for found in (left, alone))
    assert left == alone
    assert not list((killed / "data" / "uploads").iterdir())


def rows_done(folder: Path) -> int:
    with sqlite3.connect(folder / "data" / "kuulo.sqlite3", timeout=20) as base:
        return int(base.execute("SELECT rows_done FROM kuulo_intake").fetchone()[0])
