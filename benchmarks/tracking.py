"""Measure how themes live: messages arrive over twelve weeks, and what stands is looked at anew every week.

Run ``python -m benchmarks.tracking``; the public sets are looked for in the folder that KUULO_BENCH_DATA names.
"""

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import v_measure_score

from benchmarks import datasets
from benchmarks.datasets import SetMissingError, TextSet
from kuulo.group.arrive import Example, Standing
from kuulo.group.clean import clean
from kuulo.group.cluster import Array, Labels
from kuulo.group.embed import Encoder
from kuulo.group.fold import fold_copies
from kuulo.group.levels import group_vectors
from kuulo.group.place import uncertain
from kuulo.group.regroup import Proposed, Stood, regroup

WEEKS = 12
_LEAST_JACCARD = 0.1


@dataclass(frozen=True, kw_only=True)
class Stream:
    """Texts in the order in which they arrive: unit ``vectors``, the ``truth`` (n,) and the ``week`` (n,) from 0."""

    name: str
    texts: Sequence[str]
    vectors: Array
    truth: Labels
    week: Labels

    def until(self, week: int) -> int:
        """Give how many texts have arrived by the end of a week."""
        return int(np.searchsorted(self.week, week, side="right"))


@dataclass
class Told:
    """What a way of grouping showed: labels at arrival, after each week, and what changed by itself or by consent."""

    arrival: list[int] = field(default_factory=list)
    unsure: list[bool] = field(default_factory=list)
    weekly: list[Labels] = field(default_factory=list)
    churn: list[float] = field(default_factory=list)
    agreed: list[float] = field(default_factory=list)
    proposals: int = 0


