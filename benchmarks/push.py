"""Push messages as four programs do: python -m tests.with_postgres python -m benchmarks.push 20000

A desk in a folder of its own is served by Kuulo's web server. Four clients, each with a key of its own, bring
invented messages in batches of 500 as fast as they are taken. Told are the messages a second from the first request
to the last answer, the times of requests, the processor time of the server, and where that goes: each step is run
again on the same messages, alone.
"""

import argparse
import csv
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

CLIENTS, BATCH = 4, 500
WHO = "bench@example.org"


def main() -> None:
    """Push, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("messages", type=int)
    parser.add_argument("--port", type=int, default=8879)
    parser.add_argument("--one-key", action="store_true", help="all clients with the same key: one source")
    parser.add_argument(
        "--worker", action="store_true", help="the whole of kuulo serve: messages are grouped meanwhile"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kuulo-push-") as folder:
        os.environ["KUULO_DATA"] = folder
        keys = prepare(1 if asked.one_key else CLIENTS)
        bodies = [written(batch) for batch in batches(asked.messages)]
        measure(keys, bodies, asked)
        steps(bodies[:10])


def prepare(keys: int) -> list[str]:
    """Make the tables, and sources of this run's own with their keys: the desk may be that of a run before."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kuulo.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from kuulo.desk.push import make_key
    from kuulo.models import Person, Source

    person = Person.objects.filter(email=WHO).first() or Person.objects.create_user(WHO)
    before = Source.objects.count()
    sources = [Source.objects.create(name=f"Source {before + at}") for at in range(keys)]
    made = [make_key(person, source, name="bench") for source in sources]
    return [made[at % keys] for at in range(CLIENTS)]


def batches(messages: int) -> list[list[dict[str, object]]]:
    """Give invented messages: sentences of the demo's, thrown together, each text another."""
    demo = files("kuulo").joinpath("demo/messages.csv").read_text("utf-8-sig")
    texts = [row["message"] for row in csv.DictReader(demo.splitlines(keepends=True), delimiter=";")]
    pick = random.Random(1)
    made = [
        {
            "id": f"P{at}",
            "text": f"{' '.join(pick.sample(texts, pick.choice([1, 1, 2])))} {at}",
            "time": "2026-11-20T08:15:00+02:00",
            "author": f"r{pick.randint(1, messages // 3)}",
            "channel": pick.choice(["form", "e-mail", "phone"]),
            "tags": ["palaute"],
        }
        for at in range(messages)
    ]
    return [made[at : at + BATCH] for at in range(0, messages, BATCH)]


def written(batch: list[dict[str, object]]) -> bytes:
    """Give a batch as a program sends it."""
    return json.dumps(batch).encode()


def measure(keys: list[str], bodies: list[bytes], asked: argparse.Namespace) -> None:
    """Serve the desk, push from all clients at once, and tell what it took."""
    from kuulo.desk import inbox

    serving = subprocess.Popen(
        server(asked.port, worker=asked.worker), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(asked.port)
        send(http.client.HTTPConnection("127.0.0.1", asked.port), keys[0], written(warm_up()))
        since = inbox.newest()
        before, start = processor(serving.pid), time.perf_counter()
        taken = push(keys, bodies, asked.port)
        seconds, used = time.perf_counter() - start, processor(serving.pid) - before
    finally:
        serving.terminate()
        serving.wait()
    tell(bodies, taken, seconds, used, since=since)


def server(port: int, *, worker: bool) -> list[str]:
    """Give the command of the server: the whole desk, or its web server alone."""
    if worker:
        return [sys.executable, "-m", "kuulo", "serve", "--data", os.environ["KUULO_DATA"], "--port", str(port)]
    alone = f"from kuulo.web.server import serve; serve('127.0.0.1', {port}, parent={os.getpid()})"
    return [sys.executable, "-c", alone]


def warm_up() -> list[dict[str, object]]:
    """Give a batch that makes the server read its word lists before the clock starts."""
    texts = ("Soittakaa Matti Meikäläiselle, tie on liukas", "Jag vill ha fler bussar", "Vi treng ein ny skule")
    return [{"id": f"W{at}", "text": text} for at, text in enumerate((*texts, "The road is icy at school"))]


def wait_for(port: int) -> None:
    """Wait until the server answers."""
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health/live")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return


def processor(pid: int) -> float:
    """Give the seconds of processor time that a process and its children took so far."""
    ticks, seen = 0, [pid]
    for one in seen:
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
        for task in Path(f"/proc/{one}/task").iterdir():
            seen += map(int, (task / "children").read_text().split())
    return ticks / os.sysconf("SC_CLK_TCK")


def push(keys: list[str], bodies: list[bytes], port: int) -> list[float]:
    """Send every body once, from all clients at once; give the seconds of each request."""
    waiting = iter(bodies)
    turn = threading.Lock()

    def client(key: str) -> list[float]:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        times: list[float] = []
        while True:
            with turn:
                body = next(waiting, None)
            if body is None:
                return times
            times.append(send(connection, key, body))

    with ThreadPoolExecutor(CLIENTS) as clients:
        return [seconds for times in clients.map(client, keys) for seconds in times]


def send(connection: http.client.HTTPConnection, key: str, body: bytes) -> float:
    """Send a body; give the seconds until it was answered. Raises RuntimeError where not all of it was taken."""
    start = time.perf_counter()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    connection.request("POST", "/api/messages", body, headers)
    answer = connection.getresponse()
    told = json.loads(answer.read())
    if answer.status != 200 or told["refused"]:
        raise RuntimeError(f"{answer.status}: {told}")
    return time.perf_counter() - start


def tell(bodies: list[bytes], times: list[float], seconds: float, used: float, *, since: int) -> None:
    """Print the figures, after a look whether all is there."""
    from kuulo.models import Message

    sent = sum(len(json.loads(body)) for body in bodies)
    stored = Message.objects.filter(origin_id__startswith="P", pk__gt=since).count()
    assert stored == sent
    cuts = statistics.quantiles(times, n=100)
    print(f"{stored} messages stored in {seconds:.1f} s: {stored / seconds:.0f} a second")
    print(f"requests of {BATCH}: p50 {cuts[49]:.2f} s, p99 {cuts[98]:.2f} s, of {len(times)}")
    print(f"processor time of the server: {used / stored * 1000:.2f} ms a message")


def steps(bodies: list[bytes]) -> None:
    """Print the processor time of each step, a message."""
    from kuulo.desk.words import search_text
    from kuulo.group.clean import clean
    from kuulo.hear.push import read_pushed
    from kuulo.lang.identify import identify_all
    from kuulo.lang.mask import mask

    texts = [item["text"] for body in bodies for item in json.loads(body)]
    each = {
        "reading JSON": lambda: [read_pushed(body) for body in bodies],
        "masking": lambda: [*map(mask, texts)],
        "cleaning": lambda: [*map(clean, texts)],
        "language": lambda: identify_all(texts, [""] * len(texts)),
        "words for the search": lambda: [search_text(text, "fi") for text in texts],
    }
    for name, run in each.items():
        run()  # the second time is that of a desk that has been at work for a while
        start = time.process_time()
        run()
        print(f"{name}: {(time.process_time() - start) / len(texts) * 1000:.3f} ms")


if __name__ == "__main__":
    main()
