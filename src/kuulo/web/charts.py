"""Charts: small drawings of counts as parts of SVG, without a style or a script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

SPARK_HEIGHT = 24
SPARK_STEP = 8
_SPARK_BAR = 6
BARS_HEIGHT = 120


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart: where it stands, how large it is, and what it tells."""

    x: float
    y: float
    width: float
    height: float
    week: date
    n: int


def spark(counts: Sequence[int]) -> str:
    """Draw counts as bars side by side: the path of an SVG of 8 by 24 a count. None is a thin line."""
    most = max(counts, default=0) or 1
    heights = [max(1.0, round(SPARK_HEIGHT * n / most, 1)) for n in counts]
    return "".join(
        f"M{at * SPARK_STEP} {SPARK_HEIGHT}v-{height:g}h{_SPARK_BAR}v{height:g}z" for at, height in enumerate(heights)
    )


def bars(weeks: Sequence[tuple[date, int]], *, width: float) -> list[Bar]:
    """Draw weeks as bars over a width, 120 high."""
    most = max((n for _, n in weeks), default=0) or 1
    step = width / max(1, len(weeks))
    return [
        Bar(
            x=round(at * step + step * 0.1, 2),
            y=round(BARS_HEIGHT - BARS_HEIGHT * n / most, 2),
            width=round(step * 0.8, 2),
            height=round(BARS_HEIGHT * n / most, 2),
            week=week,
            n=n,
        )
        for at, (week, n) in enumerate(weeks)
    ]
