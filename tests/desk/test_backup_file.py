"""A backup holds everything, goes back into either database, and never goes back by half."""

import json
import os
import signal
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from kuulo.desk.backup import BackupRefused, restore_backup, settle_uploads, write_backup
from kuulo.models import Author, Event, Intake, Message, Person, Placement, Source, Tag, Theme, Worker

pytestmark = pytest.mark.django_db(transaction=True)
BROUGHT = b"id;text\n1;lunta\n"
ON_POSTGRES = connection.vendor == "postgresql"


def fill() -> Message:
    person = Person.objects.create_user("maija@example.org", "a long enough secret", name="Maija Ä")
    source = Source.objects.create(name="Palaute", channel="form")
    digest = sha256(BROUGHT).hexdigest()
    intake = Intake.objects.create(
        pk=1, source=source, file_name="a.csv", file_hash=digest, file_size=1, brought_by=person
    )
    first, *_ = Message.objects.bulk_create(
        Message(
            source=source,
            intake=intake,
            identity=f"{at:032}",
            arrived=datetime(2026, 3, at + 1, 12, 30, 15, 123456, UTC),
            author=Author.objects.create(key=f"k{at}"),
            text=f"Kadulla on lunta №{at} – «ÄÖÅ» 🎉\nja 'lainaus' \\ \"toinen\"",
            search_text="kadulla katu lumi",
            background=[["alue", "Keskusta"], ["b", "1"]],
            vector=bytes(range(256)) if at else None,
            certainty=0.1 + at / 3,
        )
        for at in range(3)
    )
    first.tags.add(Tag.objects.create(name="auraus"))
    theme = Theme.objects.create(code="T1", names={"sv": "plogning", "fi": "auraus"}, figures={"b": 1, "a": {"x": 2}})
    Placement.objects.create(message=first, theme=theme, arrived=first.arrived)
    Event.objects.create(kind="renamed", person=person, theme_id=theme.pk, facts={"names": {"fi": "auraus"}})
    return first


def told(file: Path) -> dict[str, object]:
    with zipfile.ZipFile(file) as archive:
        return json.loads(archive.read("backup.json"))["parts"]


@pytest.fixture
def uploads(tmp_path) -> Path:
    folder = tmp_path / "uploads"
    folder.mkdir()
    (folder / "1").write_bytes(BROUGHT)
    return folder


@pytest.fixture
def saved(tmp_path, uploads) -> Path:
    fill()
    write_backup(tmp_path / "b.zip", uploads=uploads)
    return tmp_path / "b.zip"


def test_everything_comes_back(saved, uploads, tmp_path):
    Message.objects.update(text="gone")
    Person.objects.create_user("new@example.org")
    (uploads / "1").write_bytes(b"other")
    rows = restore_backup(saved, uploads=uploads, replace=True)
    assert Message.objects.count() == 3
    assert Message.objects.get(certainty=0.1).vector is None
    assert bytes(Message.objects.exclude(vector=None).earliest("pk").vector) == bytes(range(256))
    assert Person.objects.get().check_password("a long enough secret")
    assert (uploads / "1").read_bytes() == BROUGHT
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.zip", "uploads"]
    write_backup(tmp_path / "again.zip", uploads=uploads)
    assert told(tmp_path / "again.zip") == told(saved)
    assert rows == sum(part["pieces"] - 1 for name, part in told(saved).items() if name.startswith("tables/"))


def test_rows_can_be_added_after_a_restore_and_words_are_found(saved, uploads):
    restore_backup(saved, uploads=uploads, replace=True)
    fresh = Message.objects.create(source=Source.objects.get(), identity="new", arrived=timezone.now(), text="uusi")
    assert Message.objects.filter(pk=fresh.pk).exists()
    with connection.cursor() as cursor:
        if ON_POSTGRES:
            cursor.execute("SELECT count(*) FROM kuulo_message WHERE search_text LIKE '%katu%'")
        else:
            cursor.execute("SELECT count(*) FROM message_words WHERE message_words MATCH 'katu'")
        assert cursor.fetchone() == (3,)


def test_what_is_done_to_it_is_done_with_it_or_nothing_is(saved, uploads):
    Message.objects.update(text="newer than the backup")

    def fail() -> None:
        assert not Message.objects.filter(text="newer than the backup").exists()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        restore_backup(saved, uploads=uploads, replace=True, then=fail)
    assert Message.objects.filter(text="newer than the backup").count() == 3
    restore_backup(saved, uploads=uploads, replace=True, then=lambda: Source.objects.update(name="stripped"))
    assert Source.objects.get().name == "stripped"


def test_a_file_that_no_intake_needs_any_more_is_dropped(saved, uploads):
    (uploads / "1").unlink()
    restore_backup(saved, uploads=uploads, replace=True, then=lambda: Intake.objects.update(state="cancelled"))
    assert not (uploads / "1").exists()


