"""Measure how personal data are masked: ``python -m benchmarks.planted [--seed N] [--count N]``.

Recall: of what is planted, how much is left nowhere in the masked text. Precision: of the marks put into planted
messages, how many are of what was planted. With KUULO_BENCH_DATA set, also what is marked in 10,000 public texts,
which hold hardly any personal data of residents: ``--sample FILE`` writes some of it to a file, to be read. Keep that
file out of the project.
"""

import argparse
import os
import random
import re
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.datasets import FOLDER, omastadi, polis, sib, swefaq, tidstyver, vkk
from benchmarks.planted_data import KINDS, LANGUAGES, Planted, planted
from kuulo.lang.mask import Level, mask

_MARKS = re.compile(r"\[(link|email|account|id|phone|plate|number|name|handle)\]")
LEVELS: tuple[Level, ...] = ("work", "public")
# the marks that are right for what was planted
_RIGHT = {kind: {kind} for kind in KINDS} | {"address": {"number"}, "handle": {"handle", "link", "email"}}


class Figures(NamedTuple):
    """Of messages with something planted: how many there are, how many of these are masked, and the marks in them:
    all, and the right ones.
    """

    planted: int
    masked: int
    marks: int
    right: int

    @property
    def recall(self) -> float:
        """Give the share of what was planted that is masked."""
        return self.masked / self.planted

    @property
    def precision(self) -> float:
        """Give the share of the marks that are of what was planted."""
        return self.right / max(1, self.marks)


def figures(messages: Sequence[Planted], level: Level) -> Figures:
    """Mask messages and count."""
    masked = marks = right = 0
    for one in messages:
        text = mask(one.text, level)
        masked += not left(one, text)
        told = _MARKS.findall(text)
        marks += len(told)
        right += sum(kind in _RIGHT[one.kind] for kind in told)
    return Figures(len(messages), masked, marks, right)


def left(one: Planted, text: str) -> bool:
    """Tell whether something of what was planted is left; of numbers, any digit."""
    if one.kind in ("id", "phone", "account", "plate", "address"):
        return any(sign.isdecimal() for sign in text)
    return any(secret.casefold() in text.casefold() for secret in one.secrets)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--sample", type=Path)
    parser.add_argument("--left", action="store_true", help="print what is left")
    asked = parser.parse_args()
    messages = list(planted(asked.count, asked.seed))
    for level in LEVELS:
        _table(messages, level)
    if asked.left:
        unmasked = (one for one in messages if left(one, mask(one.text, "work")))
        print(*(f"{one.kind} {one.language}: {one.text!r}" for one in unmasked), sep="\n")
    _speed([one.text for one in messages])
    if os.environ.get(FOLDER):
        _clean(_texts(asked.seed), asked.sample, asked.seed)


def _table(messages: Sequence[Planted], level: Level) -> None:
    print(f"\nlevel: {level}; recall / precision in %\n\n| kind | all | {' | '.join(LANGUAGES)} |")
    print("|---|---:|" + "---:|" * len(LANGUAGES))
    for kind in KINDS:
        of_kind = [one for one in messages if one.kind == kind]
        parts = [of_kind, *([one for one in of_kind if one.language == language] for language in LANGUAGES)]
        told = [figures(part, level) for part in parts]
        print(
            f"| {kind} | " + " | ".join(f"{100 * one.recall:.1f} / {100 * one.precision:.1f}" for one in told) + " |"
        )


def _speed(texts: Sequence[str]) -> None:
    best = min(_seconds(texts) for _ in range(5))
    mean = sum(map(len, texts)) / len(texts)
    print(
        f"\nfor work: {1e6 * best / len(texts):.0f} µs of one processor a message of {mean:.0f} characters on average"
    )


def _seconds(texts: Sequence[str]) -> float:
    begun = time.process_time()
    for text in texts:
        mask(text, "work")
    return time.process_time() - begun


def _texts(seed: int) -> list[tuple[str, str]]:
    sets = [omastadi(), tidstyver(), polis(), swefaq(), *map(sib, ("fin", "swe", "nob", "nno", "eng")), vkk()]
    texts = [(one.name, text) for one in sets for text in one.texts]
    return random.Random(seed).sample(texts, min(10_000, len(texts)))


def _clean(texts: Sequence[tuple[str, str]], sample: Path | None, seed: int) -> None:
    shown = []
    _speed([text for _, text in texts])
    for level in LEVELS:
        marks: Counter[str] = Counter()
        for name, text in texts:
            told = mask(text, level)
            marks.update(_MARKS.findall(told))
            shown += [
                f"{level} {name}: {told[max(0, m.start() - 60) : m.end() + 60]!r}" for m in _MARKS.finditer(told)
            ]
        print(f"\n{len(texts):,} public texts, level {level}: {dict(marks.most_common())}")
    if sample:
        sample.write_text("\n".join(random.Random(seed).sample(shown, min(400, len(shown)))), "utf-8")


if __name__ == "__main__":
    main()
