"""Where a message stood: its file without the folder, its row and column, for machines and for readers."""

from collections.abc import Sequence
from dataclasses import dataclass

from kuulo.message import Message
from kuulo.report.encoding import visible
from kuulo.report.words import Speech


def file_name(path: str) -> str:
    """Cut the folders off, whichever system wrote the path."""
    return path.replace("\\", "/").rpartition("/")[2]


def origin(message: Message) -> dict[str, str | int]:
    """Say where a message stood, as a record for JSON."""
    return {
        "file": file_name(message.file),
        "row": message.row,
        "column": message.column,
        "id": message.id,
    }


def references(messages: Sequence[Message]) -> list[str]:
    """Name every message by the shortest reference that is certain to mean one message.

    One style for the whole result: the ids where every message has its own, else the row numbers where all
    messages stand in one column of one file, else ``file:row:column``.
    """
    ids = [message.id for message in messages]
    if all(ids) and len(set(ids)) == len(ids):
        return ids
    if len({(message.file, message.column) for message in messages}) == 1:
        return [str(message.row) for message in messages]
    return [f"{file_name(message.file)}:{message.row}:{message.column}" for message in messages]


@dataclass(frozen=True, slots=True)
class Origins:
    """Says to a reader where a message stood, in as few words as this input needs."""

    speech: Speech
    several_files: bool
    several_columns: bool

    def of(self, message: Message) -> str:
        """Name the file and the column only where there are several, the row, and the id if there is one."""
        parts = [
            file_name(message.file) if self.several_files else "",
            self.speech.say("origin.row", n=message.row),
            message.column if self.several_columns else "",
            message.id,
        ]
        return visible(" · ".join(part for part in parts if part))


def origins(messages: Sequence[Message], speech: Speech) -> Origins:
    """Look at all messages once to see what tells them apart."""
    files = {message.file for message in messages}
    columns = {message.column for message in messages}
    return Origins(speech, len(files) > 1, len(columns) > 1)
