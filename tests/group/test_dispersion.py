"""The dispersion: fitted on counts it finds what made them, and real storms do not count as normal."""

import numpy as np
import pytest

from kuulo.group.dispersion import SHIPPED, fit_dispersion

BINS = 42 * 96


def drawn(c, *, streams=40, seed=0):
    """Counts whose days vary so that the variance of a whole day is m + c·m²."""
    draw = np.random.default_rng(seed)
    expected = np.repeat(draw.uniform(0.05, 1.5, streams), BINS).reshape(streams, BINS)
    days = draw.gamma(1 / c, c, (streams, BINS // 96)) if c else np.ones((streams, BINS // 96))
    return draw.poisson(expected * np.repeat(days, 96, axis=1)).astype(float), expected


def test_poisson_counts_have_no_more_than_the_least():
    dispersion = fit_dispersion(*drawn(0))
    assert dispersion.phi == pytest.approx([1.0] * 7, abs=0.05)
    assert max(dispersion.c[3:]) < 0.05


def test_counts_that_vary_by_the_day_have_that_dispersion():
    dispersion = fit_dispersion(*drawn(0.2))
    assert dispersion.c[4] == pytest.approx(0.2, rel=0.35)
    assert dispersion.c[4] > 5 * fit_dispersion(*drawn(0)).c[4]


def test_a_few_storms_do_not_become_normal():
    counts, expected = drawn(0)
    stormy = counts.copy()
    stormy[3, 3000:3002] += 400
    assert fit_dispersion(stormy, expected).c[0] == pytest.approx(fit_dispersion(counts, expected).c[0], abs=0.02)


def test_a_history_of_three_weeks_is_too_short():
    counts, expected = drawn(0, streams=2)
    with pytest.raises(ValueError, match="four weeks"):
        fit_dispersion(counts[:, : 21 * 96], expected[:, : 21 * 96])


def test_silence_can_be_fitted():
    dispersion = fit_dispersion(np.zeros((3, BINS)), np.full((3, BINS), 1e-4))
    assert np.isfinite([*dispersion.phi, *dispersion.c]).all()


def test_a_new_stream_is_trusted_less():
    assert SHIPPED.for_new().c == (2.0,) * 7
    assert SHIPPED.for_new().phi == SHIPPED.phi
