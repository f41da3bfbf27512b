"""Corrections at random over a random town, and what must hold after each."""

import random

from tests.desk.town import message, theme

from kuulo.desk.always import Sign, sign_of
from kuulo.desk.correct import always_here, merge, move, not_about, pin, rename, split
from kuulo.models import Correction, Message, Theme

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


def check_whole() -> None:
    """No message stands without one main placement, or in a theme that is no more."""
    for one in Message.objects.all():
        rows = list(one.placements.select_related("theme", "subtheme"))
        assert sum(row.main for row in rows) == bool(rows)
        assert (one.status == "grouped") == any(row.counted for row in rows), (one.status, rows)
        for row in rows:
            assert row.theme.state == "live"
            assert row.subtheme is None or (row.subtheme.parent == row.theme and row.subtheme.state == "live")
