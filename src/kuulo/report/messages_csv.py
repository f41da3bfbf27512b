"""messages.csv: where every message went, one row a message in input order, without its text."""

from collections.abc import Mapping, Sequence

from kuulo.group.result import Grouping, Placement
from kuulo.message import Message
from kuulo.report.encoding import csv_line, encodable, unarmed
from kuulo.report.names import name_of
from kuulo.report.origin import file_name, references

HEADER = (
    "file",
    "row",
    "column",
    "id",
    "theme",
    "theme_name",
    "subtheme",
    "subtheme_name",
    "fit",
    "copy_of",
    "status",
    "language",
    "kind",
    "certainty",
    "evidence",
)


def messages_csv(messages: Sequence[Message], grouping: Grouping, *, language: str = "en") -> str:
    """Write the table as CSV (RFC 4180 quoting, LF line ends, commas).

    ``fit`` is 0-1 with three decimals, and so is ``certainty``, which is empty where there is no kind. The codes of
    ``evidence`` are parted by spaces. ``copy_of`` names the first message with the same text: by id where
    every message has an id of its own, else by row where there is one column of one file, else as
    file:row:column. A cell that a spreadsheet would run as a formula begins with an apostrophe; ids and
    numbers stand as they came.
    """
    names = {"": ""} | {theme.id: name_of(theme, language).value for theme in grouping.themes}
    known = references(messages)
    lines = [csv_line(HEADER)]
    for message, placement in zip(messages, grouping.placements, strict=True):
        first = _first(messages, known, placement.copy_of)
        lines.append(csv_line(_cells(message, placement, names, first)))
    return encodable("".join(lines))


def _cells(message: Message, placement: Placement, names: Mapping[str, str], first: str) -> tuple[str, ...]:
    return (
        unarmed(file_name(message.file)),
        str(message.row),
        unarmed(message.column),
        message.id,
        placement.theme,
        unarmed(names[placement.theme]),
        placement.subtheme,
        unarmed(names[placement.subtheme]),
        f"{placement.fit:.3f}",
        first,
        placement.status,
        unarmed(placement.language),
        placement.kind,
        f"{placement.certainty:.3f}" if placement.kind else "",
        " ".join(placement.evidence),
    )


def _first(messages: Sequence[Message], known: Sequence[str], index: int) -> str:
    if index < 0:
        return ""
    reference = known[index]
    return reference if reference == messages[index].id else unarmed(reference)
