"""The worker: hands that look for chores and do them, and a heart that shows that the worker lives.

Each hand is a thread with chores of its own, so that a long import never keeps a new message from its place. A chore
is a function over rows: it does a piece of work, stops early when told to, and says whether there was any.
"""

import logging
import os
import secrets
import signal
import threading
import time
import traceback
from collections.abc import Callable, Sequence

from django.db import close_old_connections, connections

from kuulo.work.claim import Claims, forget_workers, put_back_abandoned
from kuulo.work.parent import end_with

Stop = Callable[[], bool]
Chore = Callable[[Stop], bool]

LOOK, BEAT, IDLE, LONGEST_PAUSE = 0.2, 3.0, 0.5, 60.0
log = logging.getLogger("kuulo.work")


class Loop:
    """A worker's life from start to stop."""

    def __init__(self, claims: Claims, hands: Sequence[Sequence[Chore]]) -> None:
        self._claims = claims
        self._hands = hands
        self._told_to_stop = False
        self._stopping = threading.Event()

    def stop(self, *_signal: object) -> None:
        """Have every hand finish the step that it is at, and end."""
        # a plain value: this may run as a signal's handler, in the middle of anything
        self._told_to_stop = True

    def run(self) -> None:
        """Work until told to stop."""
        self._beat()
        threads = [threading.Thread(target=self._work, args=(chores,), daemon=True) for chores in self._hands]
        for thread in threads:
            thread.start()
        last = time.monotonic()
        while any(thread.is_alive() for thread in threads):
            time.sleep(LOOK)
            if self._told_to_stop:
                self._stopping.set()
            if time.monotonic() - last >= BEAT:
                self._beat()
                last = time.monotonic()
        self._claims.leave()

    def _beat(self) -> None:
        try:
            close_old_connections()
            self._claims.beat()
            put_back_abandoned()
        except Exception as error:  # noqa: BLE001  a heart goes on beating
            tell(error)

    def _work(self, chores: Sequence[Chore]) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                close_old_connections()
                pause = 0.0 if self._one_round(chores) else IDLE
                failures = 0
            except Exception as error:  # noqa: BLE001  a chore that fails is tried again, later each time
                tell(error)
                failures += 1
                pause = min(2.0**failures, LONGEST_PAUSE)
            self._stopping.wait(pause)
        connections.close_all()

    def _one_round(self, chores: Sequence[Chore]) -> bool:
        """Do the first chore that has work: those that stand first always go first."""
        return any(chore(self._stopping.is_set) for chore in chores)


def tell(error: Exception) -> None:
    """Log where an error arose, without its words: a database quotes the row in them, and so a resident."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("a chore failed: %s\n%s", type(error).__name__, where)


def run(*, parent: int | None = None, alone: bool = False) -> None:
    """Be a worker until SIGTERM, or until ``parent`` is gone. ``alone``: no other worker can be there."""
    from kuulo.work.chores import hands  # noqa: PLC0415  the encoder's libraries load slowly

    os.nice(10)
    claims = Claims(f"{os.uname().nodename[:40]}-{os.getpid()}-{secrets.token_hex(3)}")
    loop = Loop(claims, hands(claims))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, loop.stop)
    if parent is not None:
        end_with(parent)
    if alone:
        forget_workers()
    loop.run()
