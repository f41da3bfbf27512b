"""Whatever people put right, undoing it all, the latest first, leaves all as it was."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.desk.town import message, standing, theme

from kuulo.desk.always import Sign, sign_of
from kuulo.desk.correct import always_here, merge, move, not_about, pin, rename, split, undo
from kuulo.desk.not_now import NotNow
from kuulo.models import Correction, Message, Placement, Theme

WORDS = ("bus", "snow", "school", "light")


def town(draw: random.Random) -> None:
    tops = [theme(f"T{n}") for n in range(1, 5)]
    every = tops + [theme(f"T{n}.{m}") for n in range(1, 4) for m in (1, 2)]
    heads: list[Message] = []
    for _ in range(14):
        homes = {(one.parent or one).pk: one for one in draw.sample(every, draw.choice([1, 1, 2, 3]))}
        head = draw.choice(heads) if heads and draw.random() < 0.3 else None
        text = " ".join(draw.sample(WORDS, 2))
        made = message(text, *homes.values(), uncertain=draw.random() < 0.2, copy_of=head, fit=draw.random())
        heads += [] if head else [made]


def correct(draw: random.Random) -> Correction:
    live = list(Theme.objects.filter(state="live").order_by("pk"))
    some = draw.choice(list(Message.objects.order_by("pk")))
    one, other = draw.choice(live), draw.choice(live)
    parts = [part for part in live if part.parent_id == one.pk and draw.random() < 0.5]
    chosen = [each.pk for each in Message.objects.order_by("pk") if draw.random() < 0.2]
    there = draw.choice(list(some.placements.order_by("pk")) or [None])
    home = there.theme if there else one
    top = one.parent or one
    act = draw.randrange(8)
    if act == 0:
        return rename(one, {draw.choice(["fi", "en"]): f"name {draw.random()}"}, person=None)
    if act == 1:
        return merge(one, other, person=None)
    if act == 2:
        return split(one, names={"en": "new"}, subthemes=parts, messages=chosen, person=None)
    if act == 3:
        return move(some, one, away=home, person=None)
    if act == 4:
        return not_about(some, home, person=None)
    if act == 5:
        return pin(some, home, person=None)
    sign = sign_of(draw.choice(WORDS)) if act == 6 else Sign(copies_of=some)
    return always_here(top, sign, person=None)


def undone(one: Correction) -> bool:
    """Undo it if it can be now."""
    try:
        undo(one, person=None)
    except NotNow:
        return False
    check_whole()
    return True


def check_whole() -> None:
    """No message stands without one main placement, or in a theme that is no more."""
    for one in Message.objects.all():
        rows = list(one.placements.select_related("theme", "subtheme"))
        assert sum(row.main for row in rows) == bool(rows)
        assert (one.status == "grouped") == any(row.counted for row in rows), (one.status, rows)
        for row in rows:
            assert row.theme.state == "live"
            assert row.subtheme is None or (row.subtheme.parent == row.theme and row.subtheme.state == "live")


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
