"""Where a message stood: its file without the folder, its row and column, and one reference to it."""

from collections.abc import Sequence

from kuulo.message import Message


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
