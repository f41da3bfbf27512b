"""Measure Kuulo against its floors, its goals and its rivals: ``python -m benchmarks.run [--only NAME]``.

Prints Markdown tables and, with --out, writes the same figures as JSON.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import datasets, measures
from benchmarks.contest import LEVELS, Contest, Entry, Level
from benchmarks.datasets import SetMissingError, TextSet
from benchmarks.rivals import Run, lexical_cuts
from benchmarks.tables import Row, Score, Table, Target, row, scored
from kuulo.group.embed import Encoder
from kuulo.group.fold import fold_copies

Measure = Callable[[Contest], Iterator[Table]]
_LIBRARIES = ("numpy", "onnxruntime", "scikit-learn", "scikit-network", "scipy", "sentencepiece")


def sib_mixed(contest: Contest) -> Iterator[Table]:
    """Five languages mixed, three draws of the languages."""
    sets = [datasets.sib_mixed(seed) for seed in (0, 1, 2)]
    yield _topics(contest, "SIB-200, five languages mixed", sets, Target(floor=0.47, goal=0.53))


def sib_finnish(contest: Contest) -> Iterator[Table]:
    """The Finnish sentences alone."""
    yield _topics(contest, "SIB-200, Finnish", [datasets.sib("fin")], Target(floor=0.43, goal=0.48))


def vkk(contest: Contest) -> Iterator[Table]:
    """Finnish sentences by ministry."""
    yield _topics(contest, "vkk, ministries", [datasets.vkk()], Target(floor=0.26, goal=0.29))


def swefaq(contest: Contest) -> Iterator[Table]:
    """Swedish questions by category."""
    yield _topics(contest, "SweFAQ, categories", [datasets.swefaq()], Target(floor=0.74, goal=0.80))


def sib_versions(contest: Contest) -> Iterator[Table]:
    """The same sentences in five languages: do the versions meet, and do themes follow language?"""
    texts = datasets.sib_versions()
    count = len(datasets.LANGUAGES)

    def together(_: TextSet, labels: measures.Labels) -> float:
        return measures.versions_together(labels, versions=count)

    themes = contest.entries([texts], level="theme")
    yield Table(
        title="Five versions of a sentence in one theme",
        measure="share",
        target=Target(floor=0.98, goal=0.995),
        rows=scored(themes, together),
    )
    yield Table(
        title="Five versions of a sentence in one subtheme",
        measure="share",
        target=Target(floor=0.75, goal=0.90),
        rows=scored(contest.entries([texts], level="subtheme"), together),
        note="BERTopic has one level; KMeans is asked for many groups.",
    )
    yield Table(
        title="Themes follow language",
        measure="NMI",
        target=Target(floor=0.02, goal=0.005, low_is_good=True),
        rows=scored(themes, lambda texts, labels: measures.language_nmi(texts.languages, labels)),
    )


def steady_polis(contest: Contest) -> Iterator[Table]:
    """Residents' comments: do themes stay when a tenth of the messages is missing?"""
    yield _steady(contest, datasets.polis(), Target(floor=0.86, goal=0.93))


def steady_sib(contest: Contest) -> Iterator[Table]:
    """The same with five languages mixed."""
    yield _steady(contest, datasets.sib_mixed(0), Target(floor=0.85, goal=0.92))


def steady_vkk(contest: Contest) -> Iterator[Table]:
    """The same with sentences by ministry."""
    yield _steady(contest, datasets.vkk(), Target(floor=0.78, goal=0.88))


def omastadi(contest: Contest) -> Iterator[Table]:
    """Proposals against the plans that the city and residents merged them into."""
    yield _merged(contest, "OmaStadi, plans", datasets.omastadi(), Target(floor=0.56, goal=0.62))


def folding(contest: Contest) -> Iterator[Table]:
    """Near-identical texts fold, different ones do not."""
    del contest
    pairs = datasets.paraphrases()
    cases = [
        ("Near-copies that fold", measures.near_copies(pairs), Target(floor=0.90, goal=0.97)),
        (
            "Different sentences that fold",
            measures.different(pairs),
            Target(floor=0.005, goal=0.002, low_is_good=True),
        ),
    ]
    for title, chosen, target in cases:
        yield Table(
            title=title,
            measure="share",
            target=target,
            rows=[
                _fold_row("Kuulo", chosen, fold_copies),
                _fold_row("exact copies, case and spaces aside", chosen, _fold_exact),
            ],
            note=f"{len(chosen):,} pairs.",
        )


def golden(contest: Contest) -> Iterator[Table]:
    """The project's own messages, by theme and by matter."""
    yield _topics(contest, "Golden set, themes", [datasets.golden("theme")], Target())
    yield _merged(contest, "Golden set, matters", datasets.golden("matter"), Target())


def word_clouds(contest: Contest) -> Iterator[Table]:
    """Kuulo's whole command against word clouds."""
    matters = [datasets.golden("matter")]
    yield from _clouds(contest, "golden set, themes", [datasets.golden("theme")])
    for measure, score in _CLOUD_B_CUBED.items():
        yield _cloud_table(contest, "golden set, matters", matters, measure, score, level="subtheme")
    for level in LEVELS:
        yield _cloud_table(contest, f"golden set, {level}s named by matter", matters, "found", _found, level=level)
    yield from _clouds(contest, "SIB-200, five languages mixed", [datasets.sib_mixed(seed) for seed in (0, 1, 2)])
    yield from _clouds(contest, "SIB-200, Finnish", [datasets.sib("fin")])
    yield from _clouds(contest, "SweFAQ, categories", [datasets.swefaq()])


