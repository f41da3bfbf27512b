"""The console table: themes with their numbers and subthemes, then the sum of the ledger."""

import unicodedata
from collections.abc import Sequence

from kuulo.group.result import Grouping, Theme
from kuulo.message import Message
from kuulo.report.encoding import visible
from kuulo.report.ledger import Ledger
from kuulo.report.names import firmness_code, name_of
from kuulo.report.words import Speech

_INDENT = "  "
# A name keeps so many columns; where there are fewer, the line is cut at its end.
_NARROWEST = 12
_NARROWEST = 40
_WIDEST = 110


def summary(
    grouping: Grouping,
    messages: Sequence[Message],
    ledger: Ledger,
    *,
    language: str,
    width: int,
) -> str:
    """Draw the table for a terminal of ``width`` columns; no control character of a resident reaches it.

    Under each theme stand its subthemes, or its most typical message where it has none.
    """
    speech = Speech(language)
    width = min(max(width, _NARROWEST), _WIDEST)
    top = [theme for theme in grouping.themes if not theme.parent]
    has_people = any(theme.people is not None for theme in top)
    rows = [_row(theme, speech, language, has_people=has_people) for theme in top]
    head = ["theme", "messages", *(["people"] if has_people else []), "firmness"]
    table = [[speech.say(f"column.{name}") for name in head], *rows]
    head_line, *row_lines = _lines(table, width=width)
    lines = [head_line]
    for theme, line in zip(top, row_lines, strict=True):
        detail = _detail(theme, grouping, messages, speech, language, width=width - len(_INDENT))
        lines += [line, _INDENT + detail] if detail else [line]
    return "\n".join([*lines, "", *_balance(ledger, speech, width=width)]) + "\n"


def _row(theme: Theme, speech: Speech, language: str, *, has_people: bool) -> list[str]:
    people = [] if not has_people else ["" if theme.people is None else speech.number(theme.people)]
    return [
        visible(name_of(theme, language).value),
        speech.number(theme.messages),
        *people,
        speech.say(f"firmness.{firmness_code(theme)}"),
    ]


def _lines(table: list[list[str]], *, width: int) -> list[str]:
    """Align: the name takes what the other columns leave; numbers stand to the right."""
    widths = [max(map(columns, cells)) for cells in zip(*table, strict=True)]
    widths[0] = min(widths[0], max(_NARROWEST, width - sum(widths[1:]) - 2 * len(widths[1:])))
    lines = []
    for row in table:
        name = _cut(row[0], widths[0])
        numbers = [cell.rjust(size) for cell, size in zip(row[1:-1], widths[1:-1], strict=True)]
        lines.append(_cut("  ".join([name + " " * (widths[0] - columns(name)), *numbers, row[-1]]), width))
    return lines


def _detail(
    theme: Theme,
    grouping: Grouping,
    messages: Sequence[Message],
    speech: Speech,
    language: str,
    *,
    width: int,
) -> str:
    parts = [
        f"{visible(name_of(child, language).value)} ({speech.number(child.messages)})"
        for child in grouping.themes
        if child.parent == theme.id
    ]
    if not parts:
        typical = visible(" ".join(messages[theme.central[0]].text.split())) if theme.central else ""
        return _cut(f"“{typical}”", width) if typical else ""
    return _as_many_as_fit(parts, speech, width=width)


def _as_many_as_fit(parts: list[str], speech: Speech, *, width: int) -> str:
    for shown in range(len(parts), 0, -1):
        rest = " " + speech.say("and_more", n=len(parts) - shown) if shown < len(parts) else ""
        line = ", ".join(parts[:shown]) + rest
        if columns(line) <= width:
            return line
    return _cut(parts[0], width)


def _balance(ledger: Ledger, speech: Speech, *, width: int) -> list[str]:
    counts = {name: getattr(ledger, name) for name in ("read", "grouped", "uncertain", "empty", "unreadable")}
    phrases = [speech.say("balance", **counts)]
    if ledger.copies:
        phrases.append(speech.say("balance.copies", copies=speech.count("copies", ledger.copies)))
    phrases.append(speech.say("balance.fingerprint", fingerprint=ledger.fingerprint[:12]))
    lines = [""]
    for word in " ".join(phrases).split(" "):
        if lines[-1] and columns(lines[-1]) + 1 + columns(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def columns(text: str) -> int:
    """Count the terminal columns that a text takes: wide letters and emoji two, marks and joiners none."""
    return sum(map(_columns_of, text))


def _columns_of(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def _cut(text: str, width: int) -> str:
    if columns(text) <= width:
        return text
    taken, used = "", 0
    for char in text:
        used += _columns_of(char)
        if used > width - 1:
            break
        taken += char
    return taken.rstrip() + "…"
