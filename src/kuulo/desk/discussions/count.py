"""Count: draw up what was heard in discussions, and judge them."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from kuulo.desk.discussions.said import course_of, figures_of
from kuulo.group.quiet import WITHIN, Course, Judgement, Wanted, judge, usual
from kuulo.models import Discussion, Source

# So many earlier discussions are compared with, the latest.
_COMPARED = 100
# What came late to a source still counts for a discussion that closed so lately.
_STILL = timedelta(days=7)


def draw_up() -> int:
    """Count and judge the discussions that go on or closed lately; give how many changed."""
    lately = timezone.localdate() - _STILL
    open_ones = Discussion.objects.filter(Q(closes=None) | Q(closes__gte=lately), ended=None)
    found = open_ones | Discussion.objects.filter(counted_at=None)
    return sum(count(one) for one in found.select_related("theme").order_by("pk"))


def count(discussion: Discussion) -> bool:
    """Count and judge one discussion; tell whether that changed it."""
    before = (discussion.figures, discussion.state)
    discussion.figures = figures_of(discussion).as_json()
    discussion.state = judged(discussion).code
    is_new = before != (discussion.figures, discussion.state)
    if is_new or discussion.counted_at is None:
        discussion.counted_at = timezone.now()
        discussion.save(update_fields=["figures", "state", "counted_at"])
    return is_new


def judged(discussion: Discussion) -> Judgement:
    """Judge a discussion by its figures and by earlier ones of its kind."""
    wanted = Wanted(discussion.wanted, discussion.within)
    return judge(course_of(discussion), wanted, past=past(discussion.source, apart_from=discussion))


def past(source: Source | None, *, apart_from: Discussion | None = None) -> Sequence[Course]:
    """Give how earlier discussions of the kind went: threads of the same source, opened on a day that is known."""
    if source is None:
        return []
    found = Discussion.objects.filter(source=source, opened_known=True, counted_at__isnull=False).exclude(thread="")
    if apart_from:
        found = found.filter(opened__lt=apart_from.opened) if apart_from.thread else found.none()
    rows = found.defer("question").order_by("-opened", "-pk")[:_COMPARED]
    return [course_of(one) for one in rows]


def proposed(source: Source | None, *, within: int | None = None) -> Wanted:
    """Propose what to want of a new discussion in a source."""
    return usual(past(source), within=within or WITHIN)
