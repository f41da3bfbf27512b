"""Check that a result's folder still holds what Kuulo wrote."""

import argparse

from kuulo import __version__
from kuulo.cli.refusal import ResultChanged
from kuulo.cli.result import how_grouped, read_inputs, read_settings, read_state, read_versions, result_files
from kuulo.group.state import StateRefused
from kuulo.report.ledger import draw_up_ledger


def run(asked: argparse.Namespace) -> int:
    """Make every file anew from the state, which has checksums of its own, and compare."""
    state = read_state(asked.folder)
    versions = read_versions(asked.folder)
    if versions.get("kuulo") != __version__:
        raise StateRefused("other-version", "ledger.json")
    shown = read_settings(asked.folder)
    ledger = draw_up_ledger(
        state.messages,
        state.grouping,
        inputs=read_inputs(asked.folder),
        settings={**shown, **how_grouped(state)},
        versions=versions,
        language=shown["names"],
    )
    changed = [
        name
        for name, content in result_files(state, ledger).items()
        if not (asked.folder / name).is_file() or (asked.folder / name).read_bytes() != content
    ]
    if changed:
        raise ResultChanged(str(asked.folder), changed)
    print(f"Unchanged: every file is as Kuulo wrote it. {ledger.read} messages, fingerprint {ledger.fingerprint}.")
    return 0
