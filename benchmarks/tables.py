"""Put figures side by side: as rows with ratios, as Markdown and as plain data."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from benchmarks.contest import KUULO, Entry
from benchmarks.datasets import TextSet
from benchmarks.measures import LEFT_OUT, Labels, coverage
from benchmarks.rivals import Run

Score = Callable[[TextSet, Labels], float]


@dataclass(frozen=True)
class Row:
    """One contestant's figure; seconds, and a grouping's groups and coverage, are means over its runs."""

    who: str
    value: float
    seconds: float
    groups: float | None = None
    coverage: float | None = None


@dataclass(frozen=True, kw_only=True)
class Target:
    """What Kuulo must reach (floor) and should reach (goal); without them, the best rival is the floor."""

    floor: float | None = None
    goal: float | None = None
    low_is_good: bool = False

    def verdict(self, rows: Sequence[Row]) -> str:
        """Say in words where Kuulo, the first row, stands."""
        value, others = rows[0].value, [row.value for row in rows[1:]]
        floor = self.floor if self.floor is not None else max(others, default=0.0)
        if self.goal is not None and self._reached(value, self.goal):
            return "goal met"
        if self._reached(value, floor) and (self.floor is not None or value > floor):
            return "floor met" if self.floor is not None else "above every rival"
        return "below the floor"

    def words(self) -> str:
        """Name floor and goal."""
        if self.floor is None:
            return "floor: the best rival"
        bound = "at most " if self.low_is_good else ""
        return f"floor {bound}{_figure(self.floor)}, goal {bound}{_figure(self.goal)}"

    def _reached(self, value: float, bound: float) -> bool:
        return value <= bound if self.low_is_good else value >= bound


@dataclass(frozen=True, kw_only=True)
class Table:
    """One measure on one set; Kuulo is the first row."""

    title: str
    measure: str
    target: Target
    rows: Sequence[Row]
    note: str = ""

    def markdown(self) -> str:
        """Give the table with its verdict, each row set against Kuulo's."""
        kuulo = self.rows[0]
        verdict = f"Kuulo {_figure(kuulo.value)}: **{self.target.verdict(self.rows)}**"
        lines = [
            f"### {self.title}",
            f"{self.target.words()}; {verdict}. {self.note}".strip(),
            "",
            f"| | {self.measure} | Kuulo to it | groups | coverage | seconds | its time to Kuulo's |",
            "|---|---:|---:|---:|---:|---:|---:|",
            *(_line(row, kuulo) for row in self.rows),
        ]
        return "\n".join(lines) + "\n"

    def data(self) -> dict[str, Any]:
        """Give the table as values that JSON can hold."""
        return asdict(self) | {"verdict": self.target.verdict(self.rows)}


def scored(entries: Sequence[Entry], score: Score) -> list[Row]:
    """Give each contestant's mean score over its runs."""
    rows = []
    for entry in entries:
        values = [score(texts, run.labels) for texts, run in entry.runs]
        rows.append(row(entry.who, values, [run for _, run in entry.runs]))
    return rows


def row(who: str, values: Sequence[float], runs: Sequence[Run]) -> Row:
    """Give a contestant's row: mean of values, and of what its runs took and left out."""
    return Row(
        who=who,
        value=float(np.mean(values)),
        groups=float(np.mean([len(set(run.labels.tolist()) - {LEFT_OUT}) for run in runs])),
        coverage=float(np.mean([coverage(run.labels) for run in runs])),
        seconds=float(np.mean([run.seconds for run in runs])),
    )


def _line(row: Row, kuulo: Row) -> str:
    name = f"**{row.who}**" if row.who == KUULO else row.who
    cells = [
        name,
        _figure(row.value),
        _ratio(kuulo.value, row.value),
        "-" if row.groups is None else f"{row.groups:.0f}",
        "-" if row.coverage is None else f"{row.coverage:.0%}",
        f"{row.seconds:.2f}",
        _ratio(row.seconds, kuulo.seconds),
    ]
    return f"| {' | '.join(cells)} |"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _ratio(above: float, below: float) -> str:
    return f"{above / below:.2f}" if below > 0 else "-"
