"""Ranking: the messages that fit a search best; and a message by its number, its id or its own words."""

import re

from django.db import connection

from kuulo.desk.inbox import Filters, in_order, with_text
from kuulo.desk.meaning import FINDER
from kuulo.desk.search import terms
from kuulo.desk.word_search import one_of_each
from kuulo.models import Message

SHOWN = 50
_WEIGHED = 500
# A word that half of all messages hold tells none of them apart: of so many, the latest, the best are found.
_COMPARED = 5_000
_MOST_WORDS = 12
_LARGEST_NUMBER = 18
_BEST = {
    "sqlite": "SELECT rowid FROM (SELECT rowid, rank FROM message_words WHERE message_words MATCH %s "
    "ORDER BY rowid DESC LIMIT %s) ORDER BY rank LIMIT %s",
    "postgresql": "SELECT id FROM (SELECT id, ts_rank(search_words, asked) AS fit "
    "FROM kuulo_message, to_tsquery('simple', %s) AS asked WHERE search_words @@ asked ORDER BY id DESC LIMIT %s) "
    "AS latest ORDER BY fit DESC, id DESC LIMIT %s",
}


def best(filters: Filters, *, most: int = SHOWN, whole: bool = False) -> list[Message]:
    """Give the messages that fit best: whole words that are rare and close together before parts of words."""
    weighed = _weighed(filters.words)
    fitting = set(filters.without("words").queryset().filter(pk__in=weighed).values_list("pk", flat=True))
    first = [pk for pk in weighed if pk in fitting][:most]
    if len(first) < most:
        rest = filters.queryset().exclude(pk__in=first).values_list("pk", flat=True)
        first += rest[: most - len(first)]
    return in_order(first, whole=whole)


def identified(asked: str, *, most: int = 10) -> list[Message]:
    """Give the message with a number (#123) and those with an id that their source gave."""
    asked = asked.replace("\0", "").strip()
    by_id = [*with_text(Message.objects.filter(origin_id=asked), "origin_id").values_list("pk", flat=True)[:most]]
    number = re.fullmatch(r"#?([0-9]+)", asked)
    by_number = [int(number[1])] if number and len(number[1]) <= _LARGEST_NUMBER else []
    return in_order([*dict.fromkeys(by_number + by_id)])


def told(text: str, *, most: int = 10) -> list[Message]:
    """Give the messages that a pasted text is, or begins; without any, those that hold its first words at all."""
    words = re.findall(r"\w+", text)[:_MOST_WORDS]
    if not words:
        return []
    asked = (f'"{" ".join(words)}"', " ".join(words))
    found = (Filters(words=query, copies="all").queryset().values_list("pk", flat=True)[:most] for query in asked)
    return in_order(next(([*ids] for ids in found if ids), []))


def _weighed(query: str) -> list[int]:
    """Give ids of the messages that hold all terms as whole words, the best of the latest first."""
    asked = terms(query)
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_BEST[connection.vendor], [one_of_each(term.forms for term in asked), _COMPARED, _WEIGHED])
        return [pk for (pk,) in cursor.fetchall()]


def nearest(filters: Filters, *, most: int = SHOWN, whole: bool = False) -> list[Message]:
    """Give the messages nearest in meaning to the words, of those that the other filters let through."""
    near = [one.message_id for one in FINDER.nearest(filters.words, most=_WEIGHED)]
    fitting = set(filters.without("words").queryset().filter(pk__in=near).values_list("pk", flat=True))
    return in_order([pk for pk in near if pk in fitting][:most], whole=whole)
