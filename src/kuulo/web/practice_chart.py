"""The drawing of a practice: how the messages add up, those that came and those to come, with marks."""

from collections.abc import Sequence
from dataclasses import dataclass

from kuulo.desk.practice.result import Reached, Result

WIDTH, HEIGHT, _TOP = 640, 140, 6


@dataclass(frozen=True, slots=True)
class Curve:
    """Parts of an SVG of 640 by 140: ``whole`` and ``told`` as paths, and what was reached, each at its x."""

    whole: str
    told: str
    marks: Sequence[tuple[float, Reached]]


def draw(result: Result) -> Curve | None:
    """Draw the curve of a practice; None where it has no storm yet."""
    if not result.curve:
        return None
    reached = [one for one in result.reached if one.minute is not None]
    long = max(1.0, result.curve[-1], *(float(one.minute or 0) for one in reached))

    def stairs(minutes: Sequence[float]) -> str:
        steps = (
            f"H{minute / long * WIDTH:.1f}V{HEIGHT - (HEIGHT - _TOP) * n / result.of:.1f}"
            for n, minute in enumerate(minutes, 1)
        )
        return f"M0 {HEIGHT}{''.join(steps)}"

    marks = [(round((one.minute or 0) / long * WIDTH, 1), one) for one in reached]
    return Curve(stairs(result.curve), stairs(result.curve[: result.told]), marks)
