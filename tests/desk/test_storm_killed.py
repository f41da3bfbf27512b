"""kill -9 in the midst of looking for storms: each is opened once, with its step, and is closed in the end."""

import os
import random
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Count
from tests.desk.storm_town import NOW, Town

from kuulo.desk.storm.hindsight import learn_and_replay
from kuulo.desk.storm.watch import look
from kuulo.models import Storm, StormStep

KILLS, LAST = 8, 48 * 60


def look_and_kill(minute: int, seed: int) -> int:
    """Look from a minute on, and be killed in the midst of a look; give which."""
    name = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-m", "tests.desk.look_forever", name, str(minute)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ)
    for _ in range(random.Random(seed).randint(2, 12)):
        minute = int(child.stdout.readline())
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    return minute


@pytest.mark.django_db(transaction=True)
def test_each_storm_is_opened_once_and_closed_once():
    town = Town()
    learn_and_replay(NOW)
    town.burst("T1", 40, until=NOW + timedelta(hours=2))
    town.burst("T2", 30, until=NOW + timedelta(hours=5))
    minute = 0
    for seed in range(KILLS):
        minute = look_and_kill(minute, seed)
    for later in range(minute, LAST, 30):
        look(NOW + timedelta(minutes=later))
    assert not Storm.objects.filter(closed=None).exists()
    of_themes = Storm.objects.filter(scope="theme").order_by("theme")
    assert [storm.theme.code for storm in of_themes] == ["T1", "T2"]
    steps = StormStep.objects.filter(kind__in=["opened", "closed"]).values("storm", "kind").annotate(n=Count("pk"))
    assert {(step["storm"], step["kind"]): step["n"] for step in steps} == {
        (storm.pk, kind): 1 for storm in Storm.objects.all() for kind in ("opened", "closed")
    }
