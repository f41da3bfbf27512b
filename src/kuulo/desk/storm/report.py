"""Report: a storm as it is looked back on: its moments, its curve, what was said and answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from kuulo.desk.storm.answered import Answer, answered_at, answers
from kuulo.desk.storm.growth import Growth, growth
from kuulo.desk.storm.said import Heard, Said, heard, in_storm
from kuulo.desk.storm.voices import Voices, voices
from kuulo.models import Placement, Storm, Theme
from kuulo.models.storm import Scope

AFTER = timedelta(hours=24)
# Rates before and after an answer are compared over so long, or as long as there is.
_BESIDE = timedelta(hours=6)
_LEAST_BESIDE = timedelta(minutes=30)
_THEMES = 8


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened in a storm; ``minutes`` since its first message, ``messages`` said until then."""

    what: str
    at: datetime
    minutes: int
    messages: int


@dataclass(frozen=True, slots=True)
class Turn:
    """Messages an hour, and questions an hour, in equally long times before and after the first answer."""

    hours: float
    before: float
    after: float
    asked_before: float
    asked_after: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What is told of a storm afterwards. ``peak`` is the busiest step of the curve."""

    heard: Heard
    growth: Growth
    moments: Sequence[Moment]
    themes: Sequence[tuple[Theme, int]]
    voices: Voices
    answers: Sequence[Answer]
    turn: Turn | None

    @property
    def peak(self) -> int:
        """Give the messages of the busiest step."""
        return max((step.n for step in self.growth.steps), default=0)


def report_of(storm: Storm) -> Report:
    """Draw up the report of a storm, also of one that still goes on."""
    told = heard(storm)
    answered = answered_at(storm)
    return Report(
        heard=told,
        growth=growth(storm, after=AFTER if storm.closed else timedelta(0)),
        moments=_moments(storm, told.residents, answered),
        themes=_themes(storm),
        voices=voices(told.residents),
        answers=answers(storm),
        turn=_turn(storm, told.residents, answered) if answered else None,
    )


def _moments(storm: Storm, said: Sequence[Said], answered: datetime | None) -> list[Moment]:
    """Tell what happened when, in order; ``said`` are the latest first."""
    first = said[-1].at if said else storm.began
    sent = storm.alerts.filter(sent_at__isnull=False).order_by("sent_at").values_list("sent_at", flat=True)
    known = {
        "first": first,
        "alarm": storm.opened,
        "seen": storm.seen,
        "told": sent.first(),
        "taken": storm.taken_at,
        "mentor": storm.mentor_called_at,
        "answered": answered,
        "peak": _busiest(said),
        "closed": storm.closed,
    }
    told = [(what, at) for what, at in known.items() if at]
    return [
        Moment(what, at, round((at - first).total_seconds() / 60), sum(one.at <= at for one in said))
        for what, at in sorted(told, key=lambda one: one[1])
    ]


def _busiest(said: Sequence[Said]) -> datetime | None:
    """Give the middle of the busiest hour."""
    times = [one.at for one in reversed(said)]
    hour, most, best, begin = timedelta(hours=1), 0, None, 0
    for end, at in enumerate(times):
        while at - times[begin] > hour:
            begin += 1
        if end - begin + 1 > most:
            most, best = end - begin + 1, times[(begin + end) // 2]
    return best


def _themes(storm: Storm) -> list[tuple[Theme, int]]:
    """Give what was talked about within the stream: subthemes of a theme, themes elsewhere."""
    side = "subtheme" if storm.scope in {Scope.THEME, Scope.THEME_PLACE} else "theme"
    if storm.scope == Scope.SUBTHEME:
        return []
    said = in_storm(storm).values("pk")
    held = Placement.objects.filter(message__in=said, counted=True, **{f"{side}__isnull": False})
    if side == "subtheme":
        held = held.filter(theme=storm.theme_id)
    rows = [*held.values(side).annotate(n=Count("pk")).order_by("-n", side).values_list(side, "n")[:_THEMES]]
    known = Theme.objects.defer("centroid", "figures").in_bulk([pk for pk, _ in rows])
    return [(known[pk], n) for pk, n in rows]


def _turn(storm: Storm, said: Sequence[Said], answered: datetime) -> Turn | None:
    """Compare what came before and after the answer; None where either time is too short to tell."""
    end = storm.closed or (said[0].at if said else answered)
    length = min(_BESIDE, answered - storm.began, end - answered)
    if length < _LEAST_BESIDE:
        return None
    before = [one for one in said if answered - length <= one.at < answered]
    after = [one for one in said if answered <= one.at < answered + length]
    hours = length.total_seconds() / 3600
    asked = [sum(one.kind == "asks" for one in side) / hours for side in (before, after)]
    return Turn(hours, len(before) / hours, len(after) / hours, asked[0], asked[1])
