"""Text as files and terminals can hold it: hostile or broken characters made harmless, nothing dropped."""

import json
import re
import unicodedata
from collections.abc import Iterable

_SURROGATES = re.compile("[\ud800-\udfff]")
_SCRIPT_SIGNS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_QUOTED_SIGNS = frozenset(',"\r\n')
_JOINERS = "\u200c\u200d"  # part of emoji and of some scripts; they move nothing on a screen


def encodable(text: str) -> str:
    """Put U+FFFD for half surrogate pairs, the only characters that UTF-8 cannot hold."""
    return _SURROGATES.sub("\ufffd", text)


def json_text(value: object, *, indent: int | None = 2) -> str:
    """Write a value as JSON that is the same on every run: sorted keys, no NaN, readable letters."""
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(
        value, ensure_ascii=False, indent=indent, separators=separators, sort_keys=True, allow_nan=False
    )
    return encodable(text)


def script_json(value: object) -> str:
    """Write a value as JSON that cannot end or break the script element that it stands in."""
    return json_text(value, indent=None).translate(_SCRIPT_SIGNS)


def visible(text: str, *, keep: str = "") -> str:
    """Show control and direction characters as signs (ESC as ␛, U+202E as \\u202e), except those in keep."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in keep else _sign(char) for char in text)


def quotable(text: str) -> str:
    """Give a resident's text for a page: lines and tabs kept, other control characters visible."""
    return visible(text.replace("\r\n", "\n"), keep="\n\t")


def _sign(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    category = unicodedata.category(char)
    if category == "Zs" or char in _JOINERS:
        return char
    if category == "Cs":
        return "\ufffd"
    return char if category in {"Cn", "Co"} else f"\\u{code:04x}"


def unarmed(cell: str) -> str:
    """Put an apostrophe before a cell that a spreadsheet would run as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) else cell


def csv_line(cells: Iterable[str]) -> str:
    """Write a line of CSV (RFC 4180 quoting, commas) that ends in LF."""
    return ",".join(map(_quoted, cells)) + "\n"


def _quoted(cell: str) -> str:
    # The csv module of Python 3.11 leaves a lone CR unquoted when lines end in LF.
    return cell if _QUOTED_SIGNS.isdisjoint(cell) else '"' + cell.replace('"', '""') + '"'
