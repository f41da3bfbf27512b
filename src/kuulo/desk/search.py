"""Search: messages that hold words, in dictionary forms and inside compounds, whatever is typed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.db.models.lookups import In

from kuulo.desk.word_search import one_of_each
from kuulo.desk.words import search_terms

# Parts of words are found by three letters at least: shorter ones are looked for as whole words.
SHORTEST_PART = 3
MOST_TERMS = 12
_COMMON = 5_000
_PHRASE = re.compile(r'["”“«»]([^"”“«»]+)["”“«»]')


@dataclass(frozen=True, slots=True)
class Term:
    """What a message must hold: one of these forms, anywhere in a word; or a phrase, word for word."""

    forms: tuple[str, ...]
    phrase: bool = False


def terms(query: str) -> list[Term]:
    """Read a query: phrases in quotes, else words. A message must hold all of them."""
    query = query.replace("\0", " ")
    phrases = [Term((phrase.strip(),), phrase=True) for phrase in _PHRASE.findall(query) if phrase.strip()]
    words = [Term(tuple(forms)) for forms in search_terms(_PHRASE.sub(" ", query))]
    return (phrases + words)[:MOST_TERMS]


def matching(query: str, key: str = "pk") -> Q:
    """Say that a message holds what a query asks for; nothing is found by a query without any letter."""
    asked = terms(query)
    if not asked:
        return Q(pk__in=())
    found = Q()
    for term in asked:
        sql, given = _ids(term)
        ids = RawSQL(sql, given)  # noqa: S611 - all that was typed is in the parameters
        walks = key == "pk" and connection.vendor == "sqlite" and _is_common(sql, given)
        found &= Q(In(F(key) + 0, ids)) if walks else Q(**{f"{key}__in": ids})
    return found


def _is_common(sql: str, given: Sequence[str]) -> bool:
    """Tell whether many messages hold a term: walking down the latest then finds a page sooner than sorting them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({sql} LIMIT %s)", [*given, _COMMON])  # noqa: S608
        row = cursor.fetchone()
    return bool(row and row[0] == _COMMON)


def _ids(term: Term) -> tuple[str, Sequence[str]]:
    """Write the query for the ids of the messages that hold a term."""
    long = () if term.phrase else tuple(form for form in term.forms if len(form) >= SHORTEST_PART)
    whole = tuple(form for form in term.forms if form not in long)
    write = _postgres if connection.vendor == "postgresql" else _sqlite
    parts = write(long, whole, phrase=term.phrase)
    return " UNION ".join(sql for sql, _ in parts), [value for _, values in parts for value in values]


def _sqlite(long: Sequence[str], whole: Sequence[str], *, phrase: bool) -> list[tuple[str, list[str]]]:
    """Ask SQLite: the index takes any text as it is, once it stands in quotes."""
    return [
        (f"SELECT rowid FROM {table} WHERE {table} MATCH %s", [one_of_each([forms])])  # noqa: S608
        for table, forms in (("message_parts", long), ("message_words", whole))
        if forms
    ]


def _postgres(long: Sequence[str], whole: Sequence[str], *, phrase: bool) -> list[tuple[str, list[str]]]:
    """Ask PostgreSQL."""
    read = "phraseto_tsquery" if phrase else "plainto_tsquery"
    parts = [("SELECT id FROM kuulo_message WHERE search_text ILIKE %s", [f"%{_plain(form)}%"]) for form in long]
    words = [(f"SELECT id FROM kuulo_message WHERE search_words @@ {read}('simple', %s)", [form]) for form in whole]  # noqa: S608
    return parts + words


def _plain(form: str) -> str:
    """Take the wildcards of LIKE as signs."""
    return re.sub(r"([\\%_])", r"\\\1", form)
