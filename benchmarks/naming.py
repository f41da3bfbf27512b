"""Measure names against what an editor would accept: ``python -m benchmarks.naming``.

Groups the golden messages with Kuulo. A subtheme's name is right where it hits the accept list of the matter that
most of its messages are about. The lists (tests/golden/names.csv) were written blind, before any name was made:
alternatives parted by "|", each of one or more beginnings of words ("*" before it: anywhere in a word).
"""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from benchmarks.datasets import REPOSITORY, demo_messages
from kuulo.group.embed import Encoder
from kuulo.group.pipeline import group
from kuulo.lang.services import LANGUAGES
from kuulo.message import Message

_GOLDEN = REPOSITORY / "tests/golden"
_SIZES = ((1, "1 message"), (3, "2-3 messages"), (10**6, "4 messages or more"))

Accepted = Mapping[tuple[str, str], Sequence[Sequence[str]]]


def accepted() -> Accepted:
    """Read the accept lists: for a matter and a language, alternatives of beginnings of words."""
    return {
        (row["matter"], row["language"]): [one.split() for one in row["accept"].split("|") if one.strip()]
        for row in _rows("names.csv")
    }


def hits(name: str, alternatives: Sequence[Sequence[str]]) -> bool:
    """Tell whether a name holds all words of some alternative."""
    lower = name.casefold()
    return any(all(_stands_in(lower, stem) for stem in alternative) for alternative in alternatives)


def judged() -> Iterator[tuple[int, str, bool, bool]]:
    """Give, for each subtheme and language: messages, language, whether somebody wrote in it, whether it hits."""
    lists, labels = accepted(), {row["id"]: row for row in _rows("labels.csv")}
    texts = {row["id"]: row["message"] for row in demo_messages()}
    state = group([Message(text=texts[one], id=one) for one in labels], Encoder.open())
    members: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for message, place in zip(state.messages, state.grouping.placements, strict=True):
        if place.subtheme and labels[message.id]["matter"]:
            members[place.subtheme].append(labels[message.id])
    for theme in state.grouping.themes:
        if rows := members.get(theme.id):
            matter = Counter(row["matter"] for row in rows).most_common(1)[0][0]
            spoken = {row["language"] for row in rows}
            for language in LANGUAGES:
                hit = hits(theme.names[language], lists[matter, language])
                yield len(rows), language, language in spoken, hit


def main() -> None:
    """Print the shares as a table."""
    found = list(judged())
    print("| names of subthemes | hit | of |\n|---|---:|---:|")
    _line("all", [hit for *_, hit in found])
    least = 0
    for most, what in _SIZES:
        _line(what, [hit for size, *_, hit in found if least < size <= most])
        least = most
    for language in LANGUAGES:
        _line(language, [hit for _, of, _, hit in found if of == language])
    _line("somebody wrote in the language", [hit for *_, own, hit in found if own])
    _line("nobody did", [hit for *_, own, hit in found if not own])


def _line(what: str, hit: Sequence[bool]) -> None:
    print(f"| {what} | {sum(hit) / max(1, len(hit)):.1%} | {len(hit)} |")


def _stands_in(name: str, stem: str) -> bool:
    pattern = re.escape(stem[1:]) if stem.startswith("*") else rf"(?<!\w){re.escape(stem)}"
    return re.search(pattern, name) is not None


def _rows(name: str) -> list[dict[str, str]]:
    with (_GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main()
