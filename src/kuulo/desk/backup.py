"""Backup: everything that Kuulo remembers in one file, which goes back into either kind of database.

The file is a zip. ``tables/NAME.jsonl`` holds a table: its columns in the first line, a row in each other, in the
order of the primary key. ``uploads/NAME`` is a file that was brought. ``backup.json`` tells versions and each part's
SHA-256. The desk's secret is not in it. Memory stays small whatever the size, both ways.
"""

import base64
import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from kuulo import __version__
from kuulo.desk.intake import OPEN
from kuulo.models import Intake, Person, Source, Worker

FORMAT = 1
MANIFEST, TABLES, UPLOADS = "backup.json", "tables/", "uploads/"
AT_A_TIME = 500
PIECE = 1 << 20
# a worker that has not shown itself for this long is gone
SILENCE = timedelta(seconds=30)
# what says who is at the desk just now, and what Django draws up by itself
_LEFT_OUT = {"sessions", "contenttypes", "auth"}

Model = type[models.Model]
Row = list[Any]


class BackupRefused(Exception):
    """A backup cannot be put back: ``code`` says why."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def write_backup(file: Path, *, uploads: Path) -> int:
    """Write all tables, as they stand at one moment, and the files in ``uploads``; give how many rows there are.

    The desk may be in use meanwhile. The file appears whole or not at all, readable by its owner only.
    """
    part = file.with_name(f".{file.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600), "w+b") as out:
            rows = _write(out, uploads)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return rows


def restore_backup(file: Path, *, uploads: Path, replace: bool, then: Callable[[], None] = lambda: None) -> int:
    """Put a backup back, in one transaction, in the place of all there is; give how many rows it holds.

    ``then`` is done in the same transaction: nobody ever sees the desk without it. Raises BackupRefused before
    anything is changed: where the file is damaged or of a newer Kuulo, where a worker is at work, or where the desk
    is not empty and ``replace`` is False.
    """
    with _opened(file) as archive:
        manifest = _checked(archive)
        _check_desk(replace=replace)
        _unpack_uploads(archive, manifest, uploads)
        with transaction.atomic():
            for model in _models():
                _delete_all(model)
            rows = sum(_read_table(archive, manifest, model) for model in _models())
            _set_sequences()
            then()
    settle_uploads(uploads)
    return rows


def settle_uploads(uploads: Path) -> None:
    """Put files that a restore unpacked in place, those of intakes that still need them; drop the others.

    A restore does it at its end; a start does it too, in case one was stopped before that.
    """
    arriving = _arriving(uploads)
    if not arriving.exists():
        return
    uploads.mkdir(mode=0o700, exist_ok=True)
    for path in arriving.iterdir():
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        wanted = Intake.objects.filter(file_hash=digest, state__in=OPEN)
        if path.name.isdecimal() and wanted.filter(pk=int(path.name)).exists():
            path.replace(uploads / path.name)
    shutil.rmtree(arriving)


def _arriving(uploads: Path) -> Path:
    return uploads.with_name(f"{uploads.name}.arriving")


def _models() -> list[Model]:
    """Give the models whose rows are kept, in an order of their own that is always the same."""
    found = apps.get_models(include_auto_created=True)
    kept = [model for model in found if model._meta.app_label not in _LEFT_OUT and model is not Worker]
    return sorted(kept, key=lambda model: model._meta.db_table)


def _name(model: Model) -> str:
    return f"{TABLES}{model._meta.db_table}.jsonl"


def _columns(model: Model) -> list["models.Field[Any, Any]"]:
    return list(model._meta.local_concrete_fields)


def _write(out: IO[bytes], uploads: Path) -> int:
    parts: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with _moment():
            migrations = sorted(_known_migrations())
            for path in sorted(uploads.glob("[0-9]*")):
                with suppress(FileNotFoundError), path.open("rb") as file:  # a worker may be done with it by now
                    parts[UPLOADS + path.name] = _add(archive, UPLOADS + path.name, _pieces(file))
            for model in _models():
                name = _name(model)
                parts[name] = _add(archive, name, _lines(model))
        manifest = {"format": FORMAT, "kuulo": __version__, "made": timezone.now().isoformat()}
        archive.writestr(MANIFEST, json.dumps(manifest | {"migrations": migrations, "parts": parts}, indent=1))
    return sum(part["pieces"] - 1 for name, part in parts.items() if name.startswith(TABLES))


def _add(archive: zipfile.ZipFile, name: str, pieces: Iterator[bytes]) -> dict[str, Any]:
    """Add a part; give how many pieces (lines of a table) it has and its checksum."""
    digest, count = hashlib.sha256(), 0
    with archive.open(name, "w", force_zip64=True) as part:
        for piece in pieces:
            part.write(piece)
            digest.update(piece)
            count += 1
    return {"pieces": count, "sha256": digest.hexdigest()}


@contextmanager
def _moment() -> Iterator[None]:
    """See the database as it stands at one moment, without keeping anybody from writing."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    connection.ensure_connection()
    mode = connection.transaction_mode  # type: ignore[attr-defined]
    # IMMEDIATE would lock writers out
    connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            yield
    finally:
        connection.transaction_mode = mode  # type: ignore[attr-defined]


