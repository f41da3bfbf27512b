"""Reshape: name a theme, let it go into another, or let a part of it be a theme of its own."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from django.db.models import Exists, OuterRef, Q, QuerySet

from kuulo.desk.correcting import begin, check_live, checked_names, stand_anew, tell, whole
from kuulo.desk.not_now import NotNow
from kuulo.desk.standing import Stand, among, kept, put_in, stands, take_out
from kuulo.desk.themes import mark_stale, next_code
from kuulo.desk.vectors import middle_of
from kuulo.models import Correction, Message, Person, Placement, Theme

Kind = Correction.Kind
_SAMPLE = 1_000


def rename(theme: Theme, names: Mapping[str, str], *, person: Person | None, reason: str = "") -> Correction:
    """Give a theme names by language, which no machine changes. Raises NotNow ("no-name", "long-name" ...)."""
    given = checked_names(dict(names))
    with whole():
        check_live(theme)
        theme.refresh_from_db(fields=["names", "named_by_person"])
        correction = begin(Kind.RENAME, theme, person=person, reason=reason, facts={"names": given})
        correction.before = {"names": theme.names, "named_by_person": theme.named_by_person}
        correction.save(update_fields=["before"])
        theme.names = theme.names | given
        theme.named_by_person = sorted({*theme.named_by_person, *given})
        theme.save(update_fields=["names", "named_by_person"])
        tell(correction, of=[theme], at=theme.code, names=given)
    return correction


def merge(theme: Theme, into: Theme, *, person: Person | None, reason: str = "") -> Correction:
    """Let a theme go into another, or a subtheme into another one of its theme; the address leads on from then.

    Subthemes come along with their codes. A message of both keeps one placement.
    """
    with whole():
        check_merge(theme, into)
        correction = begin(Kind.MERGE, theme, other=into, person=person, reason=reason)
        both = _join_doubles(theme, into)
        moved = _repoint(theme, into)
        parts = list(theme.subthemes.order_by("pk").values_list("pk", flat=True))
        theme.subthemes.update(parent=into)
        Theme.objects.filter(pk=theme.pk).update(state=Theme.State.MERGED, merged_into=into)
        theme.state, theme.merged_into = Theme.State.MERGED, into
        correction.before = {"messages": moved, "rows": kept(both), "subthemes": parts}
        correction.save(update_fields=["before"])
        mark_stale({theme.pk, into.pk})
        count = len(moved) + len({row.message for row in both})
        tell(correction, of=[theme, into], at=theme.code, to=into.code, messages=count)
    return correction


def check_merge(theme: Theme, into: Theme) -> None:
    """Raise NotNow: "theme-merged", "same-theme" or, for a theme and a subtheme, "other-level"."""
    for one in (theme, into):
        check_live(one)
    if theme.pk == into.pk:
        raise NotNow("same-theme", theme=theme.code)
    if theme.parent_id != into.parent_id:
        raise NotNow("other-level", theme=theme.code, other=into.code)


def _join_doubles(theme: Theme, into: Theme) -> list[Stand]:
    """Let messages of both themes stand once; give both rows of each. Subthemes have no doubles."""
    if theme.parent_id:
        return []
    in_both = Exists(Placement.objects.filter(message=OuterRef("message"), theme=theme)) & Exists(
        Placement.objects.filter(message=OuterRef("message"), theme=into)
    )
    rows = stands(Placement.objects.filter(in_both, theme__in=[theme, into]))
    take_out(rows)
    put_in([_joined(pair, into) for pair in _by_message(rows).values()])
    return rows


def _joined(pair: Sequence[Stand], into: Theme) -> Stand:
    """Give one row for two: as the stronger stood, a person's before the machine's."""
    strong = max(pair, key=lambda row: (row.by == Placement.By.PERSON, row.counted, row.main, row.fit))
    main, counted = any(row.main for row in pair), any(row.counted for row in pair)
    return replace(strong, theme=into.pk, main=main, counted=counted)


def _by_message(rows: Sequence[Stand]) -> dict[int, list[Stand]]:
    found: defaultdict[int, list[Stand]] = defaultdict(list)
    for row in rows:
        found[row.message].append(row)
    return found


def _repoint(theme: Theme, into: Theme) -> list[int]:
    """Let what stands in one theme stand in the other; give the messages."""
    there = Placement.objects.filter(subtheme=theme) if theme.parent_id else Placement.objects.filter(theme=theme)
    both = Placement.objects.filter(theme=into, message=OuterRef("message"))
    fresh = there if theme.parent_id else there.filter(~Exists(both))
    messages = list(fresh.order_by("message").values_list("message", flat=True))
    there.update(**{"subtheme" if theme.parent_id else "theme": into})
    return messages


def split(
    theme: Theme,
    *,
    names: Mapping[str, str],
    person: Person | None,
    subthemes: Collection[Theme] = (),
    messages: Collection[int] = (),
    reason: str = "",
) -> Correction:
    """Let subthemes and messages of a theme be a theme of their own, with a code that no theme ever had.

    The new theme is ``correction.other``. Near-copies come along; subthemes keep their codes.
    """
    given = checked_names(dict(names))
    middle = middle_of(_leaving(theme, subthemes, messages).values_list("message__vector", flat=True)[:_SAMPLE])
    with whole():
        check_split(theme, subthemes, messages)
        rows = stands(_leaving(theme, subthemes, messages))
        fresh = _founded(theme, given, middle)
        correction = begin(Kind.SPLIT, theme, other=fresh, person=person, reason=reason, facts={"names": given})
        correction.before = {"subthemes": sorted(part.pk for part in subthemes)}
        Theme.objects.filter(pk__in=correction.before["subthemes"]).update(parent=fresh)
        parts = set(correction.before["subthemes"])
        stand_anew(correction, rows, [_split_off(row, correction, fresh, parts) for row in rows])
        tell(correction, of=[theme, fresh], at=theme.code, to=fresh.code, names=given, messages=len(rows))
    return correction


def gather(
    messages: Collection[int], *, names: Mapping[str, str], person: Person | None, reason: str = ""
) -> Correction:
    """Let messages of several themes be a theme of their own: each leaves its main one, with its near-copies.

    ``correction.theme`` is the theme that most of them leave.
    """
    given = checked_names(dict(names))
    middle = middle_of(_mains(messages).values_list("message__vector", flat=True)[:_SAMPLE])
    with whole():
        rows = stands(_mains(messages))
        if not rows:
            raise NotNow("nothing-chosen")
        left = Theme.objects.get(pk=Counter(row.theme for row in rows).most_common(1)[0][0])
        fresh = _founded(left, given, middle)
        correction = begin(Kind.SPLIT, left, other=fresh, person=person, reason=reason, facts={"names": given})
        stand_anew(correction, rows, [row.moved(correction, fresh) for row in rows])
        tell(correction, of=[left, fresh], at=left.code, to=fresh.code, names=given, messages=len(rows))
    return correction


def _mains(messages: Collection[int]) -> QuerySet[Placement]:
    heads = Message.objects.filter(pk__in=among(messages)).values_list("copy_of", "pk")
    families = among({copy_of or pk for copy_of, pk in heads})
    ours = Q(message__in=families) | Q(message__copy_of__in=families)
    return Placement.objects.filter(ours, main=True).order_by("-arrived", "-message")


def check_split(theme: Theme, subthemes: Collection[Theme], messages: Collection[int]) -> None:
    """Raise NotNow: "theme-merged", "other-level", "not-there", "nothing-chosen", "everything" where none stays."""
    check_live(theme)
    if theme.parent_id:
        raise NotNow("other-level", theme=theme.code, other="")
    if any(part.parent_id != theme.pk or part.state != Theme.State.LIVE for part in subthemes):
        raise NotNow("not-there")
    leaving = _leaving(theme, subthemes, messages)
    if not leaving.exists():
        raise NotNow("nothing-chosen")
    if not theme.placements.exclude(pk__in=leaving.values("pk")).exists():
        raise NotNow("everything", theme=theme.code)


def _founded(beside: Theme, names: dict[str, str], middle: bytes | None) -> Theme:
    """Make a theme with a code that no theme ever had, near another one on the map."""
    return Theme.objects.create(
        code=next_code(),
        names=names,
        named_by_person=sorted(names),
        centroid=middle,
        at_x=beside.at_x,
        at_y=beside.at_y,
    )


def _leaving(theme: Theme, subthemes: Collection[Theme], messages: Collection[int]) -> QuerySet[Placement]:
    """Give what would leave the theme: all of the subthemes, and the messages with their near-copies."""
    heads = Message.objects.filter(pk__in=among(messages)).values_list("copy_of", "pk")
    families = among({copy_of or pk for copy_of, pk in heads})
    chosen = Q(subtheme__in=subthemes) | Q(message__in=families) | Q(message__copy_of__in=families)
    return Placement.objects.filter(chosen, theme=theme).order_by("-arrived", "-message")


def _split_off(row: Stand, correction: Correction, fresh: Theme, parts: Collection[int]) -> Stand:
    """Give a row as it stands in the new theme; an uncertain one stays uncertain."""
    moved = row.moved(correction, fresh)
    by = Placement.By.PERSON if row.counted else Placement.By.MACHINE
    return replace(moved, subtheme=row.subtheme if row.subtheme in parts else None, counted=row.counted, by=by)
