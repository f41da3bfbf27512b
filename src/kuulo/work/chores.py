"""The chores of the worker: take in files, listen to sources, place messages, draw up figures, regroup, alert."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Max
from django.utils import timezone

from kuulo.desk.authors import close_periods
from kuulo.desk.deliver import deliver, settle_abandoned
from kuulo.desk.discussions import count as discussions
from kuulo.desk.discussions import seek
from kuulo.desk.figures import refresh_figures
from kuulo.desk.forget import forget
from kuulo.desk.intake import take_in
from kuulo.desk.listen import listen
from kuulo.desk.place import place_new
from kuulo.desk.places import again, counts, gazetteers
from kuulo.desk.practice.storm import tell_due
from kuulo.desk.regroup import is_due, regroup
from kuulo.desk.storm import hindsight
from kuulo.desk.storm.answered import keep_first_answers
from kuulo.desk.storm.send import send
from kuulo.desk.storm.watch import Watcher
from kuulo.group.embed import Encoder
from kuulo.models import Alert, Connection, Delivery, Event, Gazetteer, Intake, Message, Regroup, Theme, Worker
from kuulo.work.claim import Claims
from kuulo.work.waits import Waits

Stop = Callable[[], bool]
# Messages placed at a time: about a second of one thread's work.
AT_A_TIME = 64
FIGURES_AT_A_TIME = 20
LOOKED_AT_A_TIME = 250
# a program that answers slowly keeps no other alert waiting
ALERTERS = 2
# a source that has years to tell lets the others have their turn
LISTENERS, SECONDS_TO_LISTEN = 3, 30.0
SECONDS_BETWEEN_FIGURES, SECONDS_BETWEEN_LOOKS, SECONDS_TO_PLACE_SOME = 2.0, 1.0, 0.5
SECONDS_BETWEEN_WAITS, SECONDS_BETWEEN_FOLLOWING = 0.5, 5.0
# So many messages of a long file wait to be placed at most: some seconds of work.
MOST_WAITING = 500
# so long after midnight the desk forgets, or as soon as a worker runs
NIGHT = timedelta(hours=2)
# one look takes a fifth of the time at most, while messages come
SECONDS_BETWEEN_LEARNING, SECONDS_BETWEEN_CALM_LOOKS, LOOKS_SHARE = 600.0, 60.0, 4.0
# the numbers of PostgreSQL's locks for what one worker does at a time
PLACING, WATCHING, COUNTING, FOLLOWING = 0x706C616365, 0x7761746368, 0x636F756E74, 0x666F6C6C6F77


class Chores:
    """The chores with what they keep between two calls: the encoder, and when they last looked."""

    def __init__(self, claims: Claims) -> None:
        self._claims = claims
        self._encoder: Encoder | None = None
        self._prepared = threading.Lock()
        self._is_prepared = False
        self._forgot: date | None = None
        self._learned = self._looked = -SECONDS_BETWEEN_LEARNING
        self._watcher = Watcher()
        self._rest, self._seen = 0.0, (-1, -1)
        self._count_places_at = self._follow_at = 0.0
        self._followed: object = None
        self._places_counted: object = None

    def take_in_file(self, stop: Stop) -> bool:
        """Take in the smallest file that waits; leave off for one that is much smaller, and go on with it later."""
        intake = self._claims.take(Intake.objects.order_by("file_size", "pk"))
        if intake is None:
            return False
        self._prepare()
        with self._claims.holding(intake) as lost:
            yielding = _seldom(lambda: _smaller_waits(intake))

            def leave_off() -> bool:
                return stop() or lost() or yielding()

            take_in(intake, stop=lambda: leave_off() or _wait_for_placing(leave_off))
        count_for_planner()
        return True

    def listen_to_source(self, stop: Stop) -> bool:
        """Listen for a while to the source, of those that are due, that was listened to longest ago."""
        due = Connection.objects.filter(due__lte=timezone.now())
        row = self._claims.take(due.order_by(F("last_tried").asc(nulls_first=True), "pk"))
        if row is None:
            return False
        self._prepare()
        with self._claims.holding(row) as lost:
            end = time.monotonic() + SECONDS_TO_LISTEN
            listen(row, stop=lambda: stop() or lost() or time.monotonic() > end)
        return True

    def wait_at_sources(self, stop: Stop) -> bool:
        """Wait for news at every source where that can be done, for as long as the worker lives."""
        waits = Waits(self._claims.worker)
        try:
            while not stop():
                waits.tend()
                time.sleep(SECONDS_BETWEEN_WAITS)
        finally:
            waits.end()
        return False

    def send_reply(self, _stop: Stop) -> bool:
        """Send the reply that has been due for longest, and see to those that a worker left in the middle."""
        settle_abandoned()
        row = self._claims.take_to_send(Delivery.objects.filter(due__lte=timezone.now()).order_by("due", "pk"))
        if row is None:
            return False
        deliver(row)
        return True

    def send_alerts(self, stop: Stop) -> bool:
        """Send the alerts that are due, those that are due for longest first."""
        alerts: list[Alert] = []
        while not stop() and (alerts := self._claims.take_alerts()):
            send(alerts)
        return bool(alerts)

    def place_messages(self, _stop: Stop) -> bool:
        """Place some of the messages that wait. The encoder is opened when the first one does, and kept."""
        if not Message.objects.filter(status=Message.Status.NEW).exists() or not _alone(PLACING):
            return False
        if self._encoder is None:
            self._prepare()
            self._encoder = Encoder.open(threads=1)
        return place_new(self._encoder, limit=AT_A_TIME) > 0

    def place_and_look(self, stop: Stop) -> bool:
        """Place messages that wait, and look some of those that stand through for places where that is asked for.

        One after the other, so that no message is settled with earlier places behind the looking.
        """
        placed = self.place_messages(stop)
        if not again.is_due() or not _alone(PLACING):
            return placed
        return again.look_through(limit=LOOKED_AT_A_TIME) > 0 or placed

    def take_in_places(self, stop: Stop) -> bool:
        """Take in the first file of places that waits."""
        row = self._claims.take(Gazetteer.objects.order_by("pk"))
        if row is None:
            return False
        self._prepare()
        with self._claims.holding(row) as lost:
            gazetteers.take_in(row, stop=lambda: stop() or lost())
        count_for_planner()
        return True

    def count_places(self, _stop: Stop) -> bool:
        """Count the messages of all places where something changed; most of the time is others'."""
        now = time.monotonic()
        if now < self._count_places_at or not _alone(COUNTING):
            return False
        mark = counts.changed_mark()
        if mark != self._places_counted:
            counts.draw_up()
            self._places_counted = mark
            self._count_places_at = time.monotonic() + max(SECONDS_BETWEEN_FIGURES, 9 * (time.monotonic() - now))
        return False

    def follow_discussions(self, stop: Stop) -> bool:
        """Count and judge the discussions where something changed, and each day; seek their matters elsewhere."""
        if time.monotonic() < self._follow_at or not _alone(FOLLOWING):
            return False
        began, mark = time.monotonic(), (_latest(), timezone.localdate())
        if mark != self._followed:
            discussions.draw_up()
            self._followed = mark
        while not stop() and seek.seek():
            pass
        self._follow_at = time.monotonic() + max(SECONDS_BETWEEN_FOLLOWING, 4 * (time.monotonic() - began))
        return False

    def draw_figures(self, stop: Stop) -> bool:
        """Draw up the figures of themes that changed, then leave the database alone for a while."""
        while not stop() and refresh_figures(limit=FIGURES_AT_A_TIME):
            pass
        time.sleep(SECONDS_BETWEEN_FIGURES)
        return False

    def let_go_of_keys(self, _stop: Stop) -> bool:
        """Let go of the keys of authors whose period is over: a look at a folder, most days."""
        close_periods()
        return False

    def forget_what_is_old(self, stop: Stop) -> bool:
        """Forget, once a night, what is not kept any longer; where it was stopped, it goes on later."""
        night = (timezone.localtime() - NIGHT).date()
        if self._forgot != night:
            forget(stop=stop)
            self._forgot = None if stop() else night
        return False

    def watch_for_storms(self, _stop: Stop) -> bool:
        """Learn what is normal where that is due; look for storms where something was said, and each minute."""
        if not _alone(WATCHING):
            return False
        now = timezone.now()
        if time.monotonic() - self._learned >= SECONDS_BETWEEN_LEARNING and hindsight.is_due(now):
            self._learned = time.monotonic()
            hindsight.learn_and_replay(now)
        mark, idle = _latest(), time.monotonic() - self._looked
        if idle >= (SECONDS_BETWEEN_CALM_LOOKS if mark == self._seen else self._rest):
            self._seen, began = mark, time.monotonic()
            self._watcher.look(now)
            keep_first_answers()
            self._looked = time.monotonic()
            # all of a day of 100,000 messages take two seconds to read anew: most of the time is others'
            self._rest = min(LOOKS_SHARE * (self._looked - began), SECONDS_BETWEEN_CALM_LOOKS)
        return False

    def tell_storm(self, stop: Stop) -> bool:
        """Tell, in a training copy, what is due of its storm."""
        return tell_due(stop) > 0

    def regroup_messages(self, stop: Stop) -> bool:
        """Look at all messages anew where somebody asked for it or it is time."""
        row = self._claims.take(Regroup.objects.order_by("pk"))
        if row is None:
            return _ask_when_due()
        with self._claims.holding(row) as lost:
            regroup(row, stop=lambda: stop() or lost())
        count_for_planner()
        return True

    def _prepare(self) -> None:
        """Build the word tables and the encoder's graph where they are missing, in a process of its own.

        Its memory, up to a gigabyte, is given back when it ends.
        """
        with self._prepared:
            if not self._is_prepared:
                subprocess.run(
                    [sys.executable, "-P", "-m", "kuulo", "prepare"], stdout=subprocess.DEVNULL, check=True
                )
                self._is_prepared = True


