"""Told: codes of refusals, notes and odd rows as sentences in the reader's language."""

from collections.abc import Mapping

from kuulo.models import RejectedRow
from kuulo.report.encoding import visible
from kuulo.web.speech import spoken

Facts = Mapping[str, str | int]
_KINDS = {"video": "media", "doc": "document"}


class _Known(dict[str, str | int]):
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


def _said(kind: str, code: str, facts: Facts) -> str:
    words = spoken()
    shape = words.words.get(f"bring.{kind}.{code}")
    if shape is None:
        return code.replace("-", " ")
    shown = {name: words.number(fact) if isinstance(fact, int) else visible(fact) for name, fact in facts.items()}
    return shape.format_map(_Known(shown))


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
