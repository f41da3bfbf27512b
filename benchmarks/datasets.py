"""Load the texts that the benchmarks measure on.

The public sets are not part of the project: put them in a folder and name it in KUULO_BENCH_DATA. The golden
set is the project's own.
"""

import bz2
import csv
import json
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

FOLDER = "KUULO_BENCH_DATA"
LANGUAGES = ("fin", "swe", "nob", "nno", "eng")
REPOSITORY = Path(__file__).parents[1]
_VKK_ROWS = 3000

csv.field_size_limit(10**8)


class SetMissingError(Exception):
    """A public set is not in the folder; the message names it and where it can be had."""

    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(f"{name} is not here: put {path} in the folder that {FOLDER} names. Public source: {source}")


@dataclass(frozen=True, kw_only=True)
class TextSet:
    """Texts, and what people said of them.

    ``gold[i]`` names the groups that text i belongs to: one as a rule, several where people merged it into
    several, none where nobody judged it. ``languages`` are the texts' own.
    """

    name: str
    texts: Sequence[str]
    gold: Sequence[frozenset[str]] = ()
    languages: Sequence[str] = ()

    def only(self, indices: Sequence[int]) -> "TextSet":
        """Give the texts at these indices, for draws from a set."""
        return TextSet(name=self.name, texts=[self.texts[i] for i in indices])


class Pair(NamedTuple):
    """Two sentences and how alike people found them: 1 (unrelated) to 4 (same meaning), some with a flag."""

    first: str
    second: str
    label: str


def sib(language: str) -> TextSet:
    """SIB-200, one language: 800 news-like sentences in seven topics, ordered by id."""
    by_id = _sib_rows(language)
    rows = [by_id[i] for i in sorted(by_id)]
    return _set("SIB-200", rows, "text", "category", languages=[language] * len(rows))


def sib_mixed(seed: int) -> TextSet:
    """SIB-200, each sentence once, in a language drawn for it: Random(seed).choice over the sorted ids."""
    by_language = {language: _sib_rows(language) for language in LANGUAGES}
    draw = random.Random(seed)
    ids = sorted(by_language[LANGUAGES[0]])
    languages = [draw.choice(LANGUAGES) for _ in ids]
    rows = [by_language[language][i] for language, i in zip(languages, ids, strict=True)]
    return _set("SIB-200 mixed", rows, "text", "category", languages=languages)


def sib_versions() -> TextSet:
    """SIB-200, every sentence in all five languages: 5 x 800 texts, language after language."""
    parts = [sib(language) for language in LANGUAGES]
    return TextSet(
        name="SIB-200 in five versions",
        texts=[text for part in parts for text in part.texts],
        gold=[group for part in parts for group in part.gold],
        languages=[language for part in parts for language in part.languages],
    )


def vkk() -> TextSet:
    """Sentences of answers to written questions in the Finnish parliament; gold is the ministry."""
    path = _path("vkk", "vkk/dev.csv.bz2", "https://github.com/aajanki/eduskunta-vkk")
    with bz2.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    sample = random.Random(0).sample(rows, min(_VKK_ROWS, len(rows)))
    return _set("vkk", sample, "sentence", "ministry")


def swefaq() -> TextSet:
    """Questions to Swedish authorities; gold is the category."""
    path = _path("SweFAQ", "swefaq/swefaq_dev.jsonl", "https://github.com/spraakbanken/SuperLim-2")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
    return _set("SweFAQ", rows, "question", "category_id")


def polis() -> TextSet:
    """Comments of residents on the future of their county (Polis BG2050); no gold."""
    path = _path("Polis BG2050", "polis-bg2050/comments.csv", "https://github.com/compdemocracy/openData")
    return TextSet(name="Polis BG2050", texts=[row["comment-body"] for row in _rows(path)])


def tidstyver() -> TextSet:
    """Civil servants' "time thieves" (Norway, 2014): what is wrong, and what would help, each a text; no gold."""
    path = _path("Tidstyver", "tidstyver/tidstyver-even.csv", "https://github.com/datahotellet/dataset-archive")
    columns = ("problemtype_beskrivelse", "tiltak_beskrivelse")
    rows = list(_rows(path, delimiter=";"))
    return TextSet(name="Tidstyver", texts=[row[one] for row in rows for one in columns if row[one]])


def omastadi() -> TextSet:
    """Proposals to the City of Helsinki; gold is the plans a proposal was merged into.

    The title is a sentence of its own before the text; white space is single, as Kuulo's cleaning leaves it.
    """
    path = _path(
        "OmaStadi",
        "omastadi/proposals-round1.csv (columns title, text, plans)",
        "https://github.com/bokyong-shin/mapping_citizen_voices",
    )
    rows = list(_rows(path))
    return TextSet(
        name="OmaStadi",
        texts=[" ".join(f"{row['title'].strip()}. {row['text']}".split()) for row in rows],
        gold=[frozenset(row["plans"].split()) for row in rows],
        languages=["fin"] * len(rows),
    )


def paraphrases() -> list[Pair]:
    """Give the Turku paraphrase corpus' Finnish pairs from subtitles (OPUS) and web pages (Parsebank)."""
    path = _path(
        "paraphrase-fi",
        "paraphrase-fi/opus-pb-dev.json",
        "https://github.com/TurkuNLP/Turku-paraphrase-corpus",
    )
    return [Pair(row["txt1"], row["txt2"], row["label"]) for row in json.loads(path.read_text("utf-8"))]


def golden(truth: Literal["theme", "matter"]) -> TextSet:
    """The project's own messages, those with a theme; by matter, a message may hold a second one."""
    messages = {row["id"]: row["message"] for row in demo_messages()}
    rows = [row for row in _rows(REPOSITORY / "tests/golden/labels.csv") if row["theme"]]
    columns = ("theme",) if truth == "theme" else ("matter", "second_matter")
    return TextSet(
        name="golden set",
        texts=[messages[row["id"]] for row in rows],
        gold=[frozenset(row[column] for column in columns if row[column]) for row in rows],
        languages=[row["language"] for row in rows],
    )


def demo_messages() -> list[dict[str, str]]:
    """Read the messages of invented residents that Kuulo ships for its demo."""
    return list(_rows(REPOSITORY / "src/kuulo/demo/messages.csv", delimiter=";"))


def _sib_rows(language: str) -> dict[int, dict[str, str]]:
    rows: dict[int, dict[str, str]] = {}
    for part in ("train", "dev"):
        name = f"sib200/{language}_Latn/{part}.tsv"
        path = _path("SIB-200", name, "https://github.com/dadelani/sib-200")
        for row in _rows(path, delimiter="\t", quoted=False):
            rows[int(row["index_id"])] = row
    return rows


def _set(
    name: str, rows: Sequence[dict[str, str]], text: str, gold: str, *, languages: Sequence[str] = ()
) -> TextSet:
    return TextSet(
        name=name,
        texts=[row[text] for row in rows],
        gold=[frozenset([str(row[gold])]) for row in rows],
        languages=languages,
    )


def _path(name: str, relative: str, source: str) -> Path:
    path = Path(os.environ.get(FOLDER, ""), relative.partition(" ")[0])
    if not os.environ.get(FOLDER) or not path.is_file():
        raise SetMissingError(name, relative, source)
    return path


def _rows(path: Path, *, delimiter: str = ",", quoted: bool = True) -> Iterator[dict[str, str]]:
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    # line ends within a text become "\n", whatever system the file was made on
    with path.open(encoding="utf-8-sig", newline=None) as file:
        yield from csv.DictReader(file, delimiter=delimiter, quoting=quoting)
