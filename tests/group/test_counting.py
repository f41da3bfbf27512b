"""What counts in a stream: of an author and of a text the first in a day; live, nothing that came late."""

from hypothesis import given
from hypothesis import strategies as st

from kuulo.group.burst import LATE
from kuulo.group.counting import DAY, Moment, Tally, counted

NOW = 1_795_000_000.0


def said(*times: float, author: int | None = None, text: int | None = None, late: float = 0.0) -> list[Moment]:
    return [Moment(at, number, author, text or number, at + late) for number, at in enumerate(sorted(times), start=1)]


@given(st.lists(st.tuples(st.floats(NOW - DAY + 1, NOW), st.sampled_from([1, 2, 3])), max_size=60))
def test_an_author_counts_once_a_day(messages):
    moments = [Moment(at, n, author, n, at) for n, (at, author) in enumerate(sorted(messages), start=1)]
    kept = counted(moments)
    assert [one.author for one in kept] == [*dict.fromkeys(one.author for one in moments)]
    assert set(kept) <= set(moments)


def test_the_next_day_an_author_counts_again():
    assert [one.at for one in counted(said(NOW, NOW + DAY - 1, NOW + DAY, author=1))] == [NOW, NOW + DAY]


def test_a_flood_of_one_text_counts_once_whoever_sent_it():
    assert len(counted(said(*(NOW + at for at in range(5_000)), text=7))) == 1


def test_those_without_a_name_are_each_somebody():
    assert len(counted(said(NOW, NOW, NOW))) == 3


def test_what_is_heard_too_late_does_not_count_live():
    assert Tally(said(NOW, NOW + 1, late=LATE + 1), live=True).counted == []
    assert len(Tally(said(NOW, NOW + 1, late=LATE), live=True).counted) == 2
    assert len(counted(said(NOW, NOW + 1, late=LATE + 1))) == 2


@given(st.lists(st.tuples(st.integers(0, 200_000), st.integers(1, 4), st.integers(1, 9)), max_size=40), st.randoms())
def test_the_order_in_which_they_come_does_not_matter(messages, random):
    moments = [Moment(NOW + at, n, author, text, NOW + at) for n, (at, author, text) in enumerate(messages, start=1)]
    tally = Tally(live=True)
    shuffled = random.sample(moments, len(moments))
    while shuffled:
        part = random.randint(1, 4)
        tally.add(shuffled[:part])
        del shuffled[:part]
    assert tally.said == sorted(moments)
    assert tally.counted == counted(moments)
    assert tally.times == [one.at for one in tally.counted]
