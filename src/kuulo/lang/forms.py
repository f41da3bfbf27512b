"""Build the inflected forms of a name, so that it is found in running text: Kallio in "Kalliossa".

The forms are over-generated: a wrong form costs nothing unless it is another word, a missing one loses a name. The
rules for Finnish are the paradigms of the nouns that place names end in (mäki, lahti, -nen, -la ...), with harmony
of vowels and gradation of consonants.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

_VOWELS = "aeiouyäöå"
_BACK, _FRONT = "aou", "äöy"
# Read from the end these hold no vowel that tells, or a foreign one: the part is front all the same.
_FRONT_ENDS = ("tie", "väylä", "kylä", "rinne", "piennar", "metsä")

# Last parts of names: weak stem, strong stem, partitives, harmony.
_HEADS: dict[str, tuple[str, str, tuple[str, ...], str]] = {
    "mäki": ("mäe", "mäke", ("mäkeä",), "ä"),
    "niemi": ("nieme", "nieme", ("nientä", "niemeä"), "ä"),
    "järvi": ("järve", "järve", ("järveä",), "ä"),
    "lehti": ("lehde", "lehte", ("lehteä",), "ä"),
    "kivi": ("kive", "kive", ("kiveä",), "ä"),
    "veri": ("vere", "vere", ("verta",), "ä"),
    "kieli": ("kiele", "kiele", ("kieltä",), "ä"),
    "pieli": ("piele", "piele", ("pieltä",), "ä"),
    "reki": ("ree", "reke", ("rekeä",), "ä"),
    "väki": ("väe", "väke", ("väkeä",), "ä"),
    "perä": ("perä", "perä", ("perää",), "ä"),
    "vesi": ("vede", "vete", ("vettä",), "ä"),
    "kyrö": ("kyrö", "kyrö", ("kyröä",), "ä"),
    "meri": ("mere", "mere", ("merta",), "ä"),
    "särki": ("särje", "särke", ("särkeä",), "ä"),
    "joki": ("joe", "joke", ("jokea",), "a"),
    "lahti": ("lahde", "lahte", ("lahtea",), "a"),
    "saari": ("saare", "saare", ("saarta",), "a"),
    "koski": ("koske", "koske", ("koskea",), "a"),
    "vuori": ("vuore", "vuore", ("vuorta",), "a"),
    "lampi": ("lamme", "lampe", ("lampea",), "a"),
    "salmi": ("salme", "salme", ("salmea",), "a"),
    "suoni": ("suone", "suone", ("suonta",), "a"),
    "kanki": ("kange", "kanke", ("kankea",), "a"),
    "hanki": ("hange", "hanke", ("hankea",), "a"),
    "talvi": ("talve", "talve", ("talvea",), "a"),
    "nummi": ("numme", "numme", ("nummea",), "a"),
    "tammi": ("tamme", "tamme", ("tammea",), "a"),
    "kurki": ("kurje", "kurke", ("kurkea",), "a"),
    "kaupunki": ("kaupungi", "kaupunki", ("kaupunkia",), "a"),
    # no lampi (pond) as others have it: Toholammilla
    "toholampi": ("toholammi", "toholampi", ("toholampia",), "a"),
}
_LONGEST_HEAD_FIRST = sorted(_HEADS, key=len, reverse=True)
# First parts that inflect with the last one, by the ending of the whole: Uudessakaupungissa, Vanhassa Munkkiniemessä.
_BOTH = {
    "uusi": {"n": ("uuden", "uuteen"), "a": ("uutta",), "ssa": ("uudessa",), "sta": ("uudesta",), "lla": ("uudella",),
             "lta": ("uudelta",), "lle": ("uudelle",), "ksi": ("uudeksi",), "na": ("uutena",)},
    "iso": {"n": ("ison", "isoon"), "a": ("isoa",), "ssa": ("isossa",), "sta": ("isosta",), "lla": ("isolla",),
            "lta": ("isolta",), "lle": ("isolle",), "ksi": ("isoksi",), "na": ("isona",)},
    "vanha": {"n": ("vanhan", "vanhaan"), "a": ("vanhaa",), "ssa": ("vanhassa",), "sta": ("vanhasta",),
              "lla": ("vanhalla",), "lta": ("vanhalta",), "lle": ("vanhalle",), "ksi": ("vanhaksi",),
              "na": ("vanhana",)},
}  # fmt: skip
# Consonants before the last vowels, strong to weak; "" stands for a consonant that goes.
_GRADATION = (
    ("kk", "k"), ("pp", "p"), ("tt", "t"), ("nk", "ng"), ("nt", "nn"), ("lt", "ll"), ("rt", "rr"), ("mp", "mm"),
    ("k", ""), ("k", "v"), ("p", "v"), ("t", "d"),
)  # fmt: skip
# The other way round, for nominatives that are weak themselves (rinne: rinteessä).
_STRENGTHENING = (
    ("k", "kk"), ("p", "pp"), ("t", "tt"), ("nn", "nt"), ("ng", "nk"), ("ll", "lt"), ("rr", "rt"), ("mm", "mp"),
    ("v", "p"), ("d", "t"), ("", "k"), ("lj", "lk"), ("rj", "rk"),
)  # fmt: skip
# Behind the strong stem of a plural without its last vowel: Virrat, Virtoja.
_PLURAL_ENDS = ("ojA", "öjA", "iA", "ojen", "öjen", "ien", "oihin", "öihin", "iin", "oinA", "inA")
_WEAK_CASES = ("n", "t", "ssA", "stA", "llA", "ltA", "lle", "ksi", "ttA", "s", "l", "st", "lt")


@dataclass(frozen=True, slots=True)
class _Stems:
    weak: frozenset[str]
    strong: frozenset[str]
    whole: frozenset[str]

    def forms(self, harmony: str) -> Iterator[str]:
        """Put the endings of the cases behind the stems; ``whole`` are forms that have theirs already."""
        for stem in self.weak:
            yield from (stem + ending for ending in _WEAK_CASES)
        yield from (stem + "nA" for stem in self.strong)
        yield from self.whole


def finnish_forms(name: str) -> frozenset[str]:
    """Give the forms of a name in lower case, the name itself among them; of several words the last inflects."""
    lower = " ".join(name.casefold().split())
    before, _, last = lower.rpartition(" ")
    if not last:
        return frozenset()
    opening = f"{before} " if before else ""
    inflected = _inflected(last)
    return frozenset({lower, *(opening + form for form in inflected), *_both_inflected(before, last, inflected)})


def _both_inflected(before: str, last: str, inflected: set[str]) -> Iterator[str]:
    """Yield the forms of names whose first part inflects too, written as one word or as two."""
    for first, by_ending in _BOTH.items():
        if before == first:
            joint, forms = " ", inflected
        elif not before and last.startswith(first) and len(last) > len(first) + 3:
            joint, forms = "", _inflected(last.removeprefix(first))
        else:
            continue
        for form in forms:
            plain = form.replace("ä", "a")
            yield from (
                f"{start}{joint}{form}"
                for ending in by_ending
                if plain.endswith(ending)
                for start in by_ending[ending]
            )


def nordic_forms(name: str) -> frozenset[str]:
    """Give the forms of a name in Swedish or Norwegian, lower case: itself, the genitive and the definite."""
    lower = " ".join(name.casefold().split())
    if not lower:
        return frozenset()
    endings = ["s", "et", "en", "ets", "ens"]
    if lower[-1] == "e":
        endings += ["t", "n", "ts", "ns"]
    elif lower[-1] == "a":
        endings += ["n", "ns"]
    return frozenset({lower, *(lower + ending for ending in endings)})


def _inflected(word: str) -> set[str]:
    head = next(filter(word.endswith, _LONGEST_HEAD_FIRST), "")
    opening = word.removesuffix(head) if head else ""
    found = {word, *(opening + form for form in _forms_of_head(head))} if head else {word}
    if opening:
        return found
    stems = _stems(word)
    for harmony in _harmonies(word):
        found |= set(_harmonised(stems.forms(harmony), harmony))
    return found


@cache
def _forms_of_head(head: str) -> frozenset[str]:
    weak, strong, partitives, harmony = _HEADS[head]
    whole = frozenset({*partitives, strong + strong[-1] + "n"})
    stems = _Stems(frozenset({weak}), frozenset({strong}), whole)
    return frozenset(_harmonised(stems.forms(harmony), harmony))


def _harmonised(forms: Iterable[str], harmony: str) -> Iterator[str]:
    return (form.replace("A", harmony) for form in forms)


def _harmonies(word: str) -> str:
    """Give "a", "ä", or both where the word has neither back nor front vowels; its last part decides."""
    if word.endswith(_FRONT_ENDS):
        return "ä"
    for letter in reversed(word):
        if letter in _BACK:
            return "a"
        if letter in _FRONT:
            return "ä"
    return "aä"


def _stems(word: str) -> _Stems:
    if word.endswith("nen") and len(word) > 4:
        return _of_nen(word[:-3])
    if word[-1] in _VOWELS:
        return _of_vowel(word)
    if word[-1] == "t":
        return _of_plural(word)
    return _of_consonant(word)


def _of_nen(body: str) -> _Stems:
    stems = frozenset({body + "se", body + "si"})
    return _Stems(
        stems,
        stems,
        frozenset({body + end for end in ("stA", "seen", "siA", "siin", "set", "sten", "sien")}),
    )


def _of_vowel(word: str) -> _Stems:
    stems, whole = {word}, {word + "A", word + "tA", word + word[-1] + "n"}
    if word[-1] == "e":
        stems |= {word + "e", *(strong + "e" for strong in _graded(word, _STRENGTHENING))}
        whole |= {word + "ttA", *(strong + "eseen" for strong in (word, *_graded(word, _STRENGTHENING)))}
    if word[-1] == "i":
        stems.add(word[:-1] + "e")
        whole.add(word[:-1] + "tA")
    if (len(word) > 1 and word[-2] in _VOWELS) or word[-1] in "öåo":
        whole |= {word + "seen", word + "h" + word[-1] + "n"}
    if word[-1] == "å":
        whole.add(word + "hon")
    whole |= {end for stem in stems for end in (stem + "A", stem + stem[-1] + "n")}
    weak = stems | {weaker for stem in stems for weaker in _graded(stem, _GRADATION)}
    return _Stems(frozenset(weak), frozenset(stems), frozenset(whole))


def _of_plural(word: str) -> _Stems:
    body, short = word[:-1], word[:-2]
    stems = frozenset({body + "i", short + "i", short + "oi", short + "öi"})
    whole = {stem + end for stem in stems for end in ("tA", "A", "hin", "in")}
    whole |= {body + "jen", body + "ien", body + "iden"}
    whole |= {short + end for end in ("ojen", "ien", "iden", "itten", "ten", "jen")}
    for one in (body, *_graded(body, _STRENGTHENING)):
        whole |= {one + "in", *(one[:-1] + end for end in _PLURAL_ENDS)}
    return _Stems(stems, stems, frozenset(whole))


def _of_consonant(word: str) -> _Stems:
    stems, short = {word + "i", word + "e"}, word[:-1]
    whole = {word + "tA", word + "iA"}
    if word[-1] == "s":
        stems |= {short + "kse", short + "de"}
        if short and short[-1] in _VOWELS:
            stems |= {one + one[-1] for one in (short, *_graded(short, _STRENGTHENING))}
        if word.endswith(("us", "ys")):
            whole |= {short + "ttA", short + "teen", short + "tenA"}
    if word[-1] == "n":
        stems |= {short + "me", *(strong + "me" for strong in _graded(short, (("d", "t"),)))}
    whole |= {end for stem in stems for end in (stem + stem[-1] + "n", stem + "seen")}
    return _Stems(frozenset(stems), frozenset(stems), frozenset(whole))


def _graded(stem: str, pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Change the consonants before the last vowels, in each way that fits; between two like vowels one that goes
    also leaves an apostrophe.
    """
    body = stem.rstrip(_VOWELS)
    if len(stem) - len(body) > 2:
        body = stem[:-1]
    tail = stem[len(body) :]
    found = []
    for strong, weak in pairs:
        if not tail or not body.endswith(strong) or len(body) == len(strong):
            continue
        changed = body[: len(body) - len(strong)] + weak
        found.append(changed + tail)
        if not weak and changed[-1:] == tail[0]:
            found.append(f"{changed}'{tail}")
    return found
