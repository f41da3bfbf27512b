"""Regroup: look at everything anew in the background, put right what is small, and propose the rest to people.

All is read and thought over first. It is written in one transaction: a look that was stopped leaves nothing behind.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from kuulo.desk.begin import begun
from kuulo.desk.history import record
from kuulo.desk.rules import Rules
from kuulo.desk.vectors import as_rows, stored
from kuulo.group.clean import clean
from kuulo.group.cluster import Array, centres_of
from kuulo.group.describe import word_tables
from kuulo.group.embed import Encoder
from kuulo.group.languages import shipped_services
from kuulo.group.name import Group, Naming, name_groups
from kuulo.group.regroup import Moved, Proposed, Regrouped, Stood
from kuulo.group.regroup import regroup as look_anew
from kuulo.group.subtheme import DISTANCE_OF_FEW
from kuulo.models import Message, Placement, Proposal, Regroup, Theme

# A look is due after so many new messages, or so large a share of all, and not sooner than after so long.
_NEW, _NEW_SHARE = 200, 0.1
_AT_LEAST_APART = timedelta(hours=1)
# A proposal is the same as an earlier one when so large a share of the messages of both is in both.
_SAME = 0.5
# New names are told from those of so many other texts.
_BESIDE = 4_000
_ROWS_AT_A_TIME = 2_000
_KINDS = {"split": Proposal.Kind.SPLIT, "merge": Proposal.Kind.MERGE, "new": Proposal.Kind.NEW}


def is_due() -> bool:
    """Tell whether enough has come in since the last look, and none is waiting or under way."""
    under_way = Q(state__in=[Regroup.State.QUEUED, Regroup.State.RUNNING])
    if begun() or Regroup.objects.filter(under_way).exists():
        return False
    last = Regroup.objects.filter(state=Regroup.State.DONE).order_by("-pk").first()
    if not last or not last.finished_at or timezone.now() - last.finished_at < _AT_LEAST_APART:
        return False
    enough = max(1, min(_NEW, round(_NEW_SHARE * last.figures.get("messages", 0))))
    new = Message.objects.filter(pk__gt=last.figures.get("last", 0), vector__isnull=False)
    return bool(new.order_by()[:enough].count() == enough)


def regroup(row: Regroup, *, stop: Callable[[], bool]) -> None:
    """Look at everything anew for a claimed, RUNNING row. Where ``stop`` says so nothing is written."""
    view = _read()
    found = look_anew(view.stood)
    if stop():
        return
    names = _Names(view)
    namings = names.of([*found.founded, *(one.rows for one in found.proposed if one.change != "merge")])
    if stop():
        return
    with transaction.atomic():
        if Regroup.objects.select_for_update().filter(pk=row.pk, state=Regroup.State.RUNNING).exists():
            _Writer(row, view, found, namings).write()


@dataclass(frozen=True, slots=True)
class _View:
    """What stood when it was read: ``ids`` of the messages and the ``languages`` of their texts, by row."""

    stood: Stood
    ids: Sequence[int]
    languages: Sequence[str]
    last: int


def _read() -> _View:
    rules = Rules.in_force()
    last = Message.objects.aggregate(last=Max("pk"))["last"] or 0
    columns = ("message", "theme", "subtheme", "counted", "by", "why", "message__language", "message__text")
    mains = Placement.objects.filter(main=True, message__copy_of=None, message__vector__isnull=False)
    rows = mains.order_by("message").values_list(*columns, "message__vector").iterator(_ROWS_AT_A_TIME)
    held, vectors = [], []
    for *fields, text, vector in rows:
        held.append((*fields, clean(text).text))
        vectors.append(vector)
    ids, themes, subthemes, counted, by, why, languages, texts = zip(*held, strict=True) if held else ((),) * 8
    return _View(
        Stood(
            vectors=as_rows(vectors),
            texts=texts,
            theme=np.array([rules.merged(one) for one in themes], np.int64),
            subtheme=np.array([one or 0 for one in subthemes], np.int64),
            counted=np.array(counted, np.bool_),
            fixed=np.array(list(map(_is_fixed, by, why)), np.bool_),
            distance=_distance(),
        ),
        ids,
        languages,
        last,
    )


def _is_fixed(by: str, why: dict[str, object]) -> bool:
    """Tell whether a person, or a rule of a person's, put a message where it stands."""
    return by == Placement.By.PERSON or "rule" in why or "correction" in why


def _distance() -> float:
    first = Regroup.objects.filter(figures__has_key="distance").order_by("-pk").first()
    return float(first.figures["distance"]) if first else DISTANCE_OF_FEW


