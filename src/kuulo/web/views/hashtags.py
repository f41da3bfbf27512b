"""Hashtags: what residents collected under them, and which of them mean the same."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kuulo.desk import hashtags as desk
from kuulo.desk.hashtags import TagsRefused
from kuulo.desk.permissions import may
from kuulo.models import Person, Tag
from kuulo.report.encoding import visible
from kuulo.web.access import allowed
from kuulo.web.data import Cell, as_data, wanted_format
from kuulo.web.notice import refuse, tell
from kuulo.web.speech import spoken


@require_safe
@allowed("read")
def tags(request: HttpRequest) -> HttpResponseBase:
    """List the hashtags that are used most, or those that begin with some letters."""
    beginning = request.GET.get("beginning", "")
    shown = desk.collections(beginning=beginning)
    if wanted_format(request):
        return as_data(request, name="kuulo-tags", columns=("tag", "aliases", "messages"), rows=_rows(shown))
    may_merge = may(request.user, "merge-tags")
    alike = desk.alike(shown) if may_merge else []
    facts = {"tags": shown, "beginning": beginning, "alike": alike, "may_merge": may_merge, "most": desk.SHOWN}
    return render(request, "tags.html", facts)


@require_POST
@allowed("merge-tags")
def merge(request: HttpRequest) -> HttpResponse:
    """Make two hashtags one."""
    assert isinstance(request.user, Person)
    first, second = request.POST.get("first", ""), request.POST.get("second", "")
    try:
        head = desk.merge_tags(first, second, person=request.user)
    except TagsRefused as refusal:
        refuse(request, f"tags.refused.{refusal.code}")
        return redirect("tags")
    other = Tag.objects.filter(name=desk.clean_tag(second)).first()
    undo = reverse("tag_part", args=[other.pk]) if other and other.alias_of_id else ""
    told = spoken().say("tags.merged", first=f"#{visible(head.name)}", second=f"#{visible(desk.clean_tag(second))}")
    tell(request, told, undo=undo)
    return redirect("tags")


@require_POST
@allowed("merge-tags")
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a hashtag stand for itself again."""
    assert isinstance(request.user, Person)
    tag = get_object_or_404(Tag, pk=pk)
    desk.part_tag(tag, person=request.user)
    tell(request, spoken().say("tags.parted", tag=f"#{visible(tag.name)}"))
    return redirect("tags")


def _rows(shown: list[desk.Collection]) -> Iterator[list[Cell]]:
    for one in shown:
        yield [one.tag.name, " ".join(f"#{alias.name}" for alias in one.aliases), one.uses]
