"""Run a worker alone: for a second one on PostgreSQL, or one in a service of its own."""

import argparse
import os

from kuulo.cli.desk import hold, is_one_file, make_ready, open_desk


def run(asked: argparse.Namespace) -> int:
    """Work until stopped."""
    folder = open_desk(asked.data)
    lock = hold(folder, "worker") if is_one_file() else None
    make_ready()
    _work(parent=None, alone=lock is not None)
    return 0


def child(parent: int) -> None:
    """Be the worker of a server that has made the desk ready, and end with it."""
    folder = open_desk(None)
    lock = hold(folder, "worker") if is_one_file() else None
    _work(parent=parent, alone=lock is not None)


def _work(*, parent: int | None, alone: bool) -> None:
    # people read pages meanwhile: one thread for numbers too, said before the libraries load
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    from kuulo.work.loop import run

    run(parent=parent, alone=alone)
