"""Resettle: put one message, with its near-copies, where it belongs."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kuulo.desk.correcting import begin, check_live, check_placed, stand_anew, tell, whole
from kuulo.desk.nearest import belongs, nearest_themes
from kuulo.desk.not_now import NotNow
from kuulo.desk.rules import Rules
from kuulo.desk.standing import Stand, among, family, stands
from kuulo.desk.vectors import as_vector
from kuulo.models import Correction, Message, Person, Placement, Theme

Kind = Correction.Kind


def move(
    message: Message, to: Theme, *, person: Person | None, away: Theme | None = None, reason: str = ""
) -> Correction:
    """Put a message into a theme or subtheme, away from the theme ``away`` (by default its main one)."""
    home, part = to.parent or to, to if to.parent else None
    with whole():
        away = away or _main_theme(message) or home
        check_move(message, to, away=away)
        was_unsure = message.status == Message.Status.UNCERTAIN
        facts = {"subtheme": part.pk} if part else {}
        correction = begin(Kind.MOVE, away, other=home, message=message, person=person, reason=reason, facts=facts)
        rows = _moving(message, away, home)
        stand_anew(correction, rows, _as_moved(rows, correction, home, part))
        counted = len({row.message for row in rows} | {message.pk})
        themes = [away] if away.pk == home.pk else [away, home]
        at = "" if was_unsure else away.code
        tell(correction, of=themes, at=at, to=to.code, messages=counted)
    return correction


def check_move(message: Message, to: Theme, *, away: Theme) -> None:
    """Raise NotNow: "not-placed", "theme-merged", or "same-theme" where the message stands there already."""
    check_placed(message)
    check_live(to)
    part = to if to.parent_id else None
    there = message.placements.filter(theme=to.parent_id or to.pk, counted=True)
    if away.pk == (to.parent_id or to.pk) and there.filter(subtheme=part).exists():
        raise NotNow("same-theme", theme=to.code)


def _main_theme(message: Message) -> Theme | None:
    main = message.placements.filter(main=True).select_related("theme").first()
    return main.theme if main else None


def _moving(message: Message, away: Theme, home: Theme) -> list[Stand]:
    """Give the rows that a move replaces: the family's in ``away``, and theirs in the new home."""
    rows = stands(Placement.objects.filter(message__in=family(message), theme__in=[away, home]))
    leaving = {row.message for row in rows if row.theme == away.pk} | {message.pk}
    return [row for row in rows if row.message in leaving]


def _as_moved(rows: Sequence[Stand], correction: Correction, home: Theme, part: Theme | None) -> list[Stand]:
    """Give one row a message in the new home, the main one where one of the replaced was."""
    moved = {}
    for row in sorted(rows, key=lambda row: row.main):
        moved[row.message] = row.moved(correction, home, part)
    alone = correction.message_id
    if alone and alone not in moved:
        moved[alone] = _first_home(alone, correction, home, part)
    return list(moved.values())


def _first_home(message: int, correction: Correction, home: Theme, part: Theme | None) -> Stand:
    """Give the row of a message that did not stand in the theme that it comes from."""
    main = not Placement.objects.filter(message=message, main=True).exists()
    nowhere = Stand(message, home.pk, None, main, True, 1.0, Placement.By.PERSON, {})
    return nowhere.moved(correction, home, part)


def pin(message: Message, theme: Theme, *, person: Person | None, reason: str = "") -> Correction:
    """Keep a message in a theme whatever regrouping says, and first among the theme's quotes."""
    with whole():
        check_there(message, theme)
        correction = begin(Kind.PIN, theme, message=message, person=person, reason=reason)
        rows = stands(message.placements.filter(theme=theme))
        stand_anew(correction, rows, [_held(row, correction) for row in rows])
        theme.refresh_from_db(fields=["central"])
        correction.before |= {"central": theme.central}
        correction.save(update_fields=["before"])
        theme.central = [message.pk, *(one for one in theme.central if one != message.pk)]
        theme.save(update_fields=["central"])
        tell(correction, of=[theme], at=theme.code)
    return correction


def _held(row: Stand, correction: Correction) -> Stand:
    why = {"correction": correction.pk}
    return replace(row, counted=True, by=Placement.By.PERSON, why=why)


def check_there(message: Message, theme: Theme) -> None:
    """Raise NotNow: "not-placed", "theme-merged", or "not-there" where the message does not stand in the theme."""
    check_placed(message)
    check_live(theme)
    if not message.placements.filter(theme=theme).exists():
        raise NotNow("not-there", theme=theme.code)


def not_about(message: Message, theme: Theme, *, person: Person | None, reason: str = "") -> Correction:
    """Take a message out of a theme, where no machine brings it back.

    Where it stands in no other theme it goes to the one that it is most like, or becomes uncertain.
    """
    never = Rules.in_force().forbidden(message.pk, message.copy_of_id) | {theme.pk}
    next_home, sure = _next_best(message, never)
    with whole():
        check_there(message, theme)
        correction = begin(Kind.NOT_ABOUT, theme, message=message, person=person, reason=reason)
        rows = stands(Placement.objects.filter(message__in=family(message), theme=theme))
        homeless, doubtful = _left_alone(rows)
        unsure = _let_be_unsure(doubtful if sure else doubtful | homeless)
        into = [_next_row(row, correction, next_home, sure=sure) for row in rows if row.message in homeless]
        stand_anew(correction, rows, [row for row in into if row])
        correction.before["statuses"] += unsure
        correction.before["homeless"] = sorted(homeless)
        correction.save(update_fields=["before"])
        tell(correction, of=[theme], at=theme.code, messages=len(rows))
    return correction


def _next_best(message: Message, never: frozenset[int]) -> tuple[tuple[int, float] | None, bool]:
    """Give the theme that a message is most like but for those where it never goes, and whether it belongs there."""
    vector = as_vector(message.vector)
    near = nearest_themes(vector, limit=1, without=never) if vector is not None else []
    return (near[0], belongs(near[0][1], near[0][0])) if near else (None, False)


def _left_alone(leaving: Sequence[Stand]) -> tuple[set[int], set[int]]:
    """Give the messages that stand in no other theme, and those that another one is only the nearest of."""
    messages = {row.message for row in leaving}
    others = Placement.objects.filter(message__in=among(messages)).exclude(theme__in={row.theme for row in leaving})
    counted = dict(others.order_by("counted").values_list("message", "counted"))
    return messages - set(counted), {message for message, sure in counted.items() if not sure}


def _let_be_unsure(messages: set[int]) -> list[list[Any]]:
    """Let messages be uncertain; give how those that changed stood."""
    counted = Message.objects.filter(pk__in=among(messages), status=Message.Status.GROUPED)
    before = [list(row) for row in counted.order_by("pk").values_list("pk", "status", "reason")]
    counted.update(status=Message.Status.UNCERTAIN, reason="far-from-others")
    return before


def _next_row(row: Stand, correction: Correction, home: tuple[int, float] | None, *, sure: bool) -> Stand | None:
    if home is None:
        return None
    fit = min(max(home[1], 0.0), 1.0)
    why = {"correction": correction.pk}
    return Stand(row.message, home[0], None, True, sure, fit, Placement.By.MACHINE, why)
