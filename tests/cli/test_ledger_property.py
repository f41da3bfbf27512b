"""Whatever residents write, every message is accounted for: when it is grouped, and when the result grows."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import TOWN

from kuulo.group.embed import Encoder
from kuulo.group.grow import grow
from kuulo.group.pipeline import group
from kuulo.group.state import State, pack, unpack_state
from kuulo.message import Message
from kuulo.report.ledger import draw_up_ledger
from kuulo.report.messages_csv import messages_csv
from kuulo.report.page import pages
from kuulo.report.themes_json import themes_json

SAID = [line.rsplit(";", 1)[1] for line in TOWN.splitlines()[1:]]
ODD = [
    "",
    "   ",
    "-",
    "?????",
    "12345",
    "😀😀",
    "EI!!!",
    "ei",
    "a",
    "\ufffd" * 9,
    "https://example.org",
    "x" * 5_000,
    "ハロー世界",
]
TEXTS = st.one_of(
    st.sampled_from(SAID),
    st.sampled_from(ODD),
    st.text(max_size=60),
    st.tuples(st.sampled_from(SAID), st.text(max_size=12)).map(" ".join),
)
MESSAGES = st.lists(
    st.builds(
        Message,
        text=TEXTS,
        file=st.just("any.csv"),
        id=st.sampled_from(["", "A", "B", "C"]),
        author=st.sampled_from(["", "x", "y"]),
        language=st.sampled_from(["", "fi", "sv", "Suomi", "??"]),
        unreadable=st.sampled_from(["", "", "", "encoding"]),
    ),
    min_size=1,
    max_size=14,
)


@pytest.fixture(scope="module")
def encoder(cache):
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("KUULO_CACHE", str(cache))
        patched.delenv("KUULO_MODEL", raising=False)
        yield Encoder.open()


def check(state: State) -> None:
    """Draw up the ledger, which refuses what does not add up, and write everything that is written."""
    messages, grouping = state.messages, state.grouping
    ledger = draw_up_ledger(messages, grouping, settings={}, versions={})
    statuses = Counter(placement.status for placement in grouping.placements)
    assert ledger.read == len(messages) == sum(statuses.values())
    assert statuses["uncertain"] <= 0.08 * len(messages)
    themes = {theme.id: theme for theme in grouping.themes}
    for message, place in zip(messages, grouping.placements, strict=True):
        assert 0 <= place.fit <= 1
        assert (place.status in {"grouped", "uncertain"}) == (place.theme in themes)
        assert (place.status == "grouped") == (place.subtheme in themes)
        assert place.copy_of < 0 or grouping.placements[place.copy_of].theme == place.theme
        assert not message.unreadable or place.status == "unreadable"
    assert messages_csv(messages, grouping).encode()
    assert themes_json(messages, grouping).encode()
    assert pages(messages, grouping, ledger=ledger)["report.html"].encode()
    assert unpack_state(pack(state)).grouping == grouping


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(MESSAGES)
def test_every_message_is_accounted_for(encoder, messages):
    check(group(messages, encoder))


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(MESSAGES, MESSAGES)
def test_growing_accounts_for_old_and_new_and_moves_nothing_old(encoder, messages, later):
    before = group(messages, encoder)
    after = grow(before, later, encoder)
    check(after)
    assert after.grouping.placements[: len(messages)] == before.grouping.placements
    names = {theme.id: theme.names for theme in after.grouping.themes}
    assert all(names[theme.id] == theme.names for theme in before.grouping.themes)
