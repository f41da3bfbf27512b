"""Background: what a file tells of a message beside its text, asked for by column and value."""

import json

from django.db import connection
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from kuulo.models import Message


def with_background(messages: QuerySet[Message], column: str, value: str) -> QuerySet[Message]:
    """Keep the messages that have a value in a column of their background.

    No index helps: ask it of the messages of a theme, or of a page, not of all.
    """
    if connection.vendor == "postgresql":
        return messages.filter(background__contains=[[column, value]])
    # a quotation mark within a value stands escaped, so the pair is never found inside one
    told = messages.annotate(background_text=Cast("background", TextField()))
    return told.filter(Q(background_text__contains=json.dumps([column, value])))
