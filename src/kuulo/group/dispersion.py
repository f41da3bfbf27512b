"""How far counts normally stray from what is expected: Var(x) = φ·m + c·m², one pair for each window length."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import nnls

from kuulo.group.rate import WINDOWS, Floats

_SETTLING = 14 * 96  # bins at the start of a history in which the level is still finding its place
_GUESS = 0.15  # c assumed for weighing
_REAL_STORMS = 0.998  # what strays further must not become normal
_LEAST_C = 0.005


@dataclass(frozen=True)
class Dispersion:
    """φ and c of each of the seven windows."""

    phi: tuple[float, ...]
    c: tuple[float, ...]

    def for_new(self) -> "Dispersion":
        """Give the dispersion of a stream younger than two weeks, of whose rate hardly anything is known."""
        return replace(self, c=(2.0,) * len(WINDOWS))


# 300 simulated streams in which replies follow messages; used until four weeks of own history are there
SHIPPED = Dispersion(
    phi=(1.0, 1.0, 1.0, 1.0, 1.05, 1.2, 1.61),
    c=(0.286, 0.236, 0.207, 0.189, 0.175, 0.165, 0.15),
)


def fit_dispersion(counts: Floats, expected: Floats) -> Dispersion:
    """Fit the pairs on a history: messages and expected ones (streams, bins), at least four weeks of bins.

    Raises ValueError where the history is shorter.
    """
    if counts.shape[1] < 2 * _SETTLING:
        raise ValueError("the dispersion needs four weeks of history")
    pairs = [_fit_window(*_windows(counts, expected, window)) for window in WINDOWS]
    return Dispersion(tuple(max(phi, 1.0) for phi, _ in pairs), tuple(max(c, _LEAST_C) for _, c in pairs))


def _windows(counts: Floats, expected: Floats, window: int) -> tuple[Floats, Floats]:
    """Give x and m of windows that begin after the settling time, one after another and at least two bins apart."""
    ends = np.arange(_SETTLING + window, counts.shape[1] + 1, max(window, 2))

    def sums(values: Floats) -> Floats:
        summed = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1, dtype=float)], axis=1)
        return np.asarray(summed[:, ends] - summed[:, ends - window]).ravel()

    return sums(counts), sums(expected)


def _fit_window(x: Floats, m: Floats) -> tuple[float, float]:
    """Solve r² = φm + cm² by weighted non-negative least squares, without the largest residuals."""
    squares = (x - m) ** 2
    guess = m + _GUESS * m**2
    stray = squares / (guess + 1e-6)
    kept = stray <= np.quantile(stray, _REAL_STORMS)
    squares, m, weight = squares[kept], m[kept], 1 / (guess[kept] + 1e-3) ** 2
    powers = [float((weight * m**power).sum()) for power in (2, 3, 4)]
    normal = np.array([powers[:2], powers[1:]])
    right = np.array([(weight * m * squares).sum(), (weight * m**2 * squares).sum()])
    scale = np.sqrt(np.maximum(np.diag(normal), 1e-300))
    (phi, c), _ = nnls(normal / scale[:, None], right / scale)
    return float(phi), float(c)
