"""The invented municipality of kuulo demo: what its residents say, and which folder it may fill."""

import csv
import io
import sqlite3
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from kuulo.cli.demo_town import KNOWN, REGISTER, SOURCES, STAGES, town
from kuulo.models import Source

NEWEST = date(2026, 12, 1)
DEMO = Path(__file__).parents[2] / "src/kuulo/demo"


def rows(stage: str) -> list[dict[str, str]]:
    said = []
    for channel, content in town(stage, newest=NEWEST).items():
        said += [row | {"channel": channel} for row in csv.DictReader(io.StringIO(content.decode(), newline=""))]
    return said


def storm(stage: str) -> list[dict[str, str]]:
    return [row for row in rows(stage) if row["id"].startswith("F")]


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_ends_yesterday_and_spans_twelve_weeks_and_seven_channels(stage):
    said = rows(stage)
    days = [datetime.fromisoformat(row["time"]).date() for row in said]
    assert max(days) == NEWEST
    assert timedelta(weeks=12) - timedelta(days=2) <= max(days) - min(days) < timedelta(weeks=12)
    assert {row["channel"] for row in said} == set(SOURCES)
    assert len({row["id"] for row in said}) == len(said)


def test_every_channel_of_the_demo_stands_in_its_register():
    assert set(REGISTER) == set(SOURCES)
    assert all(told["run_by"] and told["legal_basis"] for told in REGISTER.values())
    for name, told in {**{SOURCES[channel]: told for channel, told in REGISTER.items()}, **KNOWN}.items():
        Source(name=name, **told).clean_fields()
    assert not set(KNOWN) & set(SOURCES.values())
    assert {told["run_by"] for told in [*REGISTER.values(), *KNOWN.values()]} > {"administration", "residents"}


def test_as_much_again_is_said_as_in_the_golden_set():
    counts = []
    for name in ("messages.csv", "weeks.csv"):
        with (DEMO / name).open(encoding="utf-8-sig", newline="") as file:
            counts.append(len(list(csv.DictReader(file, delimiter=";"))))
    assert counts == [634, 634]
    assert len(rows("answered")) == 2 * 634


def test_the_storm_is_two_days_of_many_people_and_is_over_later():
    assert storm("quiet") == []
    now, later = storm("storm"), storm("answered")
    assert len(now) == len(later) == 125
    assert len({row["author"] for row in now}) > 80
    assert {row["time"][:10] for row in now} == {"2026-11-30", "2026-12-01"}
    assert max(row["time"][:10] for row in later) == "2026-11-20"


def test_there_are_threads_and_areas_and_people_who_write_often():
    said = rows("storm")
    threads = Counter(row["thread"] for row in said if row["thread"])
    assert len(threads) > 50
    assert max(threads.values()) >= 4
    assert len({row["area"] for row in said}) > 8
    assert max(Counter(row["author"] for row in said).values()) > 2


def test_a_folder_with_another_desk_is_left_alone(kuulo, refused, tmp_path):
    kuulo("restore", tmp_path / "none.zip", "--data", "desk")
    with sqlite3.connect(tmp_path / "desk/kuulo.sqlite3") as database:
        told = {"name": "Our own form", "channel": "form", "keep_days": 365, "by_name": 0, "quotable": 0}
        told |= dict.fromkeys(("address", "language", "owner", "run_by", "purpose", "legal_basis", "own_names"), "")
        holes = ", ".join("?" * len(told))
        database.execute(f"INSERT INTO kuulo_source ({', '.join(told)}) VALUES ({holes})", list(told.values()))
    database.close()
    said = refused("demo", "--data", "desk", "--port", 48613, code=2)
    assert "another desk" in said
