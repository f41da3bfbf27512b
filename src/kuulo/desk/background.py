"""Background: what a file tells of a message beside its text, asked for by column and value."""

import json

from django.db import connection
from django.db.models import Q, TextField, Value
from django.db.models.functions import Cast, StrIndex
from django.db.models.lookups import GreaterThan


def has_background(column: str, value: str, *, at: str = "") -> Q:
    """Say that a message has a value in a column of its background; ``at`` leads to the message ("copy_of__").

    No index helps: ask it of the messages of a theme, or of a page, not of all.
    """
    if connection.vendor == "postgresql":
        return Q(**{f"{at}background__contains": [[column, value]]})
    # a quotation mark within a value stands escaped, so the pair is never found inside one
    pair = Value(json.dumps([column, value]))
    return Q(GreaterThan(StrIndex(Cast(f"{at}background", TextField()), pair), Value(0)))
