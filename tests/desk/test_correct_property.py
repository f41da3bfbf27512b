"""Whatever people put right, undoing it all, the latest first, leaves all as it was."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.desk.random_corrections import check_whole, correct, town
from tests.desk.town import standing

from kuulo.desk.correct import undo
from kuulo.desk.not_now import NotNow
from kuulo.models import Correction, Placement


def undone(one: Correction) -> bool:
    """Undo it if it can be now."""
    try:
        undo(one, person=None)
    except NotNow:
        return False
    check_whole()
    return True


class Corrections(TestCase):
    @settings(max_examples=25, derandomize=True)
    @given(seed=st.integers(0, 10**9), count=st.integers(1, 8))
    def test_all_undone_is_all_as_it_was(self, seed, count):
        draw = random.Random(seed)
        town(draw)
        before, done = standing(), []
        for _ in range(count):
            try:
                done.append(correct(draw))
            except NotNow:
                continue
            check_whole()
        for one in reversed(done):
            assert undo(one, person=None) == 0
            check_whole()
        assert standing() == before

    @settings(max_examples=25, derandomize=True)
    @given(seed=st.integers(0, 10**9), count=st.integers(2, 8))
    def test_undone_in_any_order_nothing_is_lost(self, seed, count):
        draw = random.Random(seed)
        town(draw)
        messages, done = set(Placement.objects.values_list("message", flat=True)), []
        for _ in range(count):
            try:
                done.append(correct(draw))
            except NotNow:
                continue
        draw.shuffle(done)
        while done:
            left = [one for one in done if not undone(one)]
            assert len(left) < len(done), "each waits for another"
            done = left
        assert {*Placement.objects.values_list("message", flat=True)} == messages
