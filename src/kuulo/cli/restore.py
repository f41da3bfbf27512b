"""Put back what a backup holds."""

import argparse

from kuulo.cli.desk import hold, is_one_file, make_ready, open_desk, told_plainly


def run(asked: argparse.Namespace) -> int:
    """Put the backup in the place of what the desk holds and say how much it was."""
    folder = open_desk(asked.data)
    from kuulo.desk.backup import restore_backup

    locks = [hold(folder, name) for name in ("desk", "worker")] if is_one_file() else []
    make_ready()
    with told_plainly():
        rows = restore_backup(asked.file, uploads=folder / "uploads", replace=asked.replace)
    for lock in locks:
        lock.close()
    print(f"{rows:,} rows are back.")
    return 0
