"""List the themes and subthemes of a result."""

import argparse

from kuulo.cli.result import read_settings, read_state
from kuulo.report.encoding import visible
from kuulo.report.names import name_of


def run(asked: argparse.Namespace) -> int:
    """Print one line a theme, its subthemes indented, with the number of messages."""
    language = asked.names or read_settings(asked.folder)["names"]
    for theme in read_state(asked.folder).grouping.themes:
        indent = "  " if theme.parent else ""
        print(f"{indent}{theme.id}\t{theme.messages}\t{visible(name_of(theme, language).value)}")
    return 0
