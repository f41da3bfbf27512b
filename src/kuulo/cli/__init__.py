"""The command ``kuulo``: one verb a file; each verb imports what it needs only when it runs."""

import io
import os
import sys
from collections.abc import Sequence

FAILED, MISUSED, INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; give its exit code: 0 done, 1 failed, 2 asked for wrongly, 130 interrupted."""
    from kuulo.cli.arguments import read_arguments

    asked = read_arguments(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # a terminal that has no letter for a resident's word shows a question mark
        sys.stdout.reconfigure(errors="replace")
    try:
        return run(asked)
    except KeyboardInterrupt:
        print("kuulo: stopped; nothing was changed.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        _leave(sys.stdout, sys.stderr)
        return FAILED


def run(asked: object) -> int:
    """Run the chosen verb and turn every refusal into one plain sentence."""
    from kuulo.cli.sentences import sentence

    try:
        done = int(asked.run(asked))  # type: ignore[attr-defined]
        _flush()
    except (KeyboardInterrupt, BrokenPipeError):
        raise
    except Exception as error:
        said = sentence(error)
        if said is None:
            raise
        print(f"kuulo: {said.text}", file=sys.stderr)
        return said.exit_code
    return done


def _flush() -> None:
    """Write out what waits while a full disk or a closed pipe can still be told."""
    try:
        print(end="", flush=True)
    except OSError:
        _leave(sys.stdout)
        raise


def _leave(*streams: object) -> None:
    """Let what nobody can take go nowhere, so that Python does not complain about it at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            os.dup2(nowhere, stream.fileno())
