"""Correcting: what every correction has in common: one whole, a rule that is kept, and the history that tells it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction

from kuulo.desk import history
from kuulo.desk.not_now import NotNow
from kuulo.desk.standing import Stand, count_in, kept, put_in, settle, take_out
from kuulo.desk.themes import mark_stale
from kuulo.models import Correction, Message, Person, Theme

LONGEST_NAME, LONGEST_REASON = 80, 500
LANGUAGES = ("fi", "sv", "nb", "nn", "en")


@contextmanager
def whole() -> Iterator[None]:
    """Do all of it or nothing. Raises NotNow ("changed-meanwhile") where another one changed the same rows."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise NotNow("changed-meanwhile") from None


def begin(
    kind: Correction.Kind,
    theme: Theme,
    *,
    person: Person | None,
    reason: str,
    other: Theme | None = None,
    message: Message | None = None,
    facts: dict[str, Any] | None = None,
) -> Correction:
    """Store the rule, so that what it places can name it."""
    return Correction.objects.create(
        kind=kind,
        theme=theme,
        other=other,
        message=message,
        facts=facts or {},
        reason=reason.strip()[:LONGEST_REASON],
        made_by=person,
    )


def stand_anew(correction: Correction, out: Sequence[Stand], into: Sequence[Stand]) -> None:
    """Take messages out and put them in elsewhere, and keep in the correction how they stood."""
    messages = sorted({row.message for row in (*out, *into)})
    take_out(out)
    put_in(into)
    settle(messages)
    statuses = count_in([row.message for row in into if row.counted])
    correction.before |= {"rows": kept(out), "statuses": statuses}
    correction.save(update_fields=["before"])
    mark_stale({row.theme for row in (*out, *into)})


def tell(correction: Correction, *, of: Sequence[Theme], kind: str = "", **facts: history.Fact) -> None:
    """Add the correction to the history of each theme that it changed."""
    person = correction.undone_by if kind == "undo" else correction.made_by
    for theme in of:
        history.record(
            kind or correction.kind,
            person=person,
            theme=theme,
            message=correction.message,
            correction=correction,
            **facts,  # type: ignore[arg-type]
        )


def check_live(theme: Theme) -> None:
    """Raise NotNow ("theme-merged") where a theme is no more."""
    theme.refresh_from_db(fields=["state", "merged_into"])
    if theme.state != Theme.State.LIVE:
        into = theme.merged_into
        raise NotNow("theme-merged", theme=theme.code, into=into.code if into else "")


def check_placed(message: Message) -> None:
    """Raise NotNow ("not-placed") where a message waits for the worker, or holds nothing to place."""
    if message.status not in {Message.Status.GROUPED, Message.Status.UNCERTAIN}:
        raise NotNow("not-placed")


def checked_names(names: dict[str, str]) -> dict[str, str]:
    """Give names without needless blanks, those of no language left out.

    Raises NotNow: "no-name" where none is left, "long-name" where one is too long.
    """
    clean = {language: " ".join(name.split()) for language, name in names.items() if language in LANGUAGES}
    given = {language: name for language, name in clean.items() if name}
    if not given:
        raise NotNow("no-name")
    if any(len(name) > LONGEST_NAME for name in given.values()):
        raise NotNow("long-name", longest=LONGEST_NAME)
    return given
