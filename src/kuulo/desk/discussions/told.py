"""Told: discussions that a source tells of by itself are followed without anybody's doing."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.utils import timezone

from kuulo.desk.days import local_day
from kuulo.desk.discussions.count import proposed
from kuulo.desk.history import record
from kuulo.hear.connector import Opened
from kuulo.models import Discussion, Source

_MOST_NAME, _MOST_ID, _MOST_URL = 200, 200, 500
_FIRST_YEAR, _LAST_YEAR = 1990, 2200


def keep_opened(source: Source, opened: Iterable[Opened]) -> None:
    """Keep the discussions that are open in a source, and what changed of those that are known.

    Call it within a transaction. What a person made of a discussion stays theirs: only its days change.
    """
    told = {one.id: one for one in opened if one.id and len(one.id) <= _MOST_ID and one.name}
    known = {one.thread: one for one in Discussion.objects.filter(source=source, thread__in=[*told])}
    new = [one for thread, one in told.items() if thread not in known]
    for thread, row in known.items():
        _renew(row, told[thread])
    wanted = proposed(source) if new else None
    for row in (_row(source, one) for one in new):
        # one that closed before it was ever heard of tells nothing, unless it says when it was opened
        if wanted and (row.closes is None or row.closes >= row.opened):
            row.wanted, row.within, row.learnt = wanted.voices, wanted.within, wanted.of
            row.save()
            record("discussion-told", discussion=row.pk, source=source.pk)


def _row(source: Source, one: Opened) -> Discussion:
    opened = _day(one.opened)
    return Discussion(
        source=source,
        thread=one.id,
        name=one.name[:_MOST_NAME],
        url=_address(one.url),
        opened=opened or timezone.localdate(),
        opened_known=opened is not None,
        closes=_last_day(one.closes),
        told=True,
    )


def _renew(row: Discussion, one: Opened) -> None:
    """Take over what changed at the source."""
    now: dict[str, object] = {"closes": _last_day(one.closes)}
    if opened := _day(one.opened):
        now |= {"opened": opened, "opened_known": True}
    if row.told:
        now |= {"name": one.name[:_MOST_NAME], "url": _address(one.url)}
    changed = [name for name, value in now.items() if getattr(row, name) != value]
    if not changed:
        return
    if "name" in changed:  # another name may be another matter
        now |= {"sought": None, "looked_to": 0}
        row.elsewhere.clear()
    Discussion.objects.filter(pk=row.pk).update(**now)


def _day(moment: datetime | None) -> date | None:
    return local_day(moment) if moment and _FIRST_YEAR < moment.year < _LAST_YEAR else None


def _last_day(moment: datetime | None) -> date | None:
    """Give the last day on which one can join: what closes at midnight closes with the day before."""
    return _day(moment - timedelta(seconds=1)) if moment and _day(moment) else None


def _address(url: str) -> str:
    try:
        is_good = len(url) <= _MOST_URL and urlsplit(url).scheme in {"http", "https"}
    except ValueError:
        return ""
    return url if is_good else ""
