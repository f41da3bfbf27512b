"""New messages are placed into an earlier grouping; what stood stays where it stood."""

from collections import Counter
from dataclasses import replace

import pytest

from kuulo.group.grow import grow
from kuulo.group.pipeline import group
from kuulo.group.state import StateRefused, pack, unpack_state
from kuulo.message import Message


@pytest.fixture(scope="module")
def early(messages, encoder, tables):
    """The state after the first five hundred messages, as it is read back from its files."""
    return unpack_state(pack(group(messages[:500], encoder)))


@pytest.fixture(scope="module")
def grown(early, messages, encoder):
    return grow(early, messages[500:], encoder)


def test_every_earlier_placement_and_id_is_kept(early, grown):
    assert grown.grouping.placements[:500] == early.grouping.placements
    known = {theme.id: theme for theme in grown.grouping.themes}
    for theme in early.grouping.themes:
        now = known[theme.id]
        assert (now.names, now.keyphrases, now.service, now.since) == (
            theme.names,
            theme.keyphrases,
            theme.service,
            1,
        )
        assert now.messages >= theme.messages


def test_the_ledger_adds_up(messages, grown):
    assert list(grown.messages) == messages
    grouped = [place for place in grown.grouping.placements if place.status == "grouped"]
    held = Counter(place.theme for place in grouped) | Counter(place.subtheme for place in grouped)
    assert held == Counter({theme.id: theme.messages for theme in grown.grouping.themes})
    assert len(grown.raw) == sum(place.copy_of < 0 and bool(place.theme) for place in grown.grouping.placements)


def test_what_is_new_says_in_which_run_it_came(early, grown):
    assert (early.grouping.run, grown.grouping.run) == (1, 2)
    old = {theme.id for theme in early.grouping.themes}
    new = [theme for theme in grown.grouping.themes if theme.id not in old]
    assert new
    assert {theme.since for theme in new} == {2}


def test_a_grouping_grows_again_and_again(grown, messages, encoder):
    new = [
        replace(messages[row], id=f"again {row}", text=f"{messages[row].text} Toivon vastausta")
        for row in (20, 40, 60)
    ]
    after = grow(unpack_state(pack(grown)), new, encoder)
    assert after.grouping.placements[:634] == grown.grouping.placements
    assert after.grouping.run == 3
    known = {theme.id: theme.names for theme in after.grouping.themes}
    assert [theme.id for theme in grown.grouping.themes if known[theme.id] != theme.names] == []


def test_few_of_the_new_ones_are_uncertain(grown):
    new = grown.grouping.placements[500:]
    assert sum(place.status == "uncertain" for place in new) <= 0.08 * sum(bool(place.theme) for place in new)


def test_a_copy_of_an_earlier_message_joins_it(early, encoder):
    row = next(i for i, p in enumerate(early.grouping.placements) if p.status == "grouped" and p.copy_of < 0)
    again = grow(early, [replace(early.messages[row], id="again")], encoder).grouping.placements[-1]
    first = early.grouping.placements[row]
    assert (again.theme, again.subtheme, again.copy_of) == (first.theme, first.subtheme, row)


def test_new_messages_about_something_new_stand_together(early, encoder):
    texts = [
        "Quantum telescopes on the town hall roof are a splendid idea",
        "When will the town hall roof get its quantum telescopes?",
        "I want quantum telescopes on the roof of the town hall",
    ]
    places = grow(early, [Message(text=text) for text in texts], encoder).grouping.placements[-3:]
    assert len({place.subtheme for place in places}) == 1
    assert places[0].subtheme not in {theme.id for theme in early.grouping.themes}


@pytest.mark.parametrize("new", [[], [""], ["en osaa sanoa", "👍"]])
def test_nothing_new_changes_nothing(early, encoder, new):
    after = grow(early, [Message(text=text) for text in new], encoder)
    assert after.grouping.placements[:500] == early.grouping.placements
    assert [theme.messages for theme in after.grouping.themes] == [theme.messages for theme in early.grouping.themes]


def test_the_first_messages_may_come_later(encoder, tables):
    empty = group([Message(text="")], encoder)
    after = grow(empty, [Message(text="Valot rikki"), Message(text="Koulu on kylmä")], encoder)
    assert [place.status for place in after.grouping.placements] == ["empty", "grouped", "grouped"]


def test_vectors_made_in_another_way_are_refused(early, messages, encoder):
    with pytest.raises(StateRefused) as refused:
        grow(replace(early, recipe="0"), messages[:1], encoder)
    assert refused.value.code == "other-version"
