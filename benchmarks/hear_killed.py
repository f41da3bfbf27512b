"""Hear many posts while the worker is killed again and again: python -m benchmarks.hear_killed 100000 8 100

So many posts stand at so many sources, which tell each page in another order and with older things among it; some
posts are changed or taken back, some stand at two sources. A worker hears them and is killed with SIGKILL at random
moments, so many times. In the end the desk has to hold exactly what the sources hold, each post once.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import count
from pathlib import Path

from tests.hear.door import Asked, Door, Told

A_PAGE = 100
STRANGER = Path(__file__).parent.parent / "tests/stranger"


class Upstream:
    """All sources, behind one address: a log of letters each, of which the last part appears later."""

    def __init__(self, posts: int, sources: int) -> None:
        self.dice = random.Random(5)
        shared = [f"https://some.example/{number}" for number in range(posts // 50)]
        self.logs = [self._log(source, posts // sources, shared) for source in range(sources)]
        self.shown = 0.8
        self.door = Door(self.answer)

    def _log(self, source: int, posts: int, shared: list[str]) -> list[dict[str, object]]:
        log: list[dict[str, object]] = []
        living: list[dict[str, object]] = []
        numbers, said = count(1), 0
        while said < posts:
            roll = self.dice.random()
            if living and roll < 0.05:
                one = self.dice.choice(living)
                letter = one | {"text": f"{one['text']} {_word(len(log))}"}
            elif living and roll < 0.08:
                letter = living.pop(self.dice.randrange(len(living))) | {"text": "", "gone": True}
            else:
                text = f"{'abcdefghij'[source]}{_word(said)} tie on liukas ja valo ei pala"
                letter = {"id": f"{source}-{said}", "text": text, "gone": False, "everywhere": ""}
                living.append(letter)
                said += 1
                if self.dice.random() < 0.02:
                    letter["everywhere"] = self.dice.choice(shared)
                    letter["text"] = f"Sama viesti kahdessa paikassa {letter['everywhere']}"
            log.append(letter | {"number": next(numbers)})
        return log

    def answer(self, asked: Asked) -> Told:
        source = int(asked.path.split("/")[1])
        if not asked.path.endswith("letters"):
            return Told(body=b'{"name": "x"}')
        after, shown = int(asked.query["after"]), self.visible(source)
        page = shown[after : after + A_PAGE]
        if page:
            older = self.dice.choices(shown[: after + 1], k=7)
            page = [*older, *page, *self.dice.choices(page, k=5)]
            self.dice.shuffle(page)
        return Told(body=json.dumps({"letters": page}).encode())

    def visible(self, source: int) -> list[dict[str, object]]:
        log = self.logs[source]
        return log[: int(len(log) * self.shown)]

    def expected(self) -> tuple[Counter[str], set[str]]:
        """What has to stand: the texts of posts of one source, and the shared ones by their name everywhere."""
        texts: Counter[str] = Counter()
        shared, gone = set(), set()
        for log in self.logs:
            latest = {letter["id"]: letter for letter in log}
            everywhere = {letter["id"]: letter["everywhere"] for letter in log if letter["everywhere"]}
            for origin, letter in latest.items():
                name = everywhere.get(origin)
                if name:
                    shared.add(name)
                    gone |= {name} if letter["gone"] else set()
                elif not letter["gone"]:
                    texts[str(letter["text"])] += 1
        return texts, {str(name) for name in shared - gone}


def _word(number: int) -> str:
    """Write a number in letters, so that nothing of it is taken for somebody's telephone."""
    return "".join("abcdefghij"[int(digit)] for digit in str(number))


def work() -> None:
    """Be a worker that listens."""
    import django

    django.setup()
    from kuulo.work.chores import Chores
    from kuulo.work.claim import Claims, forget_workers
    from kuulo.work.loop import Loop

    forget_workers()
    claims = Claims(f"worker-{os.getpid()}")
    chores = Chores(claims)
    Loop(claims, [[chores.listen_to_source] for _ in range(3)]).run()


def run(*, posts: int, sources: int, kills: int) -> dict[str, object]:
    """Do it; give what was found."""
    import django

    django.setup()
    from django.core.management import call_command

    from kuulo.models import Connection, Message, Source

    call_command("migrate", verbosity=0)
    upstream = Upstream(posts, sources)
    for number in range(sources):
        Connection.objects.create(
            source=Source.objects.create(name=f"source {number}"),
            connector="letterbox",
            settings={"address": f"{upstream.door.url}/{number}"},
            own_network=True,
            state="queued",
        )
    dice, stored, began = random.Random(7), set(), time.monotonic()
    for kill in range(kills):
        worker = _worker()
        # a moment after it stored something; where nothing new is there it is killed all the same
        before, patience = Message.objects.count(), time.monotonic() + 15
        while Message.objects.count() == before and time.monotonic() < patience:
            time.sleep(0.005)
        time.sleep(dice.uniform(0, 0.8))
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        stored.add(Message.objects.count())
        if kill > kills // 2:
            upstream.shown = 1.0
        _listen_now(Connection)
    upstream.shown = 1.0
    _listen_now(Connection)
    worker = _worker()
    last = _lasts(upstream)
    while not all(connection.cursor.get("after") == last[connection.pk] for connection in Connection.objects.all()):
        time.sleep(0.2)
        _listen_now(Connection)
    worker.terminate()
    worker.wait()
    texts, shared = upstream.expected()
    standing = Message.objects.exclude(status="gone")
    found = Counter(standing.filter(everywhere="").values_list("text", flat=True))
    together = Counter(standing.exclude(everywhere="").values_list("everywhere", flat=True))
    upstream.door.close()
    return {
        "posts": sum(texts.values()) + len(shared),
        "missing": (texts - found).total() + len(shared - set(together)),
        "too many": (found - texts).total() + together.total() - len(set(together) & shared),
        "kills": kills,
        "counts at the kills": len(stored),
        "seconds": round(time.monotonic() - began),
    }


def _worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "benchmarks.hear_killed", "--work"])


def _listen_now(connections: type) -> None:
    from django.utils import timezone

    connections.objects.filter(due__gt=timezone.now()).update(due=timezone.now())


def _lasts(upstream: Upstream) -> dict[int, int]:
    from kuulo.models import Connection

    connections = Connection.objects.order_by("pk")
    return {one.pk: len(log) for one, log in zip(connections, upstream.logs, strict=True)}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kuulo.settings")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(STRANGER), os.environ.get("PYTHONPATH", "")])
    sys.path.insert(0, str(STRANGER))
    if sys.argv[1] == "--work":
        work()
        return
    posts, sources, kills = map(int, sys.argv[1:4])
    with tempfile.TemporaryDirectory(prefix="kuulo-killed-") as folder:
        os.environ["KUULO_DATA"] = folder
        print(json.dumps(run(posts=posts, sources=sources, kills=kills)))


if __name__ == "__main__":
    main()
