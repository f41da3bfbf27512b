"""Tells a storm in a training copy until it is killed, a line before each message: DATABASE FOLDER"""

import os
import sys
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "kuulo.settings"
from kuulo import settings

settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.DATA_DIR, settings.PRACTICE = Path(sys.argv[2]), True
django.setup()

from kuulo.desk.practice.storm import tell_due  # noqa: E402


def told() -> bool:
    sys.stdout.write("one\n")
    sys.stdout.flush()
    return False


tell_due(told)
sys.stdout.write("all\n")
sys.stdout.flush()
sys.stdin.read()
