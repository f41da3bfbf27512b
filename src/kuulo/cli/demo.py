"""Open the desk of an invented municipality, filled as a real one would be: by files and the worker."""

import argparse
import io
import os
import time
from datetime import timedelta
from importlib import resources
from pathlib import Path

import platformdirs

from kuulo.cli.demo_officials import put_right
from kuulo.cli.demo_town import DISCUSSION, KNOWN, REGISTER, SOURCES, town
from kuulo.cli.desk import hold, make_ready, open_desk
from kuulo.cli.prepare import ready
from kuulo.cli.progress import ProgressLine
from kuulo.cli.refusal import DeskRefused
from kuulo.cli.serve import check_port, end, first_link, serve, start_worker

LOOK = 0.5


def run(asked: argparse.Namespace) -> int:
    """Fill the demo where that was not done before, and open it."""
    # never the database that somebody works with
    os.environ.pop("DATABASE_URL", None)
    data = asked.data or Path(platformdirs.user_data_dir("kuulo-demo", appauthor=False)) / asked.stage
    check_port("127.0.0.1", asked.port)
    fill(data, asked.stage)
    return serve(data, "127.0.0.1", asked.port, welcome=first_link)


def fill(data: Path, stage: str) -> None:
    """Bring in what the residents say, and let a worker take it in and group it. What was done is not done again."""
    lock = hold(open_desk(data), "desk")
    make_ready()
    check_is_demo(data)
    if not is_filled():
        line = ProgressLine(0)
        ready(None, line)
        bring_places()
        bring_in(stage)
        watch_worker(line)
        look_back()
        open_discussion()
        if stage == "answered":
            put_right()
    lock.close()


def look_back() -> None:
    """Learn what is normal in the town, and find its storms in hindsight."""
    from django.utils import timezone

    from kuulo.desk.storm.hindsight import learn_and_replay

    learn_and_replay(timezone.now())


def open_discussion() -> None:
    """Let the town have asked, four weeks ago, about its library in a post of its own, which nobody answered."""
    from django.utils import timezone

    from kuulo.desk.discussions.acts import TOLD, follow
    from kuulo.desk.discussions.seek import seek
    from kuulo.models import Discussion, Source

    source = Source.objects.get(name=SOURCES["instagram"])
    if not Discussion.objects.filter(source=source).exists():
        opened = timezone.localdate() - timedelta(days=28)
        asked = {**DISCUSSION, "source": source, "opened": opened}
        follow(None, {name: asked.get(name) for name in TOLD})
    while seek():
        pass


def check_is_demo(data: Path) -> None:
    """Raise DeskRefused where the folder holds messages of somebody else."""
    from kuulo.models import Source

    # who tries the demo out may add sources of their own
    if Source.objects.exists() and not Source.objects.filter(name__in=SOURCES.values()).exists():
        raise DeskRefused("not-a-demo", folder=str(data))


def is_filled() -> bool:
    """Tell whether every file is in and every message in its place."""
    from kuulo.models import Intake

    done = Intake.objects.filter(state=Intake.State.DONE).values("source").distinct().count()
    return done == len(SOURCES) and waiting() == 0


def waiting() -> int:
    """Count what a worker still has to do: files, messages, places, regroupings and themes without figures."""
    from kuulo.desk.places import again
    from kuulo.desk.regroup import is_due
    from kuulo.models import Gazetteer, Intake, Message, Regroup, Theme

    files = Intake.objects.filter(state__in=[Intake.State.QUEUED, Intake.State.RUNNING]).count()
    places = Gazetteer.objects.filter(state__in=[Gazetteer.State.QUEUED, Gazetteer.State.RUNNING]).count()
    messages = Message.objects.filter(status=Message.Status.NEW).count()
    looks = Regroup.objects.filter(state__in=[Regroup.State.QUEUED, Regroup.State.RUNNING]).count()
    due = int(is_due()) + int(again.is_due())
    return files + places + messages + looks + due + Theme.objects.filter(stale=True).count()


def bring_places() -> None:
    """Bring the places of the invented municipality; brought before, they change nothing."""
    from kuulo.desk.places.gazetteers import bring

    with (resources.files("kuulo.demo") / "places.geojson").open("rb") as file:
        bring(file, name="places.geojson", person=None)


def bring_in(stage: str) -> None:
    """Bring a file from each channel, up to yesterday; one that was brought before adds nothing."""
    from django.utils import timezone

    from kuulo.desk.intake import bring, source_named, start
    from kuulo.hear.reading import Orders
    from kuulo.models import Source

    orders = Orders(
        text=("message",), id="id", time="time", author="author", thread="thread", background=("area",), guess=False
    )
    for channel, content in town(stage, newest=timezone.localdate() - timedelta(days=1)).items():
        source = source_named(SOURCES[channel], channel=channel)
        if not source.intakes.exists():
            Source.objects.filter(pk=source.pk).update(**REGISTER[channel])
            intake = bring(io.BytesIO(content), name=f"{channel}.csv", person=None)
            start(intake, orders=orders, source=source, person=None)
    for name, told in KNOWN.items():
        Source.objects.get_or_create(name=name, defaults=told)


def watch_worker(line: ProgressLine) -> None:
    """Run a worker until nothing waits."""
    worker = start_worker()
    line.step("fill")
    try:
        while waiting():
            if worker.poll() is not None:
                raise DeskRefused("demo-worker")
            time.sleep(LOOK)
    finally:
        line.close()
        end(worker)
