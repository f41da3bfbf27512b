"""Looks for storms, minute after minute, until it is killed: python -m tests.desk.look_forever DATABASE MINUTE"""

import os
import sys
from datetime import timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "kuulo.settings"
from kuulo import settings

settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()

from tests.desk.storm_town import NOW  # noqa: E402

from kuulo.desk.storm.watch import look  # noqa: E402

minute = int(sys.argv[2])
while True:
    sys.stdout.write(f"{minute}\n")
    sys.stdout.flush()
    look(NOW + timedelta(minutes=minute))
    minute += 10