MEASURES: dict[str, Measure] = {
    "sib-mixed": sib_mixed,
    "sib-finnish": sib_finnish,
    "vkk": vkk,
    "swefaq": swefaq,
    "sib-versions": sib_versions,
    "steady-polis": steady_polis,
    "steady-sib": steady_sib,
    "steady-vkk": steady_vkk,
    "omastadi": omastadi,
    "folding": folding,
    "golden": golden,
    "word-clouds": word_clouds,
}


def _clouds(contest: Contest, title: str, sets: Sequence[TextSet]) -> Iterator[Table]:
    for measure, score in ({"AMI, rest one group": _ami} | _CLOUD_B_CUBED).items():
        yield _cloud_table(contest, title, sets, measure, score)


def _cloud_table(
    contest: Contest, title: str, sets: Sequence[TextSet], measure: str, score: Score, *, level: Level = "theme"
) -> Table:
    """Set Kuulo against word clouds; the note says what one group of everything reaches."""
    heap = [score(texts, np.zeros(len(texts.texts), np.int64)) for texts in sets]
    return Table(
        title=f"Word clouds: {title}",
        measure=measure,
        target=Target(),
        rows=scored(contest.word_clouds(sets, level=level), score),
        note=f"Kuulo is the whole command. Everything in one group: {np.mean(heap):.3f}.",
    )


def _ami(texts: TextSet, labels: measures.Labels) -> float:
    return measures.ami(texts.gold, measures.heaped(labels))


def _f(texts: TextSet, labels: measures.Labels) -> float:
    return measures.b_cubed(texts.gold, labels).f


def _f_heaped(texts: TextSet, labels: measures.Labels) -> float:
    return _f(texts, measures.heaped(labels))


def _found(texts: TextSet, labels: measures.Labels) -> float:
    return measures.named_right(texts.gold, labels)


_CLOUD_B_CUBED = {"B-cubed F, rest one group": _f_heaped, "B-cubed F, rest each alone": _f}


def _topics(contest: Contest, title: str, sets: Sequence[TextSet], target: Target) -> Table:
    """Set themes against topics that people gave, by AMI."""
    return _against_people(
        contest,
        sets,
        level="theme",
        title=title,
        measure="AMI",
        score=lambda texts, labels: measures.ami(texts.gold, labels),
        target=target,
    )


def _merged(contest: Contest, title: str, texts: TextSet, target: Target) -> Table:
    """Set subthemes against what people put together, by B-cubed F."""
    return _against_people(
        contest,
        [texts],
        level="subtheme",
        title=title,
        measure="B-cubed F",
        score=_f,
        target=target,
    )


def _against_people(
    contest: Contest,
    sets: Sequence[TextSet],
    *,
    level: Level,
    title: str,
    measure: str,
    score: Score,
    target: Target,
) -> Table:
    true_groups = [len(frozenset().union(*texts.gold)) for texts in sets]
    entries = contest.entries(sets, level=level, true_groups=true_groups)
    entries.append(Entry("character TF-IDF, average linkage, best cut", [_best_cut(texts, score) for texts in sets]))
    return Table(title=title, measure=measure, target=target, rows=scored(entries, score))


def _best_cut(texts: TextSet, score: Score) -> tuple[TextSet, Run]:
    return texts, max(lexical_cuts(texts.texts), key=lambda run: score(texts, run.labels))


def _steady(contest: Contest, whole: TextSet, target: Target) -> Table:
    """Set the grouping of 90 % draws against that of the whole, by AMI."""
    parts = [whole.only(list(indices)) for indices in measures.draws(len(whole.texts))]
    entries = contest.entries([whole, *parts], bertopic_runs=1)
    return Table(
        title=f"Steadiness, {whole.name}",
        measure="AMI, 90 % draws",
        target=target,
        rows=[_steady_row(entry) for entry in entries],
        note="BERTopic ran once a draw.",
    )


def _steady_row(entry: Entry) -> Row:
    whole, *parts = [run for _, run in entry.runs]
    return row(entry.who, [measures.steadiness(whole.labels, [run.labels for run in parts])], [whole])


def _fold_row(who: str, pairs: Sequence[datasets.Pair], fold: measures.Fold) -> Row:
    start = time.perf_counter()
    share = measures.folded_share(pairs, fold)
    return Row(who, share, time.perf_counter() - start)


def _fold_exact(texts: list[str]) -> list[int]:
    plain = [" ".join(text.lower().split()) for text in texts]
    return [plain.index(text) for text in plain]


def main() -> int:
    """Run the measures asked for; a missing set costs its row, not the run."""
    options = _options()
    contest = Contest(Encoder.open(None, threads=options.threads))
    tables: list[Table] = []
    for name in options.only or MEASURES:
        try:
            for table in MEASURES[name](contest):
                print(table.markdown(), flush=True)
                tables.append(table)
        except SetMissingError as missing:
            print(f"### {name}\nNot measured. {missing}\n", flush=True)
    print("\n".join(contest.notes))
    if options.out:
        data = {"about": _about(), "notes": contest.notes, "tables": [table.data() for table in tables]}
        options.out.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return 0


def _about() -> dict[str, Any]:
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in _LIBRARIES},
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.run", description=__doc__)
    parser.add_argument("--only", action="append", choices=list(MEASURES), help="one measure (repeatable)")
    parser.add_argument("--out", type=Path, help="write the figures as JSON to this file")
    parser.add_argument("--threads", type=int, default=2, help="threads for embedding")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
