"""Make a desk with a storm of two days ago: python stormy_desk.py FOLDER MESSAGES MINUTES"""

import sys
from datetime import timedelta
from pathlib import Path

from kuulo.cli.desk import make_ready, open_desk

folder, messages, minutes = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
open_desk(folder)
make_ready()

from django.utils import timezone  # noqa: E402

from kuulo.models import ApiKey, Message, Source, Storm  # noqa: E402

TEXTS = ("Lossi ei kulje, miten pääsen töihin?", "Lossi seisoo taas.", "När går färjan igen?")
began = timezone.now() - timedelta(days=2)
source = Source.objects.create(name="Palautelomake", channel="form")
ApiKey.objects.create(source=source, name="Järjestelmä", key_hash="0")
for n in range(messages):
    Message.objects.create(
        source=source,
        identity=f"{n}",
        text=f"{TEXTS[n % 3]} Viesti {n}.",
        arrived=began + timedelta(minutes=minutes * n),
        status="uncertain",
    )
numbers = {"threshold": 12, "evidence": 20, "peak": 20, "window": 7200, "counted": 9, "people": 9, "expected": 1}
told = {"began": began, "opened": began, "closed": began + timedelta(hours=5)}
Storm.objects.create(pk=7, stream="pile", scope="pile", level="storm", **numbers, **told)
