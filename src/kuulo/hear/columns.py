"""Decide what each column holds: the text; the id, time, author and other roles; the background."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from kuulo.hear import cells, header_words
from kuulo.hear.cells import Profile
from kuulo.hear.header import Header
from kuulo.hear.reading import Orders
from kuulo.hear.refused import Refused
from kuulo.lang.actors import names_actors
from kuulo.lang.mask import tells_who

_TEXT = header_words.every(header_words.TEXT)
_ANSWER = header_words.every(header_words.ANSWER)
_BACKGROUND = header_words.every(header_words.BACKGROUND)
_OPEN = header_words.every(header_words.OPEN)
_ID = header_words.every(header_words.ID)
_TIME = header_words.every(header_words.TIME)
_AUTHOR = header_words.every(header_words.AUTHOR)
_LANGUAGE = header_words.every(header_words.LANGUAGE)
_ACTOR = header_words.every(header_words.ACTOR)
_CHANNEL = header_words.every(header_words.CHANNEL)
_THREAD = header_words.every(header_words.THREAD)
_PRIVATE = header_words.every(header_words.PRIVATE)
_PRIVATE_ALONE = header_words.every(header_words.PRIVATE_ALONE)
# Background that a reader can choose from: so many values at most, or numbers; so many columns at most.
_VALUES, _FEW_VALUES, _COLUMNS = 40, 12, 30
_LONGEST_VALUE = 60
# So much of a cell tells whether it names a person.
_LOOKED_AT = 200
# A column of which more values than this share hold a name, an address or a number of a person is private.
_PRIVATE_SHARE = 0.2
# A text column's mean length is at least this share of the longest one's.
_CLEARLY_SHORTER = 0.35


# Roles of one column each; those that answers can be sorted by stay in the background too.
ALONE = ("id", "time", "author", "language", "actor", "channel", "thread")
_SORTABLE = ("actor", "channel")


@dataclass(frozen=True, kw_only=True, slots=True)
class Roles:
    """The place of each role's column, from 0; None where the file has no such column.

    ``background`` are columns of few different values, and of numbers: what the answers can be sorted by.
    """

    text: tuple[int, ...]
    id: int | None
    time: int | None
    author: int | None
    language: int | None
    actor: int | None
    channel: int | None
    thread: int | None
    background: tuple[int, ...]

    @property
    def places(self) -> set[int | None]:
        """Give the places of all columns that are read."""
        alone = (getattr(self, role) for role in ALONE)
        return {*self.text, *alone, *self.background}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Column:
    place: int
    label: str
    question: bool
    opened: bool
    seen: Profile
    actors: bool
    private: bool


def decide(header: Header, sample: Sequence[list[str]], *, orders: Orders) -> Roles:
    """Give each role its column, by the orders first, then by the header's words and by the cells."""
    text = {_find(header, order) for order in orders.text}
    named = {role: _find(header, order) if (order := getattr(orders, role)) else None for role in ALONE}
    if not orders.guess:
        return _as_ordered(header, text, named, orders=orders)
    taken = text | {place for place in named.values() if place is not None}
    columns = [column for column in _columns(header, sample) if column.place not in taken]
    # The only column is the text, whatever it is called, unless nothing in it was said.
    if len(header.names) == 1:
        text = text or {column.place for column in columns if column.seen.numbers + column.seen.dates < 1}
    else:
        named |= _guessed({role for role, place in named.items() if place is None}, columns)
        text = text or _texts([column for column in columns if column.place not in named.values()])
    if not text:
        raise Refused("no-text-column", {"columns": _listed(header)})
    used = {*text, *(place for role, place in named.items() if role not in _SORTABLE)}
    background = _background([column for column in _columns(header, sample) if column.place not in used])
    return Roles(text=tuple(sorted(text)), background=background, **named)