class _Names:
    """Name groups of rows, beside a draw of the other texts; the encoder is opened where something is to be named."""

    def __init__(self, view: _View) -> None:
        self._view = view

    def of(self, groups: Sequence[Sequence[int]]) -> list[Naming]:
        """Give the naming of each group."""
        if not groups:
            return []
        stood = self._view.stood
        rows = self._beside({row for group in groups for row in group})
        at = {row: place for place, row in enumerate(rows)}
        vectors = stood.vectors[rows]
        inside = [[at[row] for row in group] for group in groups]
        return name_groups(
            [Group(part, middle(vectors[part])) for part in inside],
            texts=[stood.texts[row] for row in rows],
            languages=[self._view.languages[row] for row in rows],
            vectors=vectors,
            embed=Encoder.open(threads=1).vectors,
            service_vectors=shipped_services(),
            tables=word_tables(),
        )

    def _beside(self, wanted: Collection[int]) -> list[int]:
        n = len(self._view.ids)
        drawn = np.random.default_rng(0).choice(n, min(n, _BESIDE), replace=False)
        return sorted({*wanted, *drawn.tolist()})


def middle(vectors: Array) -> Array:
    """Give the unit mean (d,) of vectors (n, d)."""
    return np.asarray(centres_of(vectors, np.zeros(len(vectors), np.int64))[0], np.float32)