def half_emerging(source: TextSet, truth: Sequence[str], encoder: Encoder, seed: int) -> Stream:
    """Spread texts over the weeks: half of the true themes are there always, half begin in weeks 1-9, and fade."""
    draw = random.Random(seed)
    names = sorted(set(truth))
    begins = {one: draw.randint(1, 9) for one in draw.sample(names, len(names) // 2)}
    weeks = [_week(begins.get(one), draw) for one in truth]
    order = sorted(range(len(truth)), key=lambda at: (weeks[at], draw.random()))
    return _stream(source, truth, weeks, order, encoder)


def _week(begin: int | None, draw: random.Random) -> int:
    if begin is None:
        return draw.randrange(WEEKS)
    while True:
        week = begin
        while draw.random() < 0.5:
            week += 1
        if week < WEEKS:
            return week


def by_order(source: TextSet, truth: Sequence[str], encoder: Encoder) -> Stream:
    """Let texts arrive in the order of their ids, as many each week."""
    weeks = [at * WEEKS // len(truth) for at in range(len(truth))]
    return _stream(source, truth, weeks, range(len(truth)), encoder)


def _stream(
    source: TextSet, truth: Sequence[str], weeks: Sequence[int], order: Sequence[int], encoder: Encoder
) -> Stream:
    texts = [clean(source.texts[at]).text for at in order]
    heads = fold_copies(texts)
    kept = [place for place, text in enumerate(texts) if text and heads[place] == place]
    numbers = {one: number for number, one in enumerate(sorted(set(truth)))}
    return Stream(
        name=source.name,
        texts=[texts[place] for place in kept],
        vectors=encoder.vectors([texts[place] for place in kept]),
        truth=np.array([numbers[truth[order[place]]] for place in kept], np.int64),
        week=np.array([weeks[order[place]] for place in kept], np.int64),
    )


class Living:
    """Kuulo's own way: the first week is grouped, later texts arrive, and every week it regroups.

    ``accept`` tells which of the proposals people take.
    """

    def __init__(self, stream: Stream, *, accept: Callable[[Proposed], bool], looks: bool = True) -> None:
        self._stream = stream
        self._accept = accept
        self._looks = looks
        self._theme = np.zeros(len(stream.texts), np.int64)
        self._subtheme = np.zeros(len(stream.texts), np.int64)
        self._counted = np.ones(len(stream.texts), np.bool_)
        self._distance = 0.64
        self._declined: list[frozenset[int]] = []
        self.told = Told()

    def run(self) -> Told:
        """Let all weeks go by."""
        first = self._stream.until(0)
        self._begin(first)
        for week in range(WEEKS):
            if week:
                self._arrive(self._stream.until(week - 1), self._stream.until(week))
                if self._looks:
                    self._look(self._stream.until(week))
            self.told.weekly.append(self._theme[: self._stream.until(week)].copy())
        return self.told

    def _begin(self, n: int) -> None:
        levels = group_vectors(self._stream.vectors[:n], texts=self._stream.texts[:n])
        unsure = uncertain(levels.fit, levels.theme, levels.subtheme, np.ones(n, np.int64))
        self._theme[:n] = levels.theme + 1
        self._subtheme[:n] = np.where(unsure, 0, levels.subtheme + 1)
        self._counted[:n] = ~unsure
        self._distance = levels.distance
        self.told.arrival += self._theme[:n].tolist()
        self.told.unsure += unsure.tolist()

    def _arrive(self, begin: int, end: int) -> None:
        known = Standing()
        known.add([self._example(at) for at in range(begin)], self._stream.vectors[:begin])
        fresh = self._stream.vectors[begin:end]
        for at, (vector, likeness) in enumerate(zip(fresh, known.likeness(fresh), strict=True), start=begin):
            found = known.place(vector, likeness)
            assert found
            self._theme[at], self._subtheme[at], self._counted[at] = (
                found.theme,
                found.subtheme,
                not found.uncertain,
            )
            known.add([self._example(at)], vector[None])
            self.told.arrival.append(found.theme)
            self.told.unsure.append(found.uncertain)

    def _example(self, at: int) -> Example:
        return Example(at + 1, int(self._theme[at]), int(self._subtheme[at]), bool(self._counted[at]))

    def _look(self, n: int) -> None:
        before, sure = self._theme[:n].copy(), self._counted[:n].copy()
        found = regroup(
            Stood(
                vectors=self._stream.vectors[:n],
                texts=self._stream.texts[:n],
                theme=before,
                subtheme=self._subtheme[:n],
                counted=sure,
                fixed=np.zeros(n, np.bool_),
                distance=self._distance,
            )
        )
        for one in (*found.moved, *found.settled, *found.joined):
            self._theme[one.row], self._subtheme[one.row], self._counted[one.row] = one.theme, one.subtheme, True
        for rows in found.founded:
            self._subtheme[list(rows)] = int(self._subtheme.max()) + 1
        self.told.churn.append(float((sure & (self._theme[:n] != before)).mean()))
        between = self._theme[:n].copy()
        for proposal in found.proposed:
            self._decide(proposal)
        self.told.agreed.append(float((self._theme[:n] != between).mean()))

    def _decide(self, proposal: Proposed) -> None:
        self.told.proposals += 1
        if not self._accept(proposal):
            return
        rows = list(proposal.rows)
        if proposal.change == "merge":
            self._theme[self._theme == proposal.other] = proposal.theme
            return
        self._theme[rows] = int(self._theme.max()) + 1
        self._subtheme[rows] = 0
        self._counted[rows] = True


def reclustered(stream: Stream) -> Told:
    """The usual rival: every week everything is grouped anew, and ids are matched by the messages held in common.

    A text that arrives within the week gets its label at the week's end: kinder to it than life.
    """
    told = Told()
    before = np.zeros(0, np.int64)
    given = 0
    for week in range(WEEKS):
        n = stream.until(week)
        fresh = group_vectors(stream.vectors[:n], texts=stream.texts[:n]).theme
        labels, given = _matched(before, fresh, given)
        if week:
            told.churn.append(float((labels[: len(before)] != before).mean()))
        told.arrival += labels[len(before) :].tolist()
        told.weekly.append(labels)
        before = labels
    told.unsure = [False] * len(told.arrival)
    return told


def _matched(before: Labels, fresh: Labels, given: int) -> tuple[Labels, int]:
    """Give fresh groups the earlier ids that they have most in common with (Hungarian, Jaccard of 0.1 or more)."""
    ids, old = np.unique(before, return_inverse=True)
    common = np.zeros((len(ids), int(fresh.max()) + 1))
    np.add.at(common, (old, fresh[: len(before)]), 1)
    either = common.sum(axis=1, keepdims=True) + common.sum(axis=0) - common
    jaccard = common / np.maximum(either, 1)
    pairs = zip(*linear_sum_assignment(jaccard, maximize=True), strict=True) if len(ids) else ()
    name = {int(new): int(ids[one]) for one, new in pairs if jaccard[one, new] >= _LEAST_JACCARD}
    for group in range(int(fresh.max()) + 1):
        if group not in name:
            given += 1
            name[group] = given
    return np.array([name[one] for one in fresh.tolist()], np.int64), given


def idf1(truth: Labels, labels: Labels) -> float:
    """Give 2TP / (n + n), TP being the texts under the one id that each true theme is matched to."""
    common = np.zeros((int(truth.max()) + 1, len(np.unique(labels))))
    np.add.at(common, (truth, np.unique(labels, return_inverse=True)[1]), 1)
    return float(common[linear_sum_assignment(common, maximize=True)].sum() / len(truth))


def b_cubed_f(truth: Labels, labels: Labels) -> float:
    """Give BCubed F1 of labels (n,) against the truth (n,)."""
    common = np.zeros((int(truth.max()) + 1, len(np.unique(labels))))
    np.add.at(common, (truth, np.unique(labels, return_inverse=True)[1]), 1)
    precision = float((common**2 / common.sum(axis=0)).sum() / len(truth))
    recall = float((common**2 / common.sum(axis=1, keepdims=True)).sum() / len(truth))
    return 2 * precision * recall / (precision + recall)


def switches(stream: Stream, told: Told) -> float:
    """Give how often, per true theme, the id that most of a week's texts got at first is another a week later."""
    count, themes = 0, np.unique(stream.truth)
    labels = np.array(told.arrival)
    for one in themes:
        mains = []
        for week in range(WEEKS):
            held = labels[(stream.truth == one) & (stream.week == week)]
            if len(held) >= 3:
                mains.append(Counter(held.tolist()).most_common(1)[0][0])
        count += sum(a != b for a, b in pairwise(mains))
    return count / len(themes)


def latency(stream: Stream, told: Told) -> tuple[float, float]:
    """Tell of true themes that begin after the first week: texts until an id is theirs, and the share that get one.

    An id is theirs when in the end most of what it holds is of this theme, and it was given for the first time.
    """
    final = told.weekly[-1]
    first_week = {int(one) for one in told.weekly[0]}
    waits: list[int] = []
    late = [one for one in np.unique(stream.truth) if stream.week[stream.truth == one].min() > 0]
    for one in late:
        own = [
            int(name)
            for name in np.unique(final)
            if name not in first_week and Counter(stream.truth[final == name].tolist()).most_common(1)[0][0] == one
        ]
        shown = [week for week in range(WEEKS) if np.isin(told.weekly[week], own).any()]
        if shown:
            waits.append(int((stream.truth[: stream.until(shown[0])] == one).sum()))
    return (float(np.mean(waits)) if waits else float("nan")), len(waits) / max(1, len(late))


def figures(stream: Stream, told: Told) -> dict[str, float]:
    """Give the measures of one way on one stream."""
    wait, found = latency(stream, told)
    arrival, final = np.array(told.arrival), told.weekly[-1]
    return {
        "idf1_arrival": idf1(stream.truth, arrival),
        "b_cubed_arrival": b_cubed_f(stream.truth, arrival),
        "v_arrival": float(v_measure_score(stream.truth, arrival)),
        "v_final": float(v_measure_score(stream.truth, final)),
        "b_cubed_final": b_cubed_f(stream.truth, final),
        "churn": float(np.mean(told.churn)) if told.churn else 0.0,
        "churn_most": max(told.churn, default=0.0),
        "by_consent": float(np.mean(told.agreed)) if told.agreed else 0.0,
        "switches": switches(stream, told),
        "uncertain": float(np.mean(told.unsure)),
        "new_found": found,
        "new_after": wait,
        "ids": float(len(np.unique(final))),
        "proposals": float(told.proposals),
    }


def ways(stream: Stream) -> Iterator[tuple[str, Told]]:
    """Give each way's name and what it told."""
    yield "re-cluster, matched", reclustered(stream)
    yield "only placing", Living(stream, accept=lambda _: False, looks=False).run()
    yield "Kuulo, none accepted", Living(stream, accept=lambda _: False).run()
    yield "Kuulo, all accepted", Living(stream, accept=lambda _: True).run()


def streams(encoder: Encoder, seeds: int) -> Iterator[list[Stream]]:
    """Give the streams of each set, one for each seed."""
    golden = datasets.golden("theme")
    truth = [next(iter(one)) for one in golden.gold]
    yield [half_emerging(golden, truth, encoder, seed) for seed in range(seeds)]
    plans = datasets.omastadi()
    held = Counter(next(iter(sorted(one))) for one in plans.gold if one)
    rows = [at for at, one in enumerate(plans.gold) if one and held[min(one)] > 1]
    merged = TextSet(name=plans.name, texts=[plans.texts[at] for at in rows])
    yield [by_order(merged, [min(plans.gold[at]) for at in rows], encoder)]
    vkk = datasets.vkk()
    yield [half_emerging(vkk, [next(iter(one)) for one in vkk.gold], encoder, seed) for seed in range(seeds)]


def main() -> None:
    """Measure and print a table; ``--out`` writes the figures too."""
    parser = argparse.ArgumentParser(description="Measure how themes live over twelve weeks.")
    parser.add_argument("--seeds", type=int, default=3, help="how many draws of weeks (default 3)")
    parser.add_argument("--out", type=Path, help="write the figures to this file")
    asked = parser.parse_args()
    found: dict[str, dict[str, dict[str, float]]] = {}
    sets = streams(Encoder.open(), asked.seeds)
    try:
        for drawn in sets:
            found[drawn[0].name] = _measured(drawn)
    except SetMissingError as missing:
        print(missing)
    if asked.out:
        asked.out.write_text(json.dumps(found, indent=1), "utf-8")


def _measured(drawn: Sequence[Stream]) -> dict[str, dict[str, float]]:
    sums: defaultdict[str, list[dict[str, float]]] = defaultdict(list)
    for stream in drawn:
        for name, told in ways(stream):
            sums[name].append(figures(stream, told))
    means = {name: _means(rows) for name, rows in sums.items()}
    first = drawn[0]
    themes = len(np.unique(first.truth))
    print(f"\n{first.name}: {len(first.texts)} texts, {themes} true themes, {len(drawn)} draws")
    print(f"{'':22}", *(f"{key:>9.9}" for key in next(iter(means.values()))))
    for name, row in means.items():
        print(f"{name:22}", *(f"{value:9.3f}" for value in row.values()), flush=True)
    return means


def _means(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    return {key: float(np.nanmean([one[key] for one in rows])) for key in rows[0]}


if __name__ == "__main__":
    main()