def _as_ordered(header: Header, text: set[int], named: dict[str, int | None], *, orders: Orders) -> Roles:
    """Give the roles as ordered, and no others."""
    if not text:
        raise Refused("no-text-column", {"columns": _listed(header)})
    wanted = {_find(header, order) for order in orders.background} | {named[role] for role in _SORTABLE}
    background = sorted(place for place in wanted if place is not None and place not in text)
    return Roles(text=tuple(sorted(text)), background=tuple(background[:_COLUMNS]), **named)


def _guessed(roles: set[str], columns: list[_Column]) -> dict[str, int | None]:
    """Guess the columns of these roles, no column for two."""
    result: dict[str, int | None] = {}
    for role, guess in _GUESSES.items():
        found = guess([column for column in columns if column.place not in result.values()])
        if role in roles and found is not None:
            result[role] = found.place
    return result


def _find(header: Header, order: str) -> int:
    """Find an ordered column by its full name, its bare header or its number from 1."""
    if order in header.names:
        return header.names.index(order)
    wanted = " ".join(order.split()).casefold()
    for names in (header.names, header.labels):
        for place, name in enumerate(names):
            if wanted and " ".join(name.split()).casefold() == wanted:
                return place
    if wanted.isdecimal() and len(wanted) < 6 and 0 < int(wanted) <= len(header.names):
        return int(wanted) - 1
    raise Refused("no-such-column", {"column": order, "columns": _listed(header)})


def _listed(header: Header) -> str:
    return ", ".join(name[:80] for name in header.names[:30])


def _columns(header: Header, sample: Sequence[list[str]]) -> list[_Column]:
    result = []
    for place, (name, bare) in enumerate(zip(header.names, header.labels, strict=True)):
        column = [row[place] for row in sample if place < len(row)]
        words = f" {cells.label(name)} "
        result.append(
            _Column(
                place=place,
                label=cells.label(bare),
                question=bare.endswith("?"),
                opened=any(f" {word} " in words for word in _OPEN),
                seen=cells.profile(column),
                actors=names_actors(column),
                private=_is_private(cells.label(name), column),
            )
        )
    return result


def _id(columns: Sequence[_Column]) -> _Column | None:
    # A "category id" comes again and again; a message's own id at most where rows were exported twice.
    named = [
        column
        for column in columns
        if _ends_in(column.label, _ID)
        and column.seen.length <= 64
        and column.seen.distinct >= (0.5 if column.label in _ID else 0.9)
    ]
    if named:
        return max(named, key=lambda column: (column.label in _ID, column.seen.distinct))
    unnamed = (column for column in columns if not column.label)
    return next(
        (column for column in unnamed if column.seen.filled > 1 and column.seen.distinct == column.seen.codes == 1),
        None,
    )


def _time(columns: Sequence[_Column]) -> _Column | None:
    dated = [column for column in columns if column.seen.dates >= 0.8]
    named = [column for column in columns if _ends_in(column.label, _TIME)]
    # a column that says that it is the time may have cells that are none
    both = [column for column in named if column.seen.dates >= 0.5]
    numeric = [column for column in named if column.seen.numbers >= 0.8]
    born = [column for column in dated if not column.label.startswith(("synt", "föd", "fød", "birth"))]
    return next(iter(both or numeric or born), None)


def _author(columns: Sequence[_Column]) -> _Column | None:
    named = [column for column in columns if column.label in _AUTHOR and column.seen.words <= 4]
    return named[0] if named else None


def _language(columns: Sequence[_Column]) -> _Column | None:
    named = [column for column in columns if _ends_in(column.label, _LANGUAGE)]
    likely = [column for column in columns if column.seen.languages >= 0.9 and column.seen.closed < 0.9]
    return next(iter([column for column in named if column in likely] or named or likely), None)


def _actor(columns: Sequence[_Column]) -> _Column | None:
    return next((column for column in columns if column.actors and column.label in _ACTOR), None)


def _channel(columns: Sequence[_Column]) -> _Column | None:
    return next((column for column in columns if column.label in _CHANNEL and _is_background(column)), None)


