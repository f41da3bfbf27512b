"""Gazetteers: a file of places is brought, and taken in by the worker, all of it at one moment.

    row = bring(file, name="kaupunginosat.geojson", person=person)
    take_in(row, stop=lambda: False)          # the worker, when it has made the row RUNNING

The places of a file are written as drafts in short transactions; in one more they become the places of the desk. A
worker that is killed leaves drafts that nobody sees, and the next begins anew: until then the earlier places stand.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kuulo.desk import uploads
from kuulo.desk.history import record
from kuulo.desk.places import drafts, switch
from kuulo.desk.rows import some_at_a_time
from kuulo.hear.refused import Refused
from kuulo.models import Gazetteer, Person, PlaceDraft
from kuulo.place.reading import MOST_BYTES, Imported, read
from kuulo.place.refused import GazetteerRefused

State = Gazetteer.State
_LISTED, _AT_ONCE = 200, 2_000


def bring(
    file: IO[bytes], *, name: str, person: Person | None, kind: str = "", language: str = ""
) -> tuple[Gazetteer, bool]:
    """Store a file of places to be taken in; give its row, and whether it is a new one.

    The very file that was brought last by this name is not taken in again. Raises Refused ("too-large" and
    "empty-file").
    """
    name = name.replace("\0", "").strip()[-200:] or "-"
    path, digest, size = uploads.keep(file, most=MOST_BYTES)
    told = {"sha256": digest, "kind": kind, "language": language}
    last = Gazetteer.objects.filter(name=name).exclude(state=State.REFUSED).order_by("-pk").first()
    if last and all(getattr(last, key) == value for key, value in told.items()):
        path.unlink()
        return last, False
    with transaction.atomic():
        row = Gazetteer.objects.create(name=name, file_size=size, brought_by=person, **told)
        record("places-brought", person=person, gazetteer=row.pk)
        path.replace(_file(row))
    return row, True


def _file(row: Gazetteer) -> Path:
    folder = Path(settings.DATA_DIR) / "gazetteers"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / str(row.pk)


def take_in(row: Gazetteer, *, stop: Callable[[], bool]) -> None:
    """Work a RUNNING gazetteer to its end, or until ``stop`` says so: then it waits again."""
    try:
        imported = _read(row)
        if not _drafted(row, imported, stop=stop):
            return
    except Refused as refused:
        _refuse(row, refused)
    else:
        with transaction.atomic():
            became = switch.let_stand(row)
            row.state, row.told, row.looked_to = State.DONE, _told(imported) | became, 0
            row.finished_at, row.claimed_by = timezone.now(), ""
            Gazetteer.objects.exclude(pk=row.pk).update(looked_to=None)
            row.save()
            record("places-taken-in", gazetteer=row.pk, places=became)
        _clear(row)
    _file(row).unlink(missing_ok=True)


def _read(row: Gazetteer) -> Imported:
    try:
        content = _file(row).read_bytes()
    except FileNotFoundError:
        raise GazetteerRefused("file-lost") from None
    return read(content, name=row.name, kind=row.kind, language=row.language)


def _drafted(row: Gazetteer, imported: Imported, *, stop: Callable[[], bool]) -> bool:
    """Write the drafts; tell whether all are written."""
    _clear(row)
    for some in some_at_a_time(drafts.of_file(row, imported), _AT_ONCE):
        if stop():
            return False
        PlaceDraft.objects.bulk_create(some)
    return True


def _clear(row: Gazetteer) -> None:
    """Remove the drafts of this file, and of those that are over."""
    PlaceDraft.objects.filter(gazetteer=row).delete()
    PlaceDraft.objects.exclude(gazetteer__state__in=[State.QUEUED, State.RUNNING]).delete()


def _refuse(row: Gazetteer, refused: Refused) -> None:
    with transaction.atomic():
        row.state, row.finished_at, row.claimed_by = State.REFUSED, timezone.now(), ""
        row.refusal = {"code": refused.code, "facts": dict(refused.facts)}
        row.save()
        record("places-refused", gazetteer=row.pk, code=refused.code)


def _told(imported: Imported) -> dict[str, Any]:
    """Count the rows by what became of them, and list the first of those with something wrong."""
    counted = Counter(fault.code for fault in imported.faults)
    return {
        "format": imported.format,
        "rows": imported.rows,
        "places": len(imported.places),
        "refused": imported.refused,
        "kinds": Counter(place.kind for place in imported.places),
        "faults": counted,
        "listed": [
            {"row": fault.row, "code": fault.code, "kept": fault.kept, "facts": dict(fault.facts)}
            for fault in imported.faults[:_LISTED]
        ],
    }
