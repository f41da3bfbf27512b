"""Told: codes of refusals, notes, odd rows and events as sentences in the reader's language."""

from collections.abc import Mapping

from kuulo.desk.log import Entry
from kuulo.models import RejectedRow
from kuulo.report.encoding import visible
from kuulo.web.speech import spoken
from kuulo.web.tags import plain_name

Facts = Mapping[str, str | int]
_KINDS = {"video": "media", "doc": "document"}


class Known(dict[str, str | int]):
    """Facts, with a dash for those that are not known."""

    def __missing__(self, name: str) -> str:
        return "–"


def refusal(code: str, facts: Facts) -> str:
    """Say why a file cannot be read, or why something cannot happen now."""
    if code == "too-large":
        code = _too_large(facts)
    return _said("refusal", code, {**facts, "looks": _looks(str(facts.get("looks", "")))})


def note(code: str, facts: Facts) -> str:
    """Say what is to be known of a file."""
    return _said("note", code, facts)


def trouble(row: RejectedRow) -> str:
    """Say what was wrong with a row."""
    return _said("rejected", row.code, row.facts)


def event(entry: Entry) -> str:
    """Say what happened."""
    speech, facts = spoken(), entry.event.facts
    rule = entry.correction.facts if entry.correction else {}
    shape = "correct.placed_in" if _was_nowhere(entry) else f"correct.log.{entry.event.kind}"
    if shape not in speech.words:
        return entry.event.kind.replace("-", " ")
    tags = [f"#{tag}" for tag in rule.get("tags", [])]
    return speech.say(
        shape,
        names=", ".join(f"{name} ({language})" for language, name in facts.get("names", {}).items()),
        undone=speech.say(f"correct.kind.{facts['undone']}") if "undone" in facts else "",
        words=" ".join([*rule.get("words", []), *tags]),
        at=_theme(entry, str(facts.get("at", ""))),
        to=_theme(entry, str(facts.get("to", ""))),
        theme=_theme(entry, entry.theme),
        place=visible(str(facts.get("called", ""))),
        messages=speech.count("messages", int(facts.get("messages", 1))),
    )


def _was_nowhere(entry: Entry) -> bool:
    """Tell whether a message that was moved stood in no theme before, or in the same one: it was placed there."""
    facts = entry.event.facts
    return entry.event.kind == "move" and facts.get("at") in {"", facts.get("to")}


def _theme(entry: Entry, code: str) -> str:
    """Name a theme beside its code."""
    name = visible(plain_name(entry.themes[code])) if code in entry.themes else code
    return code if name == code else f"{code} ({name})"


def _said(kind: str, code: str, facts: Facts) -> str:
    words = spoken()
    shape = words.words.get(f"bring.{kind}.{code}")
    if shape is None:
        return code.replace("-", " ")
    shown = {name: words.number(fact) if isinstance(fact, int) else visible(fact) for name, fact in facts.items()}
    return shape.format_map(Known(shown))


def _too_large(facts: Facts) -> str:
    if "columns" in facts:
        return "too-wide"
    swollen = int(facts.get("unpacked", facts.get("limit", 0))) < int(facts.get("limit", 0))
    return "too-swollen" if swollen else "too-large"


def _looks(looks: str) -> str:
    """Say what a file is, by the end of hear's word for it."""
    last = looks.rsplit(" ", maxsplit=1)[-1]
    words = spoken().words
    return words.get(f"bring.looks.{_KINDS.get(last, last)}", words["bring.looks.other"])
