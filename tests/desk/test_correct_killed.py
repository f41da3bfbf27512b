"""kill -9 in the midst of corrections: each was done whole or not at all."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from django.db import connection
from tests.desk.random_corrections import check_whole, town
from tests.desk.town import standing

from kuulo.desk.correct import undo
from kuulo.models import Correction, Event, Message, Placement, Theme

ROUNDS = 4


def crowd(size: int) -> None:
    """A theme so large that its corrections take a while."""
    top, some = Theme.objects.get(code="T1"), Message.objects.first()
    several = [
        Message(
            source=some.source,
            identity=f"c{n}",
            text="bus",
            search_text="bus",
            arrived=some.arrived,
            status="grouped",
        )
        for n in range(size)
    ]
    Message.objects.bulk_create(several)
    made = Message.objects.filter(identity__startswith="c")
    Placement.objects.bulk_create(Placement(message=one, theme=top, arrived=one.arrived) for one in made)


def run_and_kill(seed: int) -> None:
    name = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-m", "tests.desk.correct_forever", name, str(seed)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ)
    assert child.stdout.readline() == b"ready\n"
    # somewhere in the midst, each time elsewhere: what must hold holds wherever it is
    time.sleep(random.Random(seed).uniform(0.05, 0.4))
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_half_done():
    town(random.Random(4))
    crowd(300)
    before = standing()
    for seed in range(ROUNDS):
        run_and_kill(seed)
        check_whole()
        for one in Correction.objects.all():
            told = set(Event.objects.filter(correction_id=one.pk).values_list("kind", flat=True))
            assert one.before
            assert told == {one.kind, "undo"} if one.undone_at else {one.kind}
        assert not Event.objects.exclude(correction_id__in=Correction.objects.values("pk")).exists()
    assert Correction.objects.exists()
    for one in Correction.objects.filter(undone_at=None).order_by("-pk"):
        undo(one, person=None)
    assert standing() == before
