"""Files brought in as a person would, and taken in as the worker does."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kuulo.desk import examples
from kuulo.desk.intake import bring, source_named, start, take_in
from kuulo.group.embed import Encoder
from kuulo.group.pipeline import group
from kuulo.hear.reading import Orders
from kuulo.message import Message as Heard
from kuulo.models import Intake, Message, Source


@pytest.fixture(autouse=True)
def own_folder(tmp_path, settings):
    """Uploads of a test lie in its own folder."""
    settings.DATA_DIR = tmp_path


@pytest.fixture
def take(db) -> Callable[..., Intake]:
    """Bring content in from a source and take it in to its end."""

    def taken(content: str | bytes, *, name: str = "palautteet.csv", source: str = "Lomake", **orders: Any) -> Intake:
        intake = bring(io.BytesIO(content.encode() if isinstance(content, str) else content), name=name, person=None)
        start(intake, orders=Orders(**orders), source=source_named(source), person=None)
        Intake.objects.filter(pk=intake.pk).update(state=Intake.State.RUNNING)
        take_in(intake, stop=lambda: False)
        return intake

    return taken


DEMO = Path(__file__).parents[2] / "src/kuulo/demo/messages.csv"
WORDS = ("Aura jätti vallin portille.", "Skolmaten är kall.", "Sklia er ødelagt.", "Sklia er øydelagd.", "Open it.")
NEW_YEAR = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """The user's own cache stays untouched."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KUULO_CACHE", str(folder))
        patch.delenv("KUULO_MODEL", raising=False)
        yield folder


@pytest.fixture(scope="session")
def encoder(cache):
    return Encoder.open()


@pytest.fixture(scope="session")
def tables(encoder):
    """The word tables that naming looks words up in, built before anything is timed or killed."""
    group([Heard(text=text) for text in WORDS], encoder)


@pytest.fixture
def wait(db):
    """Lets texts wait to be placed, one hour after the other; gives the messages."""
    examples.forget()

    def wait(*texts, **fields):
        source, _ = Source.objects.get_or_create(name="form")
        before = Message.objects.count()
        rows = [
            Message(
                source=source, identity=str(at), text=text, arrived=NEW_YEAR + timedelta(hours=at), row=at, **fields
            )
            for at, text in enumerate(texts, start=before + 1)
        ]
        return Message.objects.bulk_create(rows)

    yield wait
    examples.forget()


@pytest.fixture(scope="session")
def demo_texts():
    """The texts of the demo's messages."""
    with DEMO.open(encoding="utf-8-sig", newline="") as file:
        return [row["message"] for row in csv.DictReader(file, delimiter=";")]
