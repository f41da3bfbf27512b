"""The worker: each row is worked once, by one worker, whatever happens to it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest
from django.db import connection, connections
from django.utils import timezone

from kuulo.models import Event, Intake, Regroup, Worker
from kuulo.work.claim import GONE_AFTER, MOST_TRIES, Claims, put_back_abandoned
from kuulo.work.loop import Loop

pytestmark = pytest.mark.django_db(transaction=True)


def queued(count: int, **fields) -> list[Intake]:
    return Intake.objects.bulk_create(
        Intake(**{"file_name": f"{at}.csv", "file_hash": "0", "file_size": at, "state": "queued"} | fields)
        for at in range(count)
    )


def finish(claims: Claims, done: Counter) -> bool:
    """A chore: note one intake as worked, and end it."""
    row = claims.take(Intake.objects.order_by("pk"))
    if row is None:
        return False
    with claims.holding(row):
        done[row.pk] += 1
        Intake.objects.filter(pk=row.pk).update(state="done")
    return True


def work_until_empty(name: str, done: Counter) -> None:
    claims = Claims(name)
    while finish(claims, done):
        pass
    connections.close_all()


@pytest.mark.parametrize("workers", [2, 4])
def test_workers_side_by_side_take_each_row_once(workers):
    rows, done = queued(60), Counter()
    threads = [threading.Thread(target=work_until_empty, args=(f"w{at}", done)) for at in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work_until_empty("last", done)
    assert done == Counter({row.pk: 1 for row in rows})


def test_the_order_of_the_queue_is_kept():
    first, second = queued(2)
    claims = Claims("w")
    assert claims.take(Intake.objects.order_by("-file_size")).pk == second.pk
    assert claims.take(Intake.objects.order_by("-file_size")).pk == first.pk
    assert claims.take(Intake.objects.order_by("-file_size")) is None


def test_a_claimed_row_says_who_has_it():
    queued(1)
    row = Claims("w").take(Intake.objects.all())
    row.refresh_from_db()
    assert (row.state, row.claimed_by, row.tries) == ("running", "w", 1)
    assert row.started_at == row.beat


def test_a_row_that_was_left_off_waits_again_and_counts_no_try():
    (row,) = queued(1)
    claims = Claims("w")
    with claims.holding(claims.take(Intake.objects.all())):
        pass
    row.refresh_from_db()
    assert (row.state, row.claimed_by, row.tries) == ("queued", "", 0)


def test_a_row_that_was_worked_to_its_end_is_left_as_it_is():
    (row,) = queued(1)
    finish(Claims("w"), Counter())
    row.refresh_from_db()
    assert (row.state, row.tries) == ("done", 1)


def test_a_row_that_was_cancelled_meanwhile_is_told_lost_and_stays_cancelled():
    (row,) = queued(1)
    claims = Claims("w")
    with claims.holding(claims.take(Intake.objects.all())) as lost:
        claims.beat()
        assert not lost()
        Intake.objects.update(state="cancelled")
        claims.beat()
        assert lost()
    row.refresh_from_db()
    assert row.state == "cancelled"


def test_a_row_of_a_living_worker_is_left_to_it_and_one_of_a_gone_worker_is_put_back():
    queued(2)
    here, gone = Claims("here"), Claims("gone")
    kept, left = here.take(Intake.objects.order_by("pk")), gone.take(Intake.objects.order_by("pk"))
    here.beat()
    gone.beat()
    Worker.objects.filter(name="gone").update(beat=timezone.now() - 2 * GONE_AFTER)
    assert put_back_abandoned() == 1
    assert Intake.objects.get(state="queued").pk == left.pk
    assert Intake.objects.get(state="running").pk == kept.pk
    assert put_back_abandoned() == 0


def test_regroups_are_claimed_alike():
    Regroup.objects.create()
    row = Claims("w").take(Regroup.objects.all())
    assert row.state == "running"
    assert put_back_abandoned() == 1  # "w" never showed itself


def test_what_never_gets_on_is_given_up_and_told():
    (row,) = queued(1, tries=MOST_TRIES)
    assert Claims("w").take(Intake.objects.all()) is None
    row.refresh_from_db()
    assert (row.state, row.refusal) == ("refused", {"code": "gave-up"})
    assert Event.objects.get().intake_id == row.pk
    Regroup.objects.create(tries=MOST_TRIES)
    assert Claims("w").take(Regroup.objects.all()) is None
    assert Regroup.objects.get().state == "failed"


def test_what_gets_on_is_never_given_up():
    (row,) = queued(1, tries=MOST_TRIES, rows_done=500)
    assert Claims("w").take(Intake.objects.all()).pk == row.pk
    row.refresh_from_db()
    assert (row.tries, row.rows_tried) == (1, 500)


def test_a_chore_that_raises_is_tried_again_without_a_word_of_what_it_said(caplog):
    (row,) = queued(1)
    claims, calls = Claims("w"), []

    def chore(_stop) -> bool:
        taken = claims.take(Intake.objects.all())
        if taken is None:
            return False
        with claims.holding(taken):
            calls.append(taken.tries)
            if len(calls) == 1:
                raise ValueError("can" + "ary")
            Intake.objects.update(state="done")
            loop.stop()
        return True

    loop = Loop(claims, [[chore]])
    loop.run()
    row.refresh_from_db()
    assert (row.state, calls) == ("done", [1, 6])
    assert "ValueError" in caplog.text
    assert "canary" not in caplog.text


def test_a_long_chore_keeps_no_other_hand_from_its_work():
    queued(3)
    claims, done, long = Claims("w"), Counter(), threading.Event()

    def endless(stop) -> bool:
        while not stop():
            long.set()
            time.sleep(0.01)
        return True

    def others(_stop) -> bool:
        long.wait(10)
        worked = finish(claims, done)
        if sum(done.values()) == 3:
            loop.stop()
        return worked

    loop = Loop(claims, [[endless], [others]])
    loop.run()
    assert sum(done.values()) == 3
    assert not Worker.objects.exists()


KILLED_IN_THE_MIDDLE = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "kuulo.settings"
import django; django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from kuulo.models import Intake
from kuulo.work.claim import Claims
claims = Claims("killed")
claims.beat()
row = claims.take(Intake.objects.all())
print("taken", flush=True)
time.sleep(60)
"""


def test_a_row_of_a_killed_worker_is_taken_again():
    (row,) = queued(1)
    name = str(connection.settings_dict["NAME"])
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED_IN_THE_MIDDLE, name], stdout=subprocess.PIPE, env=os.environ
    )
    assert child.stdout.readline() == b"taken\n"
    child.send_signal(signal.SIGKILL)
    child.communicate()
    row.refresh_from_db()
    assert (row.state, row.claimed_by) == ("running", "killed")
    assert put_back_abandoned() == 0
    Worker.objects.update(beat=timezone.now() - 2 * GONE_AFTER)
    assert put_back_abandoned() == 1
    done = Counter()
    finish(Claims("next"), done)
    assert done == Counter({row.pk: 1})
