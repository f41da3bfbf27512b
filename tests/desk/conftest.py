"""Files brought in as a person would, and taken in as the worker does."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from kuulo.desk.intake import bring, source_named, start, take_in
from kuulo.hear.reading import Orders
from kuulo.models import Intake


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
