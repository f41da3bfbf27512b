"""Waits: threads that wait at sources for news, so that what is said there is heard at once.

    waits = Waits(worker)
    waits.tend()        # again and again
    waits.end()

A wait only lets its connection be due now: what reads is the listening, by its cursor, as ever. A source where the
wait breaks is listened to at its times all the same. Threads that wait touch no database.
"""

import logging
import random
import threading
import time
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from kuulo.desk.listen import open_connector
from kuulo.hear.connector import Waiting
from kuulo.hear.connectors import connectors
from kuulo.hear.trouble import Trouble
from kuulo.models import Connection, Worker

MOST_WAITS = 50
FIRST_PAUSE, LONGEST_PAUSE = 30.0, 3600.0
# however much comes, a source is not listened to more often
BETWEEN_HINTS = timedelta(seconds=5)
_TO_END = 3.0
_HOW = ("connector", "settings", "secrets", "own_network")
log = logging.getLogger("kuulo.waits")


class Waits:
    """The waits of one worker. Of several workers the first on the list waits; another takes over when it is gone."""

    def __init__(self, worker: str) -> None:
        self._worker = worker
        self._waits: dict[int, Wait] = {}

    def tend(self) -> None:
        """End the waits whose source is switched off, changed or in trouble; begin those that are missing; hint."""
        rows = self._wanted()
        for pk, wait in list(self._waits.items()):
            if pk not in rows or how(rows[pk]) != wait.how:
                self._waits.pop(pk).end()
        for pk, row in rows.items():
            if pk not in self._waits:
                self._begin(row)
            elif self._waits[pk].news.is_set():
                self._waits[pk].news.clear()
                hint(row)

    def end(self) -> None:
        """End all waits, giving them a moment to take their leave."""
        waits, self._waits = list(self._waits.values()), {}
        for wait in waits:
            wait.end()
        end = time.monotonic() + _TO_END
        for wait in waits:
            wait.thread.join(max(end - time.monotonic(), 0.0))

    def _wanted(self) -> dict[int, Connection]:
        first = Worker.objects.order_by("name").values_list("name", flat=True).first()
        if first != self._worker:
            return {}
        names = [name for name, made in connectors().items() if issubclass(made, Waiting)]
        rows = Connection.objects.filter(connector__in=names, last_heard__isnull=False).exclude(state="off")
        # what is in trouble is tried by listening, which knows when to
        well = [row for row in rows.order_by("pk") if not row.trouble]
        return {row.pk: row for row in well[:MOST_WAITS]}

    def _begin(self, row: Connection) -> None:
        try:
            connector = open_connector(row)
        except Trouble:
            return  # listening tells of it
        if isinstance(connector, Waiting):
            self._waits[row.pk] = Wait(connector, how(row))


class Wait:
    """A thread that waits at one source. ``news`` is set when it has some; ``how`` is what it was made of."""

    def __init__(self, connector: Waiting, how: tuple[object, ...]) -> None:
        self.how = how
        self.news = threading.Event()
        self._connector = connector
        self._ended = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def end(self) -> None:
        """Have it end, within a second or so."""
        self._ended.set()

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._ended.is_set():
            began = time.monotonic()
            self._once()
            pause = FIRST_PAUSE if time.monotonic() - began > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
            self._ended.wait(pause * random.uniform(0.75, 1.25))  # noqa: S311  so that not all come at once
        self._connector.http.close()

    def _once(self) -> None:
        try:
            for _ in self._connector.wait_for_news(self._ended.is_set):
                self.news.set()
        except Exception as error:  # noqa: BLE001  a wait that breaks harms nothing
            told = error.code if isinstance(error, Trouble) else type(error).__name__
            log.info("a wait at %s broke: %s", self._connector.name, told)


def hint(row: Connection) -> None:
    """Let a connection be due now, or soon where it was listened to a moment ago.

    One that is listened to in this moment is due once more: the news may have come too late for this time.
    """
    due = max(timezone.now(), row.last_tried + BETWEEN_HINTS) if row.last_tried else timezone.now()
    Connection.objects.filter(Q(state="running") | Q(due__gt=due), pk=row.pk).update(due=due)


def how(row: Connection) -> tuple[object, ...]:
    """Give what a wait at this source is made of: where that changes, the wait is another."""
    return (row.connector, row.settings, bytes(row.secrets), row.own_network)
