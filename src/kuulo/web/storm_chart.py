"""The drawing of a storm: its messages as bars over the band of what is normal, with marks of what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kuulo.desk.storm.growth import Growth, Step

WIDTH, HEIGHT = 640, 140
_TOP = 8
_BAR = 0.8


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar and the step that it tells of; ``loud`` where it is more than what is normal."""

    x: float
    y: float
    width: float
    height: float
    step: Step
    loud: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """An upright line at a moment; ``what`` is its code."""

    x: float
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Drawing:
    """Parts of an SVG of 640 by 140: bars, the ``band`` of what is normal and its middle as paths, and marks."""

    bars: Sequence[Bar]
    band: str
    middle: str
    marks: Sequence[Mark]
    most: int
    first: datetime
    last: datetime


def draw(growth: Growth, marks: Mapping[str, datetime | None]) -> Drawing | None:
    """Draw a storm's growth; None without any step."""
    steps = growth.steps
    if not steps:
        return None
    most = max(step.n for step in steps)
    tall = max(1.0, most, *(step.high for step in steps))
    wide = WIDTH / len(steps)

    def level(value: float) -> float:
        return round(HEIGHT - (HEIGHT - _TOP) * value / tall, 1)

    def stairs(values: Sequence[float]) -> str:
        return "".join(
            f"{'L' if at else 'M'}{at * wide:.1f} {level(value)}H{(at + 1) * wide:.1f}"
            for at, value in enumerate(values)
        )

    first, whole = steps[0].begins, growth.length * len(steps)
    inside = {what: at for what, at in marks.items() if at and first <= at <= first + whole}
    return Drawing(
        bars=[
            Bar(
                round((at + (1 - _BAR) / 2) * wide, 2),
                level(step.n),
                round(wide * _BAR, 2),
                round(HEIGHT - level(step.n), 1),
                step,
                step.n > step.high,
            )
            for at, step in enumerate(steps)
            if step.n
        ],
        band=f"{stairs([step.high for step in steps])}V{HEIGHT}H0Z",
        middle=stairs([step.normal for step in steps]),
        marks=[Mark(round((at - first) / whole * WIDTH, 1), what, at) for what, at in inside.items()],
        most=most,
        first=first,
        last=first + whole,
    )
