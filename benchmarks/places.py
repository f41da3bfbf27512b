"""Measure finding places: right over coverage on OmaStadi, precision in Norwegian and Swedish texts, speed.

KUULO_BENCH_DATA=... python -m benchmarks.places [omastadi | hits | speed]
"""

import argparse
import json
import random
import re
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from benchmarks import datasets, place_data
from benchmarks.place_data import Proposal
from kuulo.group.describe import word_tables
from kuulo.place.areas import Areas
from kuulo.place.gazetteer import Gazetteer
from kuulo.place.index import Index
from kuulo.place.names import Names
from kuulo.place.reading import read
from kuulo.place.spoken import plain_words

# A guess: the district and how sure it is.
Guess = tuple[str, float]
_WORDS = re.compile(r"\w+(?:[-'’]\w+)*")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="?", choices=("omastadi", "hits", "speed"), help="all without")
    parser.add_argument("--misses", type=int, default=0, help="show so many wrong ones")
    chosen = parser.parse_args()
    try:
        if chosen.part in {None, "omastadi"}:
            omastadi(misses=chosen.misses)
        if chosen.part in {None, "hits"}:
            hits()
        if chosen.part in {None, "speed"}:
            speed()
    except datasets.SetMissingError as missing:
        print(missing)


def omastadi(*, misses: int) -> None:
    gazetteer, district = place_data.helsinki()
    everything = [one for one in place_data.proposals() if one.pinned]
    ours = _ours(gazetteer, district)
    methods: dict[str, Callable[[str], Guess | None]] = {
        "plain name": _plain(gazetteer, district),
        "stem": _stem(gazetteer, district),
        "Kuulo": ours,
    }
    print(f"OmaStadi: {len(everything)} proposals with a pin, {len(gazetteer)} areas\n")
    print("| proposals | method | named | right of those | right at the coverage of the plain name |")
    print("|---|---|---|---|---|")
    for label, chosen in _parts(everything):
        guesses = {name: _guessed(method, chosen) for name, method in methods.items()}
        most = len(guesses["plain name"])
        for name, found in guesses.items():
            share = len(found) / len(chosen)
            at_same = _right(found[:most]) if len(found) >= most else float("nan")
            print(f"| {label} ({len(chosen)}) | {name} | {share:.1%} | {_right(found):.1%} | {at_same:.1%} |")
    print("\n| coverage | Kuulo right (all) |\n|---|---|")
    found = _guessed(ours, everything)
    for share in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        if (count := round(share * len(everything))) <= len(found):
            print(f"| {share:.0%} | {_right(found[:count]):.1%} |")
    if misses:
        _show_misses(found, ours, misses)


def _parts(everything: Sequence[Proposal]) -> Iterable[tuple[str, list[Proposal]]]:
    yield "odd numbers", [one for one in everything if one.number % 2]
    yield "even numbers", [one for one in everything if not one.number % 2]
    yield "all", list(everything)
    yield "all but for the whole city", [one for one in everything if one.scope != "Helsingin yhteinen"]


def _guessed(
    method: Callable[[str], Guess | None], chosen: Sequence[Proposal]
) -> list[tuple[float, bool, Proposal, str]]:
    """Give those that a method finds a district for, the surest first."""
    guesses = ((one, method(one.text)) for one in chosen)
    found = [(guess[1], guess[0] == one.pinned, one, guess[0]) for one, guess in guesses if guess]
    return sorted(found, key=lambda row: (-row[0], row[2].number))


def _right(found: Sequence[tuple[float, bool, Proposal, str]]) -> float:
    return sum(row[1] for row in found) / max(1, len(found))


def _ours(gazetteer: Gazetteer, district: dict[str, str]) -> Callable[[str], Guess | None]:
    names = Names(Index(gazetteer, languages=("fi", "sv")), tables=word_tables())

    def guess(text: str) -> Guess | None:
        weights: dict[str, float] = defaultdict(float)
        doubt: dict[str, float] = defaultdict(lambda: 1.0)
        for mention in names.mentions(text, language="fi"):
            told = {district[place] for place in mention.places}
            for one in told:
                weights[one] += mention.confidence / len(told)
                doubt[one] *= 1 - mention.confidence / len(told)
        if not weights:
            return None
        best = max(weights, key=weights.__getitem__)
        return best, weights[best] / sum(weights.values()) * (1 - doubt[best])

    return guess


def _plain(gazetteer: Gazetteer, district: dict[str, str]) -> Callable[[str], Guess | None]:
    """Names as they stand in the register, as words of the text in whatever case; the most frequent district."""
    by_name = {plain_words(name): district[place.id] for place in gazetteer.places.values() for name in _all(place)}
    longest = max(name.count(" ") + 1 for name in by_name)

    def guess(text: str) -> Guess | None:
        words = plain_words(text).split(" ")
        said: dict[str, int] = defaultdict(int)
        at = 0
        while at < len(words):
            for size in range(longest, 0, -1):
                if found := by_name.get(" ".join(words[at : at + size])):
                    said[found] += 1
                    break
            else:
                size = 1
            at += size
        return _most(said)

    return guess


