"""One encoder for all tests of the desk, and messages that wait to be placed."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kuulo.desk import examples
from kuulo.group.embed import Encoder
from kuulo.group.pipeline import group
from kuulo.message import Message as Heard
from kuulo.models import Message, Source

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
