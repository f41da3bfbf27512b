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
from typing import Any

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
_TASK = "GDPR 6(1)(e), tietosuojalaki 4 § – dataskyddslagen 4 §; kuntalaki – kommunallagen 22 §, 29 §"
# What the register of channels tells of each: invented, like the town.
REGISTER: Mapping[str, Mapping[str, Any]] = {
    "form": {
        "address": "https://kaislalahti.example/palaute",
        "run_by": "administration",
        "owner": "Asiakaspalvelu – Kundtjänst",
        "since": date(2015, 3, 2),
        "purpose": "Palaute palveluista, vastaus viidessä päivässä – Respons på servicen, svar inom fem dagar",
        "legal_basis": _TASK,
        "quotable": True,
    },
    "e-mail": {
        "run_by": "administration",
        "owner": "Kirjaamo – Registratorskontoret",
        "since": date(2004, 1, 1),
        "purpose": "Asiat vireille ja vastauksia – Ärenden och svar",
        "legal_basis": _TASK,
        "by_name": True,
    },
    "facebook": {
        "address": "https://facebook.example/kaislalahti",
        "run_by": "administration",
        "owner": "Viestintä – Kommunikation",
        "since": date(2012, 9, 10),
        "followers": 6_480,
        "purpose": "Keskustelua ja tiedotusta arjesta – Samtal och information om vardagen",
        "legal_basis": _TASK,
    },
    "instagram": {
        "run_by": "administration",
        "owner": "Nuorisopalvelut – Ungdomstjänster",
        "since": date(2018, 5, 21),
        "followers": 2_150,
        "purpose": "Nuorten ääni – De ungas röst",
        "legal_basis": _TASK,
    },
    "mastodon": {"run_by": "residents", "since": date(2022, 11, 14), "followers": 310, "legal_basis": _TASK},
    "initiative": {
        "run_by": "administration",
        "owner": "Hallinto – Förvaltningen",
        "since": date(2013, 12, 1),
        "purpose": "Asukkaiden aloitteet päätöksentekoon – Invånarnas initiativ till beslut",
        "legal_basis": _TASK,
        "quotable": True,
    },
    "phone note": {
        "run_by": "administration",
        "owner": "Puhelinkeskus – Telefonväxeln",
        "purpose": "Soittajien asiat muistiin – De uppringandes ärenden",
        "legal_basis": _TASK,
    },
}
# Channels that are only known of, by name.
KNOWN: Mapping[str, Mapping[str, Any]] = {
    "Kaislalahden puskaradio": {"channel": "facebook", "run_by": "residents", "language": "fi", "followers": 3_900},
    "Sivvågs byaförening": {
        "channel": "facebook",
        "run_by": "association",
        "language": "sv",
        "followers": 720,
        "owner": "Viestintä – Kommunikation",
        "purpose": "Tietää, mitä kylällä puhutaan – Veta vad byn talar om",
    },
}
# What the town asked its residents in a post: no message belongs to it, while the library is talked about elsewhere.
DISCUSSION: Mapping[str, Any] = {
    "name": "Kirjaston aukioloajat – Bibliotekets öppettider",
    "question": "Milloin kirjaston pitäisi olla auki? – När ska biblioteket vara öppet?",
    "thread": "kirjaston-aukioloajat",
    "url": "",
    "services": [],
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


def ferry_storm() -> Iterator[tuple[datetime, Row]]:
    """Give when each message of the ferry's storm was said, and its row, the channel as in SOURCES."""
    for row in _rows("weeks.csv"):
        if row["id"].startswith("F"):
            channel = _SAME_CHANNEL.get(row["channel"], row["channel"])
            yield datetime.fromisoformat(row["time"]), row | {"channel": channel}


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