def _stem(gazetteer: Gazetteer, district: dict[str, str]) -> Callable[[str], Guess | None]:
    """Words with a capital that begin as a name of one word does, without its last two letters."""
    names = [(name, district[place.id]) for place in gazetteer.places.values() for name in _all(place)]
    stems = {plain_words(name)[:-2]: one for name, one in names if " " not in plain_words(name) and len(name) > 4}

    def guess(text: str) -> Guess | None:
        said: dict[str, int] = defaultdict(int)
        for word in _WORDS.findall(text):
            if word[0].isupper():
                plain = word.casefold()
                found = next((stems[plain[:end]] for end in range(len(plain), 2, -1) if plain[:end] in stems), "")
                if found:
                    said[found] += 1
        return _most(said)

    return guess


def _most(said: dict[str, int]) -> Guess | None:
    if not said:
        return None
    best = max(said, key=said.__getitem__)
    return best, said[best] / sum(said.values())


def _all(place) -> list[str]:
    return [name for names in place.names.values() for name in names]


def _show_misses(found, ours, count: int) -> None:
    wrong = [row for row in found if not row[1]]
    for sure, _, one, guessed in random.Random(0).sample(wrong, min(count, len(wrong))):
        print(f"\n--- {one.number} pin {one.pinned}, guessed {guessed} ({sure:.2f}), for {one.scope}\n{one.text}")


def hits() -> None:
    """Show what is found in texts of each language, to be judged by eye; of more than a hundred a hundred drawn."""
    texts = {
        "Tidstyver (nb, nn)": (place_data.norway(), datasets.tidstyver().texts, ("nb", "nn")),
        "SIB-200 nb": (place_data.norway(), datasets.sib("nob").texts, ("nb",)),
        "SIB-200 nn": (place_data.norway(), datasets.sib("nno").texts, ("nn",)),
        "SIB-200 sv": (place_data.stockholm(), datasets.sib("swe").texts, ("sv",)),
        "SIB-200 sv, Finland": (place_data.finland(), datasets.sib("swe").texts, ("sv",)),
        "SweFAQ": (place_data.stockholm(), datasets.swefaq().texts, ("sv",)),
        "SIB-200 fi": (place_data.finland(), datasets.sib("fin").texts, ("fi", "sv")),
        "vkk": (place_data.finland(), datasets.vkk().texts, ("fi", "sv")),
    }
    for name, (gazetteer, chosen, languages) in texts.items():
        names = Names(Index(gazetteer, languages=languages), tables=word_tables())
        said = [(text, one) for text in chosen for one in names.mentions(text, language=languages[0])]
        print(f"\n## {name}: {len(said)} in {len(chosen)} texts")
        for text, one in random.Random(0).sample(said, 100) if len(said) > 100 else said:
            around = " ".join(text[max(0, one.start - 50) : one.end + 40].split())
            print(f"{one.name} | {one.reason} {one.confidence} | {around}")


def speed() -> None:
    texts = [one.text for one in place_data.proposals()]
    tokens = sum(len(_WORDS.findall(text)) for text in texts)
    print(f"\n{tokens} tokens of OmaStadi\n")
    print("| places | built in | memory | tokens a second, cold | warm |\n|---|---|---|---|---|")
    sizes = {"Helsinki": place_data.helsinki()[0], **{f"{n:,}": place_data.many(n) for n in (10_000, 200_000)}}
    for label, gazetteer in sizes.items():
        before, begun = _memory(), time.process_time()
        index = Index(gazetteer, languages=("fi", "sv"))
        built, memory = time.process_time() - begun, _memory() - before
        names = Names(index, tables=word_tables())
        names.mentions("Kallio")
        cold = tokens / _seconds(names, texts)
        warm = tokens / min(_seconds(names, texts) for _ in range(5))
        print(f"| {label} ({len(gazetteer)}) | {built:.2f} s | {memory:.0f} MB | {cold:,.0f} | {warm:,.0f} |")
    _reading(sizes["200,000"])
    gazetteer = sizes["Helsinki"]
    areas = Areas(gazetteer)
    draw = random.Random(0)
    points = [(draw.uniform(60.1, 60.3), draw.uniform(24.8, 25.2)) for _ in range(20_000)]
    begun = time.process_time()
    for point in points:
        areas.at(*point)
    print(f"\npoints in areas: {len(points) / (time.process_time() - begun):,.0f} a second")


def _reading(gazetteer: Gazetteer) -> None:
    """Read as many places from a table, and squares from a map."""
    table = "id,nimi,lat,lon\n" + "".join(f"{p.id},{p.name()},62.5,20.5\n" for p in gazetteer.places.values())
    square = [[[20.0, 62.0], [20.1, 62.0], [20.1, 62.1], [20.0, 62.1], [20.0, 62.0]]]
    features = [
        {"properties": {"id": place.id, "nimi": place.name()}, "geometry": {"type": "Polygon", "coordinates": square}}
        for place in gazetteer.places.values()
    ]
    print("\n| file | places | bytes | read in | memory |\n|---|---|---|---|---|")
    for name, content in (("a.csv", table.encode()), ("a.geojson", json.dumps({"features": features}).encode())):
        before, begun = _memory(), time.process_time()
        found = read(content, name=name)
        took, memory = time.process_time() - begun, max(0.0, _memory() - before)
        print(f"| {name} | {len(found.places):,} | {len(content):,} | {took:.1f} s | {memory:.0f} MB |")


def _seconds(names: Names, texts: Sequence[str]) -> float:
    begun = time.process_time()
    for text in texts:
        names.mentions(text, language="fi")
    return time.process_time() - begun


def _memory() -> float:
    """Give the most memory that this process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