def _lines(model: Model) -> Iterator[bytes]:
    names = [field.attname for field in _columns(model)]
    yield _line(names)
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=AT_A_TIME):
        yield _line([_plain(value) for value in row])


def _line(values: Sequence[Any]) -> bytes:
    # keys in one order: the engines keep them in different ones
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode("ascii")
    return value.isoformat() if hasattr(value, "isoformat") else value


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(file)
    except zipfile.BadZipFile as error:
        raise BackupRefused("not-a-backup", file=str(file)) from error
    with archive:
        yield archive


def _checked(archive: zipfile.ZipFile) -> dict[str, Any]:
    """Give what the backup tells of itself, once every part has proved to be as it was written."""
    try:
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
        whole = all(_sum(archive, name) == told["sha256"] for name, told in manifest["parts"].items())
        newer = manifest["format"] > FORMAT or set(manifest["migrations"]) - _known_migrations()
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError) as error:
        raise BackupRefused("not-a-backup", file=str(archive.filename)) from error
    if not whole:
        raise BackupRefused("not-a-backup", file=str(archive.filename))
    if newer:
        raise BackupRefused("newer-backup", version=str(manifest["kuulo"]))
    return manifest


def _sum(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as part:
        for piece in _pieces(part):
            digest.update(piece)
    return digest.hexdigest()


def _known_migrations() -> set[str]:
    return {name for app, name in MigrationRecorder(connection).applied_migrations() if app == "kuulo"}


def _check_desk(*, replace: bool) -> None:
    if Worker.objects.filter(beat__gte=timezone.now() - SILENCE).exists():
        raise BackupRefused("desk-at-work")
    if not replace and (Person.objects.exists() or Source.objects.exists()):
        raise BackupRefused("desk-not-empty")


def _delete_all(model: Model) -> None:
    rows = model._base_manager.all()
    rows._raw_delete(rows.db)


def _read_table(archive: zipfile.ZipFile, manifest: dict[str, Any], model: Model) -> int:
    """Insert the rows of a table; columns that the backup does not know get their default."""
    name = _name(model)
    if name not in manifest["parts"]:
        return 0
    with archive.open(name) as part:
        told = json.loads(next(part))
        fields = _columns(model)
        rows = (_values(fields, dict(zip(told, json.loads(line), strict=True))) for line in part)
        return _insert(model, fields, rows)


def _insert(model: Model, fields: Sequence["models.Field[Any, Any]"], rows: Iterator[Row]) -> int:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    order = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608
    count = 0
    with connection.cursor() as cursor:
        while some := list(islice(rows, AT_A_TIME)):
            cursor.executemany(order, some)
            count += len(some)
    return count


def _values(fields: Sequence["models.Field[Any, Any]"], told: dict[str, Any]) -> Row:
    return [field.get_db_prep_save(_full(field, told), connection) for field in fields]


def _full(field: "models.Field[Any, Any]", told: dict[str, Any]) -> Any:  # noqa: ANN401
    if field.attname not in told:
        return field.get_default()
    value = told[field.attname]
    if value is not None and isinstance(field, models.BinaryField):
        return base64.b64decode(value)
    return parse_datetime(value) if value is not None and isinstance(field, models.DateTimeField) else value


def _set_sequences() -> None:
    with connection.cursor() as cursor:
        for order in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(str(order))


def _unpack_uploads(archive: zipfile.ZipFile, manifest: dict[str, Any], uploads: Path) -> None:
    """Write the files that were brought beside the folder that they belong in."""
    arriving = _arriving(uploads)
    shutil.rmtree(arriving, ignore_errors=True)
    arriving.mkdir(mode=0o700, parents=True)
    for name in manifest["parts"]:
        if name.startswith(UPLOADS):
            with archive.open(name) as part, (arriving / Path(name).name).open("wb") as file:
                shutil.copyfileobj(part, file, PIECE)
