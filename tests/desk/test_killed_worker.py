"""A worker killed at any moment leaves nothing lost, doubled or half done; the next one goes on."""

import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import time

import pytest
from django.conf import settings
from django.db import connection

from kuulo.models import Message, Placement, Regroup, Theme

# a worker that places, draws up figures and looks anew, over and over
WORKER = """
    import json, sys
    import django
    from django.conf import settings
    settings.DATABASES["default"] |= json.loads(sys.argv[1])
    django.setup()
    from kuulo.desk.figures import refresh_figures
    from kuulo.desk.place import place_new
    from kuulo.desk.regroup import regroup
    from kuulo.group.embed import Encoder
    from kuulo.models import Regroup
    encoder = Encoder.open(threads=1)
    print("ready", flush=True)
    while place_new(encoder, limit=4):
        pass
    refresh_figures(limit=3)
    row = Regroup.objects.filter(state="running").first()
    if row:
        regroup(row, stop=lambda: False)
    print("done", flush=True)
"""


def worker():

    database = {name: connection.settings_dict[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WORKER), json.dumps(database, default=str)],
        cwd=settings.PACKAGE.parents[1],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONPATH": os.pathsep.join([str(settings.PACKAGE.parent), "."]),
        },
        stdout=subprocess.PIPE,
        text=True,
    )


def is_whole():
    """What must hold at every moment."""
    waiting = Message.objects.filter(status="new")
    assert not Placement.objects.filter(message__in=waiting).exists()
    placed = Message.objects.filter(status__in=["grouped", "uncertain"])
    assert set(placed.values_list("pk", flat=True)) == set(
        Placement.objects.filter(main=True).values_list("message", flat=True)
    )
    assert Placement.objects.filter(main=True).count() == placed.count()
    assert not placed.filter(vector=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_at_any_moment(wait, tables, demo_texts):
    wait(*demo_texts[:40])
    dice = random.Random(7)
    later = iter(demo_texts[40:120])
    finished = kills = 0
    while finished < 2 or kills < 5:
        child = worker()
        assert child.stdout.readline() == "ready\n"
        if kills < 5:
            time.sleep(dice.random() * 0.6)
            child.send_signal(signal.SIGKILL)
            kills += 1
        if "done" in child.communicate(timeout=300)[0]:
            finished += 1
            wait(*(text for text, _ in zip(later, range(10), strict=False)))
            Regroup.objects.get_or_create(state="running")
        is_whole()
    child = worker()
    assert "done" in child.communicate(timeout=300)[0]
    is_whole()
    assert not Message.objects.filter(status="new").exists()
    codes = list(Theme.objects.values_list("code", flat=True))
    assert len(codes) == len(set(codes))
