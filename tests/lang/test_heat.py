"""A heated text is told from a calm one, and what it is about is set apart from how it is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.lang.heat import heated, matter


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Voi perkele mitä idiootteja!! Milloin meidän katu aurataan?", "Milloin meidän katu aurataan?"),
        ("Jävla idioter hela bunten! När öppnar simhallen igen?", "När öppnar simhallen igen?"),
        ("Faen ta dere, udugelige idioter! Når blir gata brøytet?", "Når blir gata brøytet?"),
        ("Fy faen, de er nokre idiotar! Kvifor er bussen alltid sein?", "Kvifor er bussen alltid sein?"),
        ("You bloody idiots!! When will our street be ploughed?", "When will our street be ploughed?"),
        ("WHY IS THE POOL STILL SHUT AGAIN THIS WEEK", None),
    ],
)
def test_anger_is_heard_and_the_matter_found(text, asked):
    assert heated(text)
    if asked:
        assert matter(text) == (asked,)


@pytest.mark.parametrize(
    "text",
    [
        "Milloin meidän katu aurataan? Odotus on pitkä.",
        "Tack för simhallen!! Underbart!",
        "Jeg er en stor fan av biblioteket.",
        "I am a huge fan of the library, thanks!",
        "HSL:n uusi reitti on hyvä.",
        "",
    ],
)
def test_a_calm_text_is_not_heated(text):
    assert not heated(text)


@given(st.text(max_size=300))
def test_the_matter_is_in_the_very_words_of_the_text(text):
    heated(text)
    assert all(sentence in text for sentence in matter(text))
    assert len(matter(text)) <= 3
