"""The command ``kuulo``: one verb a file; each verb imports what it needs only when it runs."""

import sys
from collections.abc import Sequence

FAILED, MISUSED, INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; give its exit code: 0 done, 1 failed, 2 asked for wrongly, 130 interrupted."""
    from kuulo.cli.arguments import parser

    asked = parser().parse_args(arguments)
    try:
        return run(asked)
    except KeyboardInterrupt:
        print("\nStopped. Nothing was changed.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED


def run(asked: object) -> int:
    """Run the chosen verb and turn every refusal into one plain sentence."""
    from kuulo.cli.sentences import sentence

    try:
        return int(asked.run(asked))  # type: ignore[attr-defined]
    except (KeyboardInterrupt, BrokenPipeError):
        raise
    except Exception as error:
        said = sentence(error)
        if said is None:
            raise
        print(f"kuulo: {said.text}", file=sys.stderr)
        return said.exit_code
