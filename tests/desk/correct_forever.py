"""Corrects and undoes without end, until it is killed: python -m tests.desk.correct_forever DATABASE SEED"""

import os
import random
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "kuulo.settings"
from kuulo import settings

settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()

from tests.desk.random_corrections import correct  # noqa: E402

from kuulo.desk.correct import undo  # noqa: E402
from kuulo.desk.not_now import NotNow  # noqa: E402
from kuulo.models import Correction  # noqa: E402

draw = random.Random(int(sys.argv[2]))
sys.stdout.write("ready\n")
sys.stdout.flush()
while True:
    try:
        correct(draw)
        if draw.random() < 0.6:
            undo(Correction.objects.filter(undone_at=None).latest("pk"), person=None)
    except NotNow:
        continue
