"""Kinds: clear messages are told, a text's kind depends on the text alone, copies share it, growing keeps it."""

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kuulo.group.grow import grow
from kuulo.group.kind import KINDS, TOLD_FROM, UNCLEAR, Kind, Recogniser, features, tell_kinds
from kuulo.group.state import pack, unpack_state
from kuulo.message import Message

CLEAR = [
    ("Ei missään nimessä tuulivoimaa tänne! Vastustan hanketta, se on järjetön ja tuhoaa maiseman.", "opposes"),
    ("Milloin uimahalli on auki jouluna ja paljonko lippu maksaa?", "asks"),
    ("Lampan på gatan är trasig sedan i måndags och tunnan svämmar över.", "reports"),
    ("Tusen takk til brøytemannskapet, fantastisk jobb i år!", "thanks"),
    ("Tusen takk til dei på biblioteket, de er heilt fantastiske!", "thanks"),
]


def told(encoder, texts):
    return tell_kinds(texts, encoder.raw_vectors(texts))


def guess(encoder, texts):
    recogniser = Recogniser.shipped()
    shares = recogniser.shares(features(texts, encoder.raw_vectors(texts), recogniser.mean))
    return [KINDS[best] for best in shares.argmax(axis=1)]


def test_clear_messages_are_heard_for_what_they_do(encoder):
    assert guess(encoder, [text for text, _ in CLEAR]) == [kind for _, kind in CLEAR]


@pytest.mark.parametrize("language", ["fi", "sv", "nb", "nn", "en"])
def test_what_ships_has_learnt_the_written_examples(encoder, language):
    path = Path(__file__).parents[1] / "golden/kind_examples" / f"{language}.toml"
    examples = tomllib.loads(path.read_text("utf-8"))
    texts = [(text, kind) for kind, part in examples.items() for text in part[::4]]
    found = guess(encoder, [text for text, _ in texts])
    right = sum(one == kind for one, (_, kind) in zip(found, texts, strict=True))
    assert right >= 0.7 * len(texts)


def test_a_kind_is_told_only_from_its_certainty_on(encoder, golden):
    for place in golden.grouping.placements:
        if place.kind in KINDS:
            assert place.certainty >= TOLD_FROM[KINDS.index(place.kind)]
    codes = {place.kind for place in golden.grouping.placements}
    assert {"reports", "thanks", "opposes", UNCLEAR, ""} <= codes <= {*KINDS, UNCLEAR, ""}


def test_a_text_has_the_same_kind_to_the_last_bit_in_any_company(encoder, messages):
    texts = [message.text for message in messages[:60] if len(message.text) > 20]
    raw = encoder.raw_vectors(texts)
    recogniser = Recogniser.shipped()
    together = recogniser.shares(features(texts, raw, recogniser.mean))
    for at in range(len(texts)):
        alone = recogniser.shares(features(texts[at : at + 1], raw[at : at + 1], recogniser.mean))
        assert alone.tobytes() == together[at : at + 1].tobytes()


def test_certainties_have_three_decimals_and_rise_with_the_share():
    recogniser = Recogniser.shipped()
    share = np.array([[top, *([(1 - top) / 5] * 5)] for top in np.linspace(0.2, 1, 50)])
    certainty = recogniser.certainty(share)
    assert (np.diff(certainty) >= 0).all()
    assert certainty.tolist() == [round(one, 3) for one in certainty.tolist()]
    assert certainty.min() >= 0
    assert certainty.max() <= 1


def test_no_text_has_no_kind():
    assert tell_kinds([], np.zeros((0, 768), np.float16)) == []


def test_every_text_has_a_kind_and_what_is_not_a_text_has_none(golden):
    for place in golden.grouping.placements:
        assert bool(place.kind) == bool(place.theme)
        if not place.theme:
            assert (place.certainty, place.evidence) == (0.0, ())


def test_copies_share_their_kind(golden):
    placements = golden.grouping.placements
    copies = [place for place in placements if place.copy_of >= 0]
    assert copies
    for place in copies:
        first = placements[place.copy_of]
        assert Kind(place.kind, place.certainty) == Kind(first.kind, first.certainty)


def test_a_state_keeps_kinds_and_evidence(golden):
    assert unpack_state(pack(golden)).grouping.placements == golden.grouping.placements


@pytest.fixture
def without_kinds(golden):
    """The state as a version made it that told no kinds."""
    bare = tuple(replace(place, kind="", certainty=0.0, evidence=()) for place in golden.grouping.placements)
    return replace(golden, grouping=replace(golden.grouping, placements=bare))


def test_growing_gives_earlier_messages_the_kinds_that_they_lack(golden, without_kinds, encoder, tables):
    new = [Message(text="The pavement costs 300 euros a metre, see https://example.org", row=1)]
    grown = grow(without_kinds, new, encoder).grouping.placements
    assert grown[:-1] == golden.grouping.placements
    assert grown[-1].evidence == ("figures", "link")
    assert grown[-1].kind


def test_growing_keeps_the_kinds_that_earlier_messages_have(golden, encoder, tables):
    first = next(at for at, place in enumerate(golden.grouping.placements) if place.kind)
    placements = list(golden.grouping.placements)
    placements[first] = replace(placements[first], kind="tells", certainty=0.123)
    state = replace(golden, grouping=replace(golden.grouping, placements=tuple(placements)))
    grown = grow(state, [replace(golden.messages[first], id="again")], encoder).grouping.placements
    assert grown[: len(placements)] == tuple(placements)
    assert (grown[-1].kind, grown[-1].certainty) == ("tells", 0.123)
