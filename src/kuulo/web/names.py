"""Names of codes: languages, channels and themes, as the reader calls them."""

import json
from functools import lru_cache

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from kuulo.models import Theme
from kuulo.report.encoding import visible
from kuulo.report.names import in_language
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


def theme_names(*, also: str = "") -> tuple[tuple[str, str], ...]:
    """Give codes and names of the themes that live, by name; of subthemes only ``also``."""
    shown = Theme.objects.filter(Q(parent=None) | Q(code=also), state=Theme.State.LIVE)
    written = shown.order_by("pk").values_list("code", Cast("names", TextField()))
    return _by_name(spoken().language, tuple(written))


@lru_cache(maxsize=16)
def _by_name(language: str, written: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Read names as they are written in their rows: hundreds, so once for as long as they stay the same."""
    named = [(code, in_language(json.loads(names), language, default=code).value) for code, names in written]
    return tuple(sorted(named, key=lambda one: (one[1].casefold(), one[0])))
