"""Service request: a request of an Open311 server as a resident's message."""

import mimetypes
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from kuulo.hear.connector import Attachment, Post
from kuulo.hear.georeport import Row
from kuulo.hear.instant import instant

MOST_ATTACHMENTS = 20
# What is told beside the resident's words, the authority's own words among it.
_BESIDE = ("service_code", "service_name", "status", "status_notes", "address", "zipcode", "zip_code")
_BESIDE_FURTHER = ("detailed_status", "channel", "service_object_type", "service_object_id")
# latitudes and longitudes of the Nordic countries: no number is in both
_LATITUDES, _LONGITUDES = (54.0, 72.0), (4.0, 32.0)


def id_of(row: Row) -> str:
    """Give the request's id as it is written, "" where there is none."""
    told = row.get("service_request_id")
    return told if isinstance(told, str) else ""


def updated(row: Row) -> datetime | None:
    """Give when the request was changed last."""
    return instant(row.get("updated_datetime"))


def requested(row: Row) -> datetime | None:
    """Give when the request was made."""
    return instant(row.get("requested_datetime"))


def is_open(row: Row) -> bool:
    """Tell whether the request is still being worked on: anything that is not called closed is."""
    return str(row.get("status")).lower() != "closed"


def post_of(row: Row, *, replied: bool) -> Post:
    """Give the resident's message; ``replied`` tells whether it can be replied to."""
    further = _further(row)
    title = _text(further.get("title")) or _text(row.get("title"))
    text = _text(row.get("detail")) or _text(row.get("description"))
    place, swapped = place_of(row)
    beside = [(name, _text(row.get(name))) for name in _BESIDE]
    beside += [(name, _text(further.get(name))) for name in _BESIDE_FURTHER]
    beside += [("coordinates", "swapped")] if swapped else []
    changed = updated(row)
    return Post(
        id=id_of(row),
        text="\n\n".join(filter(None, [title if title not in text else "", text])),
        title=title,
        time=requested(row),
        version=changed.isoformat() if changed else "",
        form="request",
        addressee=", ".join(_texts(row.get("agency_responsible"))),
        private=_text(further.get("can_be_published") or row.get("can_be_published")) == "false",
        place=place,
        background=tuple((name, said) for name, said in beside if said),
        attachments=tuple(map(_attachment, _addresses(row, further)))[:MOST_ATTACHMENTS],
        reply_to={"request": id_of(row)} if replied else {},
    )


def place_of(row: Row) -> tuple[tuple[float, float] | None, bool]:
    """Give latitude and longitude, and whether the server had them the wrong way round."""
    latitude, longitude = _number(row.get("lat")), _number(row.get("long"))
    if latitude is None or longitude is None or latitude == longitude == 0:
        return None, False
    if _nordic(longitude, latitude):
        return (longitude, latitude), True
    return ((latitude, longitude), False) if abs(latitude) <= 90 and abs(longitude) <= 180 else (None, False)


def _nordic(latitude: float, longitude: float) -> bool:
    return _LATITUDES[0] <= latitude <= _LATITUDES[1] and _LONGITUDES[0] <= longitude <= _LONGITUDES[1]


def _number(told: object) -> float | None:
    try:
        return float(told) if isinstance(told, str) else None
    except ValueError:
        return None


def _further(row: Row) -> Row:
    told = row.get("extended_attributes")
    return told if isinstance(told, dict) else {}


def _text(told: object) -> str:
    return told.replace("\r\n", "\n") if isinstance(told, str) else ""


def _texts(told: Any) -> Iterator[str]:  # noqa: ANN401
    """Give every text that is told in a place for one or several, however nested."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict | list):
        for inner in told.values() if isinstance(told, dict) else told:
            yield from _texts(inner)


def _addresses(row: Row, further: Row) -> list[str]:
    told = [row.get("media_url"), further.get("media_urls"), further.get("photos")]
    found = (text for part in told for text in _texts(part))
    return list(dict.fromkeys(one for one in found if one.startswith(("http://", "https://"))))


def _attachment(address: str) -> Attachment:
    try:
        name = urlsplit(address).path.rpartition("/")[2]
    except ValueError:
        name = ""
    return Attachment(name=name[:200], type=mimetypes.guess_type(name)[0] or "", url=address)