def count_for_planner() -> None:
    """Tell SQLite how its tables are filled, out of a sample: without, it walks through a channel to find a copy.

    PostgreSQL does that by itself.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA analysis_limit=1000")
        cursor.execute("ANALYZE")


def hands(claims: Claims) -> Sequence[Sequence[Callable[[Stop], bool]]]:
    """Give the chores that run side by side: none waits for another's long work.

    In a training copy nobody is listened to or answered, and a storm is told.
    """
    chores = Chores(claims)
    return [*_indoors(chores), *([[_seldom(chores.tell_storm)]] if settings.PRACTICE else _outdoors(chores))]


def _indoors(chores: Chores) -> Sequence[Sequence[Callable[[Stop], bool]]]:
    return [
        [chores.take_in_file],
        [chores.place_and_look],
        [_seldom(chores.take_in_places), _seldom(chores.count_places)],
        [chores.draw_figures],
        [_seldom(chores.regroup_messages), _seldom(chores.let_go_of_keys), _seldom(chores.forget_what_is_old)],
        [_seldom(chores.watch_for_storms)],
        [_seldom(chores.follow_discussions)],
        *([_seldom(chores.send_alerts)] for _ in range(ALERTERS)),
    ]


def _outdoors(chores: Chores) -> Sequence[Sequence[Callable[[Stop], bool]]]:
    return [
        [_seldom(chores.send_reply)],
        [chores.wait_at_sources],
        # a source that answers slowly keeps no other waiting
        *([_seldom(chores.listen_to_source)] for _ in range(LISTENERS)),
    ]


def _smaller_waits(intake: Intake) -> bool:
    """Tell whether a file waits that is at most a quarter of this one, so that a short import need not wait long."""
    return Intake.objects.filter(state=Intake.State.QUEUED, file_size__lte=intake.file_size // 4).exists()


def _wait_for_placing(leave_off: Stop) -> bool:
    """Wait while many messages wait to be placed among themes that stand; tell whether to leave off instead.

    Messages are placed in the order in which they came. Were a long file let in at once, one that is heard now would
    wait until the last of it is placed.
    """
    while Theme.objects.exists() and _most_waiting() and not _first_grouping():
        if leave_off():
            return True
        time.sleep(SECONDS_TO_PLACE_SOME)
    return False


def _most_waiting() -> bool:
    waiting = Message.objects.filter(status=Message.Status.NEW).order_by().values("pk")
    return waiting[: MOST_WAITING + 1].count() > MOST_WAITING


def _first_grouping() -> bool:
    return Regroup.objects.filter(state=Regroup.State.RUNNING, claimed_by="").exists()


def _alone(number: int) -> bool:
    """Let one worker at a time: each placed message is to find those before it where they went."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        # held by this connection, which is this thread's own, until it closes; taking it again is harmless
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        row = cursor.fetchone()
    return bool(row and row[0])


def _ask_when_due() -> bool:
    """Queue a regrouping where it is time for one. Of several workers one does: the first on the list is the lock."""
    if not is_due():
        return False
    with transaction.atomic():
        Worker.objects.select_for_update().order_by("name").first()
        waits = Regroup.objects.filter(state__in=[Regroup.State.QUEUED, Regroup.State.RUNNING]).exists()
        if not waits:
            Regroup.objects.create()
    return not waits


def _latest() -> tuple[int, int]:
    """Give a mark that changes whenever a message came or something happened to one."""
    newest = Message.objects.aggregate(last=Max("pk"))["last"] or 0
    return newest, Event.objects.aggregate(last=Max("pk"))["last"] or 0


def _seldom(look: Callable[..., bool]) -> Callable[..., bool]:
    """Make a look that is answered with False where the last one was a moment ago."""
    last = 0.0

    def looked(*given: object) -> bool:
        nonlocal last
        if time.monotonic() - last < SECONDS_BETWEEN_LOOKS:
            return False
        last = time.monotonic()
        return look(*given)

    return looked
