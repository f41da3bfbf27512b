"""Write everything that the desk remembers to one file."""

import argparse

from kuulo.cli.desk import open_desk, told_plainly


def run(asked: argparse.Namespace) -> int:
    """Write the backup and say what is in it."""
    folder = open_desk(asked.data)
    from kuulo.desk.backup import write_backup

    with told_plainly():
        rows = write_backup(asked.file, uploads=folder / "uploads")
    print(f"{asked.file} holds {rows:,} rows. The desk's secret is not in it: keep a copy of that elsewhere.")
    return 0
