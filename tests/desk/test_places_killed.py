"""A worker that is killed at any moment leaves the earlier places, or all of the new; no message is left out."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

PLACES, MESSAGES = 3_000, 400
PROGRAM = """
import io, os, random, signal, sqlite3, sys, time
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
call_command("migrate", verbosity=0)
from kuulo.desk import settle
from kuulo.desk.places import again, finder, gazetteers
from kuulo.desk.settle import Decision
from kuulo.models import Gazetteer, Message, Source, Theme

def work():
    Gazetteer.objects.filter(state__in=["queued", "running"]).update(state="running")
    for row in Gazetteer.objects.filter(state="running"):
        gazetteers.take_in(row, stop=lambda: False)
    while again.look_through(limit=20):
        pass

def asked(question):
    base = sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=20)
    found = base.execute(question).fetchone()
    base.close()
    return found

FAR = ("SELECT (SELECT COUNT(*) FROM kuulo_placedraft), (SELECT MAX(looked_to) FROM kuulo_gazetteer), "
       "(SELECT COUNT(*) FROM kuulo_gazetteer WHERE state = 'done')")
STAND = "SELECT COUNT(*), SUM(code LIKE 'Old%') FROM kuulo_place WHERE gone IS NULL"
first, second = (open(path, "rb").read() for path in sys.argv[1:3])
gazetteers.bring(io.BytesIO(first), name="alueet", person=None)
work()
source, theme = Source.objects.create(name="Lomake"), Theme.objects.create(code="T1")
made = [Message.objects.create(source=source, identity=str(n), text=f"Uusila {n} on pimeä, vanhala {n} ei.",
                               arrived=timezone.now(), language="fi") for n in range(int(sys.argv[3]))]
told = [Decision(message=one.pk, status="grouped", language="fi", places=[settle.Place(theme=theme.pk)]) for one in made]
settle.write(told, event="placed")
finder.finder()
gazetteers.bring(io.BytesIO(second), name="alueet", person=None)
dice, kills, seen, stands = random.Random(4), 0, set(), set()
while kills < int(sys.argv[4]):
    connection.close()
    before = asked(FAR)
    child = os.fork()
    if not child:
        work()
        os._exit(0)
    # every other time a moment after something was written, else at any moment
    until = time.monotonic() + (60 if kills % 2 else dice.uniform(0, 2))
    while time.monotonic() < until and os.waitpid(child, os.WNOHANG) == (0, 0):
        if kills % 2 and asked(FAR)[1:] != before[1:]:
            break
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
    seen.add(asked(FAR))
    stands.add(asked(STAND))
work()
stands.add(asked(STAND))
print(kills, len(seen), sorted(stands))
"""


def gazetteer(path: Path, names: list[str]) -> Path:
    features = [
        {"type": "Feature", "properties": {"id": f"{name[:3]}{at}", "name_fi": f"{name} {at}"}, "geometry": None}
        for name in names
        for at in range(PLACES)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_killed_again_and_again_no_place_and_no_message_is_lost(tmp_path):
    first, second = gazetteer(tmp_path / "1", ["Oldila"]), gazetteer(tmp_path / "2", ["Uusila"])
    data = tmp_path / "data"
    data.mkdir()
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(first), str(second), str(MESSAGES), "12"],
        env=os.environ | {"KUULO_DATA": str(data), "DJANGO_SETTINGS_MODULE": "kuulo.settings", "DATABASE_URL": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    kills, seen, stands = told.stdout.strip().split(" ", 2)
    assert int(kills) >= 3
    assert int(seen) >= 2
    old, new = f"({PLACES}, {PLACES})", f"({PLACES}, 0)"
    # where the machine is slow no kill may fall before the change
    assert stands in {f"[{new}, {old}]", f"[{new}]"}, "never some of the old and some of the new"
    base = sqlite3.connect(data / "kuulo.sqlite3")
    assert base.execute("SELECT COUNT(*) FROM kuulo_placedraft").fetchone() == (0,)
    wanted = "SELECT COUNT(*), COUNT(DISTINCT message_id) FROM kuulo_whereabouts"
    assert base.execute(wanted).fetchone() == (MESSAGES, MESSAGES)
    named = "SELECT COUNT(*) FROM kuulo_whereabouts w JOIN kuulo_place p ON p.id = w.place_id JOIN kuulo_message m"
    ends = " ON m.id = w.message_id WHERE p.code = 'Uus' || m.identity"
    assert base.execute(named + ends).fetchone() == (MESSAGES,)
    base.close()