def _thread(columns: Sequence[_Column]) -> _Column | None:
    named = (column for column in columns if column.label in _THREAD)
    return next((column for column in named if column.seen.length <= 100 and column.seen.words <= 3), None)


# The author before the id: "user id" is a person, not a message; a "thread id" is not a message either.
_GUESSES = {
    "author": _author,
    "thread": _thread,
    "id": _id,
    "time": _time,
    "language": _language,
    "actor": _actor,
    "channel": _channel,
}


def _background(columns: Sequence[_Column]) -> tuple[int, ...]:
    return tuple(column.place for column in columns if _is_background(column))[:_COLUMNS]


def _is_background(column: _Column) -> bool:
    """Tell a column that answers can be sorted by; what could tell who a resident is stays out."""
    seen = column.seen
    values = round(seen.distinct * seen.filled)
    if not values or seen.length > _LONGEST_VALUE or seen.dates >= 0.5 or column.private:
        return False
    if values == seen.filled > 1:  # all differ: nothing to sort by
        return False
    few = values <= _FEW_VALUES or (values <= _VALUES and seen.distinct <= 0.5)
    return few or (seen.numbers >= 0.9 and seen.distinct <= 0.9)


def _is_private(label: str, values: Iterable[str]) -> bool:
    """Tell a column that could tell who a resident is, by its header or by its cells."""
    words = label.split()
    if label in _PRIVATE_ALONE or not _PRIVATE.isdisjoint([*words, *map(" ".join, pairwise(words))]):
        return True
    beginnings = (value[:_LOOKED_AT] for value in values if value.strip())
    different = list(islice(dict.fromkeys(beginnings), _VALUES))
    return sum(map(tells_who, different)) > _PRIVATE_SHARE * len(different)


def _asks_for_contact(column: _Column) -> bool:
    """Tell a column whose header begins with what it asks for, and that is private: no answer, however long."""
    words = column.label.split()
    return bool(words) and not column.question and (column.label in _PRIVATE or words[0] in _PRIVATE)


def _ends_in(label: str, words: frozenset[str]) -> bool:
    """Tell whether the label is such a word, or a short compound that ends in one ("message id")."""
    parts = label.split()
    return label in words or (1 < len(parts) <= 3 and (parts[-1] in words or " ".join(parts[-2:]) in words))


def _texts(columns: Sequence[_Column]) -> set[int]:
    """Choose the columns of the residents' own words."""
    wordy = [column for column in columns if _may_be_text(column)]
    if any(column.label in _TEXT for column in wordy):
        wordy = [column for column in wordy if column.label not in _ANSWER]
    chosen = [column for column in wordy if _is_named(column) or _is_free(column)]
    if not chosen:
        chosen = [column for column in wordy if column.seen.distinct >= 0.5]
    longest = max((column.seen.length for column in chosen), default=0.0)
    return {
        column.place for column in chosen if _is_named(column) or column.seen.length >= _CLEARLY_SHORTER * longest
    }


def _may_be_text(column: _Column) -> bool:
    seen = column.seen
    plain = (
        seen.numbers < 0.5 and seen.dates < 0.5 and seen.closed < 0.5 and (seen.letters > 0 or column.label in _TEXT)
    )
    return plain and column.label not in _BACKGROUND and not _asks_for_contact(column)


def _is_named(column: _Column) -> bool:
    """Tell whether the header speaks for text: by the word, or as an open question with differing answers."""
    varied = column.seen.filled < 3 or column.seen.distinct > 0.5
    return column.label in _TEXT or column.label in _ANSWER or ((column.question or column.opened) and varied)


def _is_free(column: _Column) -> bool:
    """Tell whether the cells read like free text: several words each, and seldom the same."""
    seen = column.seen
    return seen.words >= 2.5 and seen.length >= 12 and (seen.distinct >= 0.2 or seen.filled < 5)