def test_a_backup_is_for_its_owner_only(saved):
    assert saved.stat().st_mode & 0o777 == 0o600


def test_it_holds_no_secret_and_no_session(saved, settings):
    with zipfile.ZipFile(saved) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
        assert not [name for name in archive.namelist() if "session" in name]
    assert settings.SECRET_KEY.encode() not in whole
    assert "ÄÖÅ".encode() in whole


def test_a_desk_that_is_not_empty_is_left_alone(saved, uploads):
    with pytest.raises(BackupRefused) as refused:
        restore_backup(saved, uploads=uploads, replace=False)
    assert refused.value.code == "desk-not-empty"
    assert Message.objects.count() == 3


def test_a_desk_at_work_is_left_alone(saved, uploads):
    Worker.objects.create(name="w", beat=timezone.now())
    with pytest.raises(BackupRefused) as refused:
        restore_backup(saved, uploads=uploads, replace=True)
    assert refused.value.code == "desk-at-work"


def changed(saved: Path, name: str, content: bytes) -> Path:
    """The backup with another content of one part."""
    other = saved.with_name("changed.zip")
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(other, "w") as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return other


def newer(saved: Path) -> Path:
    with zipfile.ZipFile(saved) as archive:
        manifest = json.loads(archive.read("backup.json"))
    manifest["migrations"].append("9999_tomorrow")
    return changed(saved, "backup.json", json.dumps(manifest).encode())


def cut(saved: Path) -> Path:
    saved.write_bytes(saved.read_bytes()[:-300])
    return saved


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda saved: changed(saved, "tables/kuulo_message.jsonl", b'["id"]\n[1]\n'), "not-a-backup"),
        (lambda saved: changed(saved, "backup.json", b"{}"), "not-a-backup"),
        (newer, "newer-backup"),
        (cut, "not-a-backup"),
    ],
)
def test_what_is_damaged_or_newer_changes_nothing(saved, uploads, damage, code):
    damaged = damage(saved)
    with pytest.raises(BackupRefused) as refused:
        restore_backup(damaged, uploads=uploads, replace=True)
    assert refused.value.code == code
    assert Message.objects.count() == 3


def test_a_column_that_an_older_backup_did_not_have_gets_its_default(saved, uploads):
    with zipfile.ZipFile(saved) as archive:
        manifest = json.loads(archive.read("backup.json"))
        columns, *lines = map(json.loads, archive.read("tables/kuulo_intake.jsonl").splitlines())
    gone = columns.index("tries")
    older = "\n".join(json.dumps(row[:gone] + row[gone + 1 :]) for row in [columns, *lines]).encode()
    manifest["parts"]["tables/kuulo_intake.jsonl"]["sha256"] = sha256(older).hexdigest()
    file = changed(
        changed(saved, "tables/kuulo_intake.jsonl", older).rename(saved), "backup.json", json.dumps(manifest).encode()
    )
    restore_backup(file, uploads=uploads, replace=True)
    assert Intake.objects.get().tries == 0


def test_it_goes_into_another_desk_on_sqlite_and_back_again(saved, uploads, tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    again = tmp_path / "again.zip"
    for order in (["restore", saved], ["backup", again]):
        command = [sys.executable, "-m", "kuulo", *order, "--data", tmp_path / "other"]
        done = subprocess.run(command, env=environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    assert told(again) == told(saved)
    restore_backup(again, uploads=uploads, replace=True)
    write_backup(tmp_path / "third.zip", uploads=uploads)
    assert told(tmp_path / "third.zip") == told(saved)


IN_THE_MIDDLE = """
import os, sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from pathlib import Path
from kuulo.desk import backup
whole = backup._read_table
def stop_at_last(archive, manifest, model):
    if model._meta.db_table == "kuulo_worker" or model._meta.db_table == "kuulo_unit":
        os.kill(os.getpid(), 9)
    return whole(archive, manifest, model)
backup._read_table = stop_at_last
backup.restore_backup(Path(sys.argv[2]), uploads=Path(sys.argv[3]), replace=True)
"""


def test_a_restore_that_is_killed_leaves_what_was_there(saved, uploads):
    Message.objects.update(text="newer than the backup")
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "kuulo.settings"}
    name = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-c", IN_THE_MIDDLE, name, saved, uploads]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert set(Message.objects.values_list("text", flat=True)) == {"newer than the backup"}
    (uploads / "1").write_bytes(b"brought since")
    settle_uploads(uploads)
    assert (uploads / "1").read_bytes() == BROUGHT  # what the intake that is there tells of
    assert not uploads.with_name("uploads.arriving").exists()
    restore_backup(saved, uploads=uploads, replace=True)
    assert not Message.objects.filter(text="newer than the backup").exists()