class _Writer:
    """Writes what a look found, as far as it still holds: what people changed meanwhile stays as they made it."""

    def __init__(self, row: Regroup, view: _View, found: Regrouped, namings: Sequence[Naming]) -> None:
        self._row = row
        self._view = view
        self._found = found
        self._namings = namings
        self._rules = Rules.in_force()
        self._live = dict(Theme.objects.filter(state=Theme.State.LIVE, parent=None).values_list("pk", "code"))
        self._parts = dict(Theme.objects.filter(parent__isnull=False).values_list("pk", "parent"))
        self._touched: set[int] = set()

    def write(self) -> None:
        """Write all of it, with the row's figures and one event."""
        moved = sum(self._move(one) for one in self._found.moved)
        settled = sum(self._settle(one) for one in self._found.settled)
        joined = sum(self._join(one) for one in self._found.joined)
        founded = self._founded(self._namings[: len(self._found.founded)])
        proposed = self._propose(self._namings[len(self._found.founded) :])
        Theme.objects.filter(pk__in=self._touched).update(stale=True)
        self._centroids()
        of = int(self._view.stood.counted.sum())
        counts = {"moved": moved, "of": of, "settled": settled, "joined": joined, "founded": founded, **proposed}
        self._close(counts)

    def _close(self, counts: dict[str, int]) -> None:
        churn = round(counts["moved"] / max(1, counts["of"]), 4)
        self._row.figures = {
            **counts,
            "churn": churn,
            "kept": counts["of"] - counts["moved"],
            "last": self._view.last,
            "messages": len(self._view.ids),
            "distance": self._view.stood.distance,
        }
        self._row.state, self._row.finished_at = Regroup.State.DONE, timezone.now()
        self._row.save(update_fields=["state", "finished_at", "figures"])
        record("regrouped", regroup=self._row.pk, **counts)  # type: ignore[arg-type]

    def _move(self, one: Moved) -> bool:
        """Move a message and its copies to another theme; False where it no longer stands as it was read."""
        return self._stand(one, counted=True, event="moved-by-regroup")

    def _settle(self, one: Moved) -> bool:
        """Count an uncertain message, and its copies, where it has company by now."""
        if not self._stand(one, counted=False, event="settled-by-regroup"):
            return False
        message = self._view.ids[one.row]
        family = Message.objects.filter(Q(pk=message) | Q(copy_of=message), status=Message.Status.UNCERTAIN)
        family.update(status=Message.Status.GROUPED, reason="")
        return True

    def _stand(self, one: Moved, *, counted: bool, event: str) -> bool:
        message, before = self._view.ids[one.row], int(self._view.stood.theme[one.row])
        if one.theme not in self._live or one.theme in self._rules.forbidden(message, None):
            return False
        mains = self._family(message).filter(theme=before, counted=counted)
        held = list(mains.values_list("pk", "message"))
        if message not in {pk for _, pk in held}:
            return False
        Placement.objects.filter(message__in=[pk for _, pk in held], theme=one.theme, main=False).delete()
        subtheme = one.subtheme if self._parts.get(one.subtheme) == one.theme else None
        Placement.objects.filter(pk__in=[pk for pk, _ in held]).update(
            theme=one.theme, subtheme=subtheme, fit=one.fit, counted=True, why={"regroup": self._row.pk}
        )
        self._touched |= {before, int(self._view.stood.subtheme[one.row]), one.theme, one.subtheme}
        at, to = self._live.get(before, ""), self._live[one.theme]
        record(event, theme=one.theme, message=message, at=at, to=to)
        return True

    def _family(self, message: int) -> QuerySet[Placement]:
        ours = Q(message=message) | Q(message__copy_of=message)
        return Placement.objects.filter(ours, main=True, by=Placement.By.MACHINE)

    def _join(self, one: Moved) -> bool:
        """Let a message without a subtheme join one of its theme."""
        if self._parts.get(one.subtheme) != one.theme:
            return False
        waiting = self._family(self._view.ids[one.row]).filter(theme=one.theme, subtheme=None)
        self._touched |= {one.theme, one.subtheme}
        return bool(
            Placement.objects.filter(pk__in=list(waiting.values_list("pk", flat=True))).update(subtheme=one.subtheme)
        )

    def _founded(self, namings: Sequence[Naming]) -> int:
        """Found subthemes for messages that had none; give how many."""
        numbers = self._last_numbers()
        count = 0
        for rows, naming in zip(self._found.founded, namings, strict=True):
            theme = int(self._view.stood.theme[rows[0]])
            if theme not in self._live:
                continue
            numbers[theme] += 1
            part = Theme.objects.create(
                code=f"{self._live[theme]}.{numbers[theme]}",
                parent_id=theme,
                names=naming.names,
                keyphrases={language: list(phrases) for language, phrases in naming.keyphrases.items()},
                service=naming.service,
                central=[self._view.ids[row] for row in rows[:3]],
                centroid=stored(middle(self._view.stood.vectors[list(rows)])),
            )
            messages = [self._view.ids[row] for row in rows]
            ours = Q(message__in=messages) | Q(message__copy_of__in=messages)
            waiting = Placement.objects.filter(ours, main=True, by=Placement.By.MACHINE, theme=theme, subtheme=None)
            waiting.update(subtheme=part)
            record("subtheme-founded", theme=part, messages=len(rows))
            self._touched |= {theme, part.pk}
            count += 1
        return count

    def _last_numbers(self) -> Counter[int]:
        """Give the highest number that a subtheme's code of each theme ever had, wherever that subtheme is now."""
        of_code = {code: pk for pk, code in self._live.items()}
        numbers: Counter[int] = Counter()
        for code in Theme.objects.filter(code__contains=".").values_list("code", flat=True):
            theme, _, number = code.partition(".")
            if theme in of_code:
                numbers[of_code[theme]] = max(numbers[of_code[theme]], int(number))
        return numbers

    def _propose(self, namings: Sequence[Naming]) -> dict[str, int]:
        """Leave proposals to people; what they declined is not asked again, what they have not decided stays."""
        ahead = iter(namings)
        named = [(one, next(ahead).names if one.change != "merge" else {}) for one in self._found.proposed]
        open_ones = list(Proposal.objects.filter(state=Proposal.State.OPEN))
        known = [*open_ones, *Proposal.objects.filter(state=Proposal.State.DECLINED)]
        kept: set[int] = set()
        counts: Counter[str] = Counter()
        for one, names in named:
            if not {one.theme, one.other} - {0} <= self._live.keys():
                continue
            messages = self._messages(one)
            same = [earlier for earlier in known if self._is_same(earlier, one, messages)]
            kept |= {earlier.pk for earlier in same}
            if not same:
                self._open(one, names, messages)
                counts[one.change] += 1
        for earlier in open_ones:
            if earlier.pk not in kept:
                earlier.state = Proposal.State.STALE
                earlier.save(update_fields=["state"])
        return {kind: counts[kind] for kind in _KINDS}

    def _messages(self, one: Proposed) -> list[int]:
        """Give the ids of the messages that would change their theme, the most typical first."""
        return [self._view.ids[row] for row in dict.fromkeys((*one.central, *one.rows))]

    def _is_same(self, earlier: Proposal, one: Proposed, messages: Sequence[int]) -> bool:
        if earlier.kind != _KINDS[one.change]:
            return False
        if one.change == "merge":
            return {earlier.theme_id, earlier.other_id} == {one.theme, one.other}
        both = set(earlier.messages) & set(messages)
        return len(both) >= _SAME * len(set(earlier.messages) | set(messages))

    def _open(self, one: Proposed, names: dict[str, str], messages: list[int]) -> None:
        proposal = Proposal.objects.create(
            regroup=self._row,
            kind=_KINDS[one.change],
            theme_id=one.theme or None,
            other_id=one.other or None,
            names=names,
            messages=messages,
            reasons=_reasons(one),
        )
        theme = Theme.objects.get(pk=one.theme) if one.theme else None
        record("proposed", theme=theme, proposal=proposal, of=one.change, messages=len(messages))

    def _centroids(self) -> None:
        """Keep the middles of the themes where their messages are now."""
        stood = self._view.stood
        theme = stood.theme.copy()
        for one in (*self._found.moved, *self._found.settled):
            theme[one.row] = one.theme
        rows_of: defaultdict[int, list[int]] = defaultdict(list)
        for row in np.flatnonzero(stood.counted).tolist():
            rows_of[int(theme[row])].append(row)
        for home, rows in rows_of.items():
            centroid = stored(middle(stood.vectors[rows]))
            Theme.objects.filter(pk=home).update(centroid=centroid)


def _reasons(one: Proposed) -> list[dict[str, str | int | float]]:
    """Give codes and figures: how many stand together and how firmly, and where they come from."""
    together: dict[str, str | int | float] = {
        "code": "stand-together",
        "messages": one.size,
        "firmness": one.firmness,
    }
    comes = {"split": "out-of-one", "new": "out-of-several", "merge": "taken-in"}[one.change]
    return [together, {"code": comes, "share": one.overlap}]
