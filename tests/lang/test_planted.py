"""Personal data planted in messages of five languages are masked; ``make bench`` measures it on many more."""

import pytest
from benchmarks.planted import figures
from benchmarks.planted_data import KINDS, planted

MESSAGES = list(planted(40, seed=20))
# of names the rules would rather miss one than take a place for one
LEAST = {"address": 0.95, "plate": 0.95, "handle": 0.95, "name": 0.6}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_planted_is_masked_for_work(kind):
    told = figures([one for one in MESSAGES if one.kind == kind], "work")
    assert told.planted == 40
    assert told.recall >= LEAST.get(kind, 1)
    assert told.precision >= 0.9
