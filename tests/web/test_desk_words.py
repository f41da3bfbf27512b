"""The desk's own words: none missing, none left over, and the same in every language."""

import re
from pathlib import Path

import pytest

import kuulo
from kuulo.desk.history import KINDS, record
from kuulo.report.words import catalogue
from kuulo.web.speech import LANGUAGES, desk_words

WEB = Path(kuulo.__file__).parent / "web"
FILES = [path for path in WEB.rglob("*") if path.suffix in {".html", ".py", ".js", ".txt"}]
TEXT = "\n".join(path.read_text("utf-8") for path in FILES)
# What stands in quotes, and what a key is made of: "bring.refusal." and then a code.
QUOTED = set(re.findall(r"""["']([\w.-]+)["']""", TEXT))
BEGINNINGS = {
    *re.findall(r"""["'](\w+\.(?:[\w-]+\.)+)(?:["'{])""", TEXT),
    "bring.refusal.",
    "bring.note.",
    "bring.rejected.",
}
# keys of which a whole page is made, each named somewhere else than in a template
ROOTS = {"desk.", "bring.", "compare."}
# other words of the log's page than those of what happened
PAGE = {
    "link",
    "title",
    "intro",
    "when",
    "who",
    "what",
    "why",
    "undo_it",
    "machine",
    "message",
    "undone",
    "older",
    "none",
}


def said() -> set[str]:
    """The keys that templates say outright."""
    return set(re.findall(r"""{% say ["']([\w.-]+)["']""", TEXT)) | set(re.findall(r"""say\("([\w.-]+)\"""", TEXT))


def counted() -> set[str]:
    return set(re.findall(r"""{% count ["']([\w.-]+)["']""", TEXT)) | set(
        re.findall(r"""count\("([\w.-]+)\"""", TEXT)
    )


def test_whatever_is_said_has_words():
    known = catalogue("en") | desk_words("en")
    wanted = said() | {f"{key}.{form}" for key in counted() for form in ("one", "many")}
    assert len(wanted) > 300
    assert sorted(key for key in wanted if key not in known) == []


def test_no_word_is_left_over():
    left = []
    for key in desk_words("en"):
        page, _, rest = key.partition(".")
        stem = re.sub(r"\.(one|many)$", "", key)
        made = any(key.startswith(start) for start in BEGINNINGS)
        # "desk." and the like before what is named elsewhere: the room of a menu, the code of an error
        named = f"{page}." in ROOTS and (rest in QUOTED or rest.removesuffix(".lede") in QUOTED)
        if not (key in QUOTED or stem in QUOTED or made or named):
            left.append(key)
    assert left == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word_with_the_same_facts(language):
    english, words = desk_words("en"), desk_words(language)
    assert sorted(words) == sorted(english)
    fact = re.compile(r"\{\w+\}")
    assert [key for key in words if set(fact.findall(words[key])) - set(fact.findall(english[key]))] == []


def test_whatever_happens_has_words_and_nothing_else_can_be_told():
    told = {key.removeprefix("correct.log.") for key in desk_words("en") if key.startswith("correct.log.")}
    assert told - PAGE == KINDS
    with pytest.raises(ValueError, match="nobody-knows"):
        record("nobody-knows")
