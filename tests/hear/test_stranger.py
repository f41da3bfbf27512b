"""A connector of somebody else passes the same contract as Kuulo's own, and is found by its entry point."""

from collections.abc import Iterator

import pytest
from tests.hear.letterbox_counterpart import Letters, installed

from kuulo.hear.connectors import connectors
from kuulo.hear.contract import Counterpart, checks


@pytest.fixture
def letters() -> Iterator[Counterpart]:
    with installed():
        letters = Letters()
        yield letters
        letters.door.close()


@pytest.mark.parametrize("check", checks(Letters), ids=lambda check: check.__name__)
def test_contract(check, letters):
    check(letters)


def test_strangers_stand_beside_kuulos_own():
    with installed():
        assert {"letterbox", "rss"} <= set(connectors())
    assert "letterbox" not in connectors()
