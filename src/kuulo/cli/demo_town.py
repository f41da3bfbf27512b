"""The invented municipality Kaislalahti, in Swedish Sivvåg: what its residents say, by the day and the channel.

``demo/messages.csv`` tells of a year and is drawn together to the twelve weeks that ``demo/weeks.csv`` tells of.
There the id tells what a message belongs to: F to the storm about the ferry, A to what followed, W to the rest.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from importlib.resources import files

STAGES = ("quiet", "storm", "answered")
COLUMNS = ("id", "time", "author", "thread", "area", "message")
SOURCES = {
    "form": "Palautelomake – Responsblankett",
    "e-mail": "Kirjaamo – Registratorskontoret",
    "facebook": "Kaislalahti – Sivvåg (Facebook)",
    "instagram": "@kaislalahti.sivvag",
    "mastodon": "#kaislalahti #sivvåg",
    "initiative": "Aloitteet – Initiativ",
    "phone note": "Puhelinkeskus – Telefonväxeln",
}
_YEAR, _DAYS_OF_YEAR = date(2026, 1, 1), 300
_WEEKS, _DAYS = date(2026, 8, 3), 84
# where the storm is still going on, it is in the last two of the days
_STORM_LATER = timedelta(days=11)
# a channel of the one file that the other does not have
_SAME_CHANNEL = {"app": "instagram"}

Row = dict[str, str]


def town(stage: str, *, newest: date) -> Mapping[str, bytes]:
    """Give a CSV file for each channel, the last day being ``newest``; ``stage`` is one of STAGES."""
    shift = newest - (_WEEKS + timedelta(days=_DAYS - 1))
    channels: dict[str, list[Row]] = defaultdict(list)
    for said, row in _said(stage):
        row["time"] = f"{said + shift:%Y-%m-%d %H:%M}"
        channels[_SAME_CHANNEL.get(row["channel"], row["channel"])].append(row)
    return {channel: _csv(rows) for channel, rows in channels.items()}


def _said(stage: str) -> Iterator[tuple[datetime, Row]]:
    for row in _rows("messages.csv"):
        said = datetime.fromisoformat(row["time"])
        day = (said.date() - _YEAR).days * _DAYS // _DAYS_OF_YEAR
        yield datetime.combine(_WEEKS + timedelta(days=day), said.time()), row
    for row in _rows("weeks.csv"):
        said, belongs = datetime.fromisoformat(row["time"]), row["id"][0]
        if belongs == "W" or stage == "answered":
            yield said, row
        elif belongs == "F" and stage == "storm":
            yield said + _STORM_LATER, row


def _rows(name: str) -> Iterator[Row]:
    text = (files("kuulo") / "demo" / name).read_text("utf-8-sig")
    yield from csv.DictReader(io.StringIO(text, newline=""), delimiter=";")


def _csv(rows: list[Row]) -> bytes:
    out = io.StringIO(newline="")
    sheet = csv.DictWriter(out, COLUMNS, restval="", extrasaction="ignore")
    sheet.writeheader()
    sheet.writerows(sorted(rows, key=lambda row: row["time"]))
    return out.getvalue().encode()
