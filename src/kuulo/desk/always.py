"""Always here: what holds certain words or hashtags, or is a copy of a message, belongs in a theme."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from kuulo.desk.correcting import begin, check_live, stand_anew, tell, whole
from kuulo.desk.not_now import NotNow
from kuulo.desk.rules import same_matter
from kuulo.desk.standing import Stand, among, stands
from kuulo.desk.word_search import holding
from kuulo.lang.words import words as words_of
from kuulo.models import Correction, Message, Person, Placement, Theme

Kind = Correction.Kind
_MOST_WORDS = 10


@dataclass(frozen=True, slots=True)
class Sign:
    """What messages are told by: all of the words, in any form, and any of the tags; or copies of one message."""

    words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    copies_of: Message | None = None


def sign_of(typed: str) -> Sign:
    """Read words and #hashtags as a person types them."""
    tags = tuple(part[1:].casefold() for part in typed.split() if part.startswith("#") and len(part) > 1)
    plain = " ".join(part for part in typed.split() if not part.startswith("#"))
    return Sign(words=tuple(dict.fromkeys(word.casefold() for word, _ in words_of(plain))), tags=tags)


def always_here(theme: Theme, sign: Sign, *, person: Person | None, reason: str = "") -> Correction:
    """Place what bears the sign in a theme: what stands elsewhere now, what waits and what comes.

    What a person put somewhere, or said not to be about the theme, stays as it is.
    """
    with whole():
        check_always(theme, sign)
        facts = {"words": list(sign.words), "tags": list(sign.tags)}
        correction = begin(Kind.ALWAYS_HERE, theme, message=sign.copies_of, person=person, reason=reason, facts=facts)
        rows, into = _resettled(correction, theme, sign)
        stand_anew(correction, rows, into)
        tell(correction, of=[theme], at=theme.code, messages=len(into))
    return correction


def check_always(theme: Theme, sign: Sign) -> None:
    """Raise NotNow: "theme-merged", "no-sign" where nothing is asked for, "many-words"."""
    check_live(theme)
    if not (sign.words or sign.tags or sign.copies_of):
        raise NotNow("no-sign")
    if len(sign.words) + len(sign.tags) > _MOST_WORDS:
        raise NotNow("many-words", most=_MOST_WORDS)


def caught(theme: Theme, sign: Sign) -> QuerySet[Message]:
    """Give the messages of today that the rule would bring into the theme."""
    decided = Placement.objects.filter(message=OuterRef("pk"), main=True, by=Placement.By.PERSON)
    there = Placement.objects.filter(message=OuterRef("pk"), theme=theme, counted=True)
    never = Correction.objects.filter(kind=Kind.NOT_ABOUT, theme=theme, undone_at=None, message__isnull=False)
    family = Q(message=OuterRef("pk")) | Q(message__copies=OuterRef("pk")) | Q(message__copy_of=OuterRef("pk"))
    family |= Q(message__copy_of__copies=OuterRef("pk"))
    standing = _bearing(sign).filter(status__in=[Message.Status.GROUPED, Message.Status.UNCERTAIN])
    return standing.filter(~Exists(decided), ~Exists(there), ~Exists(never.filter(family)))


def _bearing(sign: Sign) -> QuerySet[Message]:
    found = holding(sign.words) if sign.words else Message.objects.all()
    if sign.tags:
        found = found.filter(
            pk__in=Message.tags.through.objects.filter(tag__name__in=_names(sign.tags)).values("message")
        )
    if sign.copies_of:
        head = sign.copies_of.copy_of_id or sign.copies_of.pk
        found = found.filter(Q(pk=head) | Q(copy_of=head))
    return found


def _names(tags: Sequence[str]) -> set[str]:
    same = same_matter(set(tags))
    return {name for names in same.values() for name in names}


def _resettled(correction: Correction, theme: Theme, sign: Sign) -> tuple[list[Stand], list[Stand]]:
    """Give the main rows of what the rule catches, with any uncounted one in the theme, and the rows instead."""
    messages = list(caught(theme, sign).order_by("pk").values_list("pk", flat=True))
    rows = stands(Placement.objects.filter(Q(main=True) | Q(theme=theme), message__in=among(messages)))
    into = [Stand(one, theme.pk, None, True, True, 1.0, Placement.By.PERSON, {}) for one in messages]
    return rows, [row.moved(correction, theme) for row in into]
