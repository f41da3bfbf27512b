"""Give the forms in which a place's name stands in running text, by the language of the name."""

import re
from collections.abc import Collection, Iterator

from kuulo.lang.forms import finnish_forms, nordic_forms
from kuulo.place.gazetteer import FACILITY_KINDS, Place

# A word: letters and digits, joined by hyphens, apostrophes and the colon of Finnish abbreviations.
WORD = re.compile(r"[^\W_]+(?:[-'’:][^\W_]+)*")
# The names of these are common nouns at their end, which take the definite article: skolen, biblioteket.
_WITH_ARTICLE = {*FACILITY_KINDS, "park", "water", "stop", "other"}
_SHORTEST = 3
_NORDIC = {"sv", "nb", "nn"}


def spellings(place: Place, languages: Collection[str]) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield each name of a place, its language, and its forms in lower case with single spaces between words.

    ``languages`` are those of the municipality: they tell how names are inflected that have no language of their
    own, and whether names in other languages also take Finnish cases (Landbossa).
    """
    for language, names in place.names.items():
        for name in names:
            plain = plain_words(name)
            if not plain:
                continue
            forms = set(_forms(plain, language, place, languages))
            if "-" in plain:
                forms |= set(_forms(plain.replace("-", " "), language, place, languages))
            if len(plain) <= _SHORTEST:
                # of so few letters other stems are other words: Ii is not in "itä"
                forms = {form for form in forms if form.startswith(plain)}
            yield name, language, frozenset(forms)


def plain_words(text: str) -> str:
    """Give the words of a name in lower case, with single spaces between them."""
    return " ".join(WORD.findall(text)).casefold().replace("’", "'")


def _forms(plain: str, language: str, place: Place, languages: Collection[str]) -> Iterator[str]:
    yield from (plain, plain + "s" if plain[-1] != "s" else plain, plain + "'s")
    if language == "fi" or "fi" in languages or not (language or languages):
        yield from finnish_forms(plain)
    if place.kind in _WITH_ARTICLE and (language in _NORDIC or (not language and _NORDIC & set(languages))):
        yield from nordic_forms(plain)
