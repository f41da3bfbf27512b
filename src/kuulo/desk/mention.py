"""Mention: the messages that speak of a watched matter, by the word index."""

from django.db.models import Q, QuerySet

from kuulo.desk.word_search import holding_any
from kuulo.desk.words import forms_of
from kuulo.lang.services import concepts
from kuulo.models import Message, Watch


def mentioning(watch: Watch) -> QuerySet[Message]:
    """Give residents' messages that hold one of a watch's words in any form, a phrase as it is written."""
    found = holding_any(sorted({form for word in watched_words(watch) for form in _forms(word)})).exclude(
        actor="official"
    )
    places = list(watch.sources.values_list("pk", flat=True))
    return found.filter(Q(source__in=places) if places else Q())


def watched_words(watch: Watch) -> list[str]:
    """Give the words of a watch: its own, then those of its services in every language."""
    own = (line.strip() for line in watch.words.splitlines())
    wordings = (one for concept in concepts() if concept.id in watch.services for one in concept.wording.values())
    told = (word for one in wordings for word in (one.label, *one.words))
    return [*dict.fromkeys(word.casefold() for word in (*own, *told) if word)]


def _forms(word: str) -> list[str]:
    return forms_of(word) if " " not in word else [word]
