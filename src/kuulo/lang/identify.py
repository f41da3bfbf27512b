"""Tell which language a short text is written in: fi, sv, nb, nn, en, se or da; "und" where it shows too little."""

import re
from collections.abc import Sequence
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_KNOWN = ("fi", "sv", "no", "nn", "en", "se", "da")
_NOISE = re.compile(r"(?:https?://|www\.)\S+|[@#]\w+|[^\w\s]|[\d_]")
_FEWEST_LETTERS = 12
# Between bokmål and nynorsk these words decide: the identifier alone is right three times of four.
_NYNORSK = frozenset(
    [
        "ikkje",
        "eg",
        "ein",
        "eit",
        "kva",
        "kvifor",
        "korleis",
        "noko",
        "nokon",
        "nokre",
        "vere",
        "vore",
        "dykk",
        "frå",
        "berre",
        "skule",
        "heim",
        "meir",
    ]
)
_BOKMAAL = frozenset(
    [
        "ikke",
        "jeg",
        "en",
        "et",
        "hva",
        "hvorfor",
        "hvordan",
        "noe",
        "noen",
        "være",
        "vært",
        "dere",
        "fra",
        "bare",
        "skole",
        "hjem",
        "mer",
    ]
)


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(_KNOWN))
    return identifier


def identify(text: str) -> str:
    """Give the language of a text ("nb" for bokmål), or "und" below twelve letters."""
    plain = " ".join(_NOISE.sub(" ", text).casefold().split())
    # the beginning of most texts is enough
    if all(sum(map(str.isalpha, some)) < _FEWEST_LETTERS for some in (plain[: 2 * _FEWEST_LETTERS], plain)):
        return "und"
    language = str(_identifier().classify(plain)[0])
    return _written_norwegian(language, plain.split()) if language in {"no", "nn", "da"} else language


def identify_all(texts: Sequence[str], stated: Sequence[str]) -> list[str]:
    """Give each text's language: the one stated in the file where Kuulo knows it, else the identified one."""
    return [_stated(known) or identify(text) for text, known in zip(texts, stated, strict=True)]


def _written_norwegian(language: str, words: list[str]) -> str:
    nynorsk = sum(word in _NYNORSK for word in words)
    bokmaal = sum(word in _BOKMAAL for word in words)
    if nynorsk > bokmaal:
        return "nn"
    if bokmaal > nynorsk and language == "nn":
        return "nb"
    return "nb" if language == "no" else language


_STATED = {
    "fi": "fi", "fin": "fi", "suomi": "fi", "finnish": "fi", "finska": "fi", "finsk": "fi",
    "sv": "sv", "swe": "sv", "se-sv": "sv", "ruotsi": "sv", "swedish": "sv", "svenska": "sv", "svensk": "sv",
    "nb": "nb", "nob": "nb", "no": "nb", "nor": "nb", "norja": "nb", "norwegian": "nb", "norsk": "nb",
    "norska": "nb", "bokmål": "nb", "nn": "nn", "nno": "nn", "nynorsk": "nn",
    "en": "en", "eng": "en", "englanti": "en", "english": "en", "engelska": "en", "engelsk": "en",
    "se": "se", "sme": "se", "da": "da", "dan": "da",
}  # fmt: skip


def _stated(name: str) -> str:
    plain = name.strip().casefold().replace("_", "-")
    return _STATED.get(plain) or _STATED.get(plain.split("-")[0], "")
