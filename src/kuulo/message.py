"""Message: what was said, when, by whom, and where in which file it stood."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One answer of one resident, exactly as it came.

    ``row`` is 1-based and counts data rows (the header and empty lines above it do not count); ``column``
    is the header of the text column, or its number from 1 where there is no header. ``time``, ``author``,
    ``language``, ``channel`` (by what way it came) and ``thread`` (what the source calls the discussion that it
    belongs to) are the cell's text, empty where the file has no such column. ``actor`` is the kind of sender
    as the file tells it (resident, association, company or official), never guessed from the text.
    ``background`` are pairs of a column's header and the cell's text: what else the file tells of the answer in
    few words (area, channel, age). ``unreadable`` is a code of why the text could not be read, else empty.
    """

    text: str
    file: str = ""
    row: int = 1
    column: str = ""
    id: str = ""
    time: str = ""
    author: str = ""
    language: str = ""
    channel: str = ""
    thread: str = ""
    actor: str = ""
    background: tuple[tuple[str, str], ...] = ()
    unreadable: str = ""
