"""Overview: the discussions that are followed, the quiet ones first, and what makes their figures uncertain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from kuulo.models import Connection, Discussion

PAGE = 50
QUIET = ("quiet", "quieter")
# So long after it was taken to where people are, a discussion is not told of on the front page.
_GIVEN = timedelta(days=7)
_HEAVY = ("theme__centroid", "theme__figures", "theme__keyphrases", "theme__central", "place__area", "place__outline")
_ORDER = ("quiet", "quieter", "too-early", "enough", "to-come")


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of discussions, and whether there are more after it."""

    rows: Sequence[Discussion]
    is_more: bool


def going_on(*, page: int = 1) -> Listed:
    """Give a page of the discussions that one can join now or later: the quiet ones first, those that close first."""
    rank = Case(
        *(When(state=state, then=Value(at)) for at, state in enumerate(_ORDER) if state not in QUIET),
        When(state__in=QUIET, not_quiet=False, then=Value(0)),
        default=Value(len(_ORDER)),
        output_field=IntegerField(),
    )
    found = shown().filter(_open(), ended=None).annotate(rank=rank).order_by("rank", "closes", "pk")
    return _page(found, page)


def over(*, page: int = 1) -> Listed:
    """Give a page of the discussions that closed or are followed no longer, the latest first."""
    return _page(shown().exclude(_open() & Q(ended=None)).order_by("-opened", "-pk"), page)


def _open() -> Q:
    return Q(closes=None) | Q(closes__gte=timezone.localdate())


def _page(found: QuerySet[Discussion], number: int) -> Listed:
    rows = list(found[(number - 1) * PAGE : number * PAGE + 1])
    return Listed(rows[:PAGE], len(rows) > PAGE)


def shown() -> QuerySet[Discussion]:
    """Read discussions as pages show them."""
    return Discussion.objects.select_related("source__connection", "theme", "place").defer(*_HEAVY)


def quiet_now(*, most: int = 3) -> tuple[Sequence[Discussion], int]:
    """Give the first discussions to be told of on the front page, and how many there are."""
    lately = timezone.localdate() - _GIVEN
    told = Discussion.objects.filter(_open(), state__in=QUIET, ended=None, not_quiet=False)
    found = told.filter(Q(taken_at=None) | Q(taken_at__lte=lately)).order_by("closes", "pk").only("name")
    rows = list(found[:100])
    return rows[:most], len(rows)


def marks(discussion: Discussion) -> list[str]:
    """Give codes of what makes the figures of a discussion uncertain."""
    figures = discussion.figures
    told = {
        "unknown-writers": bool(figures.get("unknown")),
        "cut": bool(figures.get("is_cut")),
        "opened-unknown": not discussion.opened_known,
        **_hearing(discussion),
    }
    return [code for code, holds in told.items() if holds]


def _hearing(discussion: Discussion) -> dict[str, bool]:
    """Tell whether Kuulo hears at all what is said there: its own deafness is no quiet."""
    if discussion.source is None or not _is_open(discussion):
        return {}
    connection = getattr(discussion.source, "connection", None)
    if connection is None:
        return {"by-hand": True}
    is_off = connection.state == Connection.State.OFF
    return {"off": is_off, "trouble": bool(connection.trouble) and not is_off}


def _is_open(discussion: Discussion) -> bool:
    return discussion.closes is None or discussion.closes >= timezone.localdate()
