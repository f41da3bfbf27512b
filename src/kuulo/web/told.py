"""Told: codes of refusals, notes, odd rows and events as sentences in the reader's language."""

from collections.abc import Mapping

from kuulo.models import Correction, Event, RejectedRow
from kuulo.report.encoding import visible
from kuulo.web.speech import spoken

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


def event(event: Event, correction: Correction | None) -> str:
    """Say what happened; ``correction`` is the one that the event tells of, where it does."""
    speech, facts = spoken(), event.facts
    rule = correction.facts if correction else {}
    shape = f"correct.log.{event.kind}"
    if shape not in speech.words:
        return event.kind.replace("-", " ")
    tags = [f"#{tag}" for tag in rule.get("tags", [])]
    return speech.say(
        shape,
        names=", ".join(f"{name} ({language})" for language, name in facts.get("names", {}).items()),
        undone=speech.say(f"correct.kind.{facts['undone']}") if "undone" in facts else "",
        words=" ".join([*rule.get("words", []), *tags]),
        at=str(facts.get("at", "")),
        to=str(facts.get("to", "")),
        messages=speech.count("messages", int(facts.get("messages", 1))),
    )


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
