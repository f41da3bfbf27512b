"""Names of codes: languages and channels, as the reader calls them."""

from kuulo.report.encoding import visible
from kuulo.web.speech import spoken

# Codes that mean the same channel. What a municipality writes in its own words stays as it is written.
_SAME = {"e-mail": "email", "phone note": "phone-note", "text message": "sms", "web": "website"}


def language_name(code: str) -> str:
    """Name a language; one without a name is shown by its code."""
    words = spoken().words
    return words.get(f"language.{code}") or words.get(f"themes.language.{code}", code)


def channel_name(code: str) -> str:
    """Name a channel; one that the words do not know is shown as its source calls it."""
    known = code.casefold()
    return spoken().words.get(f"desk.channel.{_SAME.get(known, known)}") or visible(code)
