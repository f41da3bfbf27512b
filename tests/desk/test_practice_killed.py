"""kill -9 in the midst of telling a storm: each message is told once and none is left out, in their order."""

import os
import random
import signal
import subprocess
import sys

import pytest
from django.db import connection
from tests.desk.training import begun, train

from kuulo.desk.practice.storm import BEFORE
from kuulo.models import Author, Message

MESSAGES = 60


def tell_and_kill(folder, lines: int) -> bool:
    """Tell, and be killed after so many lines, or when all is told; say whether it is."""
    name = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-m", "tests.desk.tell_forever", name, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ) as child:
        said = [line for _, line in zip(range(lines), iter(child.stdout.readline, b"all\n"), strict=False)]
        child.send_signal(signal.SIGKILL)
    return len(said) < lines


@pytest.mark.django_db(transaction=True)
def test_each_message_is_told_once_and_none_is_left_out(tmp_path):
    train(tmp_path, messages=MESSAGES, every=1)  # the folder is that of the settings, see conftest.py
    begun(minutes_ago=60)
    dice, killed = random.Random(3), 0
    while not tell_and_kill(tmp_path, dice.randint(3, 15)):
        killed += 1
    assert killed >= 4
    told = [row.origin_id for row in Message.objects.order_by("arrived", "pk")]
    assert told == [f"practice-{n}" for n in range(1, MESSAGES + 1)]
    assert Author.objects.count() == MESSAGES
    assert (tmp_path / BEFORE).exists()
    assert not list(tmp_path.glob(".*.part"))
