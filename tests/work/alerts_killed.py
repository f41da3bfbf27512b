"""Send alerts while the worker is killed in the middle of mails: python -m tests.work.alerts_killed 12 6

So many people are on duty. A worker sends each of them the alerts of two storms in one mail and is killed with SIGKILL, so many times, in turn just
before the mail server takes a mail, and when it has taken it and not yet said so. It prints what came.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from email import message_from_bytes
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from tests.hear.post_office import free_port


class KillingSink:
    """A mail server at which the sender dies in the middle, ``kills`` times."""

    def __init__(self, kills: int) -> None:
        self.kills, self.worker, self.mails = kills, 0, []
        self._killed: set[int] = set()
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())
        self._controller.start()
        self.port = self._controller.port

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        worker = self.worker
        if worker not in self._killed and not self.kills:
            self.mails.append(envelope.content)
            return "250 OK"
        if worker not in self._killed:  # a worker sends several at a time, and dies once
            self._killed.add(worker)
            self.kills -= 1
            if self.kills % 2:
                self.mails.append(envelope.content)
            os.kill(worker, signal.SIGKILL)
        await asyncio.sleep(3600)  # the connection breaks first
        return "451 Later"


def work() -> None:
    """Be the worker, with all its hands."""
    import django

    django.setup()
    from kuulo.work import loop

    loop.run(alone=True)


def run(*, people: int, kills: int) -> dict[str, object]:
    """Do it; give what was found."""
    sink = KillingSink(kills)
    os.environ |= {"KUULO_MAIL_URL": f"smtp://127.0.0.1:{sink.port}", "KUULO_MAIL_FROM": "kuulo@town.example"}
    import django

    django.setup()
    from django.core.management import call_command
    from tests.desk.alerted import DAYTIME, on_duty, storm

    from kuulo.desk.storm.alert import tell
    from kuulo.models import Alert, Event

    call_command("migrate", verbosity=0)
    for number in range(people):
        on_duty(f"person{number}")
    for told in (storm(), storm(stream="pile", scope="pile", theme=None)):
        tell(told, "opened", now=DAYTIME)
    deaths = 0
    while _waiting():
        worker = subprocess.Popen([sys.executable, "-m", "tests.work.alerts_killed", "--work"])
        sink.worker = worker.pid
        while worker.poll() is None and _waiting():
            with_patience(worker)
        deaths += worker.poll() == -signal.SIGKILL
        worker.terminate()
        worker.wait()
    return _found(sink) | {
        "kills": deaths,
        "alerts": Alert.objects.count(),
        "told": Event.objects.filter(kind="alert-sent").count(),
    }


def with_patience(worker: "subprocess.Popen[bytes]") -> None:
    """Wait a moment, or until the worker is gone."""
    try:
        worker.wait(0.1)
    except subprocess.TimeoutExpired:
        return


def _waiting() -> bool:
    """Tell whether an alert is neither sent nor given up."""
    from kuulo.models import Alert

    return Alert.objects.exclude(state__in=["sent", "failed"]).exists()


def _found(sink: KillingSink) -> dict[str, object]:
    came = [message_from_bytes(raw, policy=default) for raw in sink.mails]
    names: dict[str, set[str]] = {}
    for mail in came:
        names.setdefault(str(mail["To"]), set()).add(str(mail["Message-ID"]))
    return {
        "mails": len(came),
        "people": len(names),
        "names": len(set().union(*names.values())),
        "most names for one": max(map(len, names.values())),
    }


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kuulo.settings")
    if sys.argv[1] == "--work":
        work()
        return
    people, kills = map(int, sys.argv[1:3])
    with tempfile.TemporaryDirectory(prefix="kuulo-alerts-") as folder:
        os.environ["KUULO_DATA"] = folder
        sys.stdout.write(json.dumps(run(people=people, kills=kills)))


if __name__ == "__main__":
    main()
