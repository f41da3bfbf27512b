"""Saved views: one's own and those that others share."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from kuulo.desk import saved_views as desk
from kuulo.desk.permissions import may
from kuulo.desk.saved_views import ViewRefused
from kuulo.models import Person, SavedView
from kuulo.web.access import allowed, not_allowed
from kuulo.web.notice import refuse, tell
from kuulo.web.speech import spoken


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("read")
def views(request: HttpRequest) -> HttpResponse:
    """List the views; a POST keeps a new one and opens its page again."""
    assert isinstance(request.user, Person)
    if request.method == "POST":
        return _saved(request, request.user)
    shown = {"views": desk.seen_by(request.user), "may_share": may(request.user, "share-view")}
    return render(request, "views.html", shown)


def _saved(request: HttpRequest, person: Person) -> HttpResponse:
    page, query, shared = request.POST.get("page", ""), request.POST.get("query", ""), "shared" in request.POST
    if shared and not may(person, "share-view"):
        return not_allowed(request, "share-view")
    back = f"{reverse(page)}?{query}" if page in desk.PAGES else reverse("views")
    try:
        view = desk.save_view(person, page=page, name=request.POST.get("name", ""), query=query, shared=shared)
    except ViewRefused as refusal:
        refuse(request, f"views.refused.{refusal.code}")
        return HttpResponseRedirect(back)
    tell(request, spoken().say("views.saved", name=view.name))
    return HttpResponseRedirect(back)


@require_POST
@allowed("read")
def view(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename, share or remove a view; only its owner can."""
    assert isinstance(request.user, Person)
    found = get_object_or_404(SavedView.objects.select_related("person"), pk=pk, person=request.user)
    act = request.POST.get("act", "")
    if act == "share" and not may(request.user, "share-view"):
        return not_allowed(request, "share-view")
    try:
        _do(act, found, request.user, request.POST.get("name", ""))
    except ViewRefused as refusal:
        refuse(request, f"views.refused.{refusal.code}")
    return redirect("views")


def _do(act: str, found: SavedView, person: Person, name: str) -> None:
    match act:
        case "rename":
            desk.rename_view(found, person, name=name)
        case "share" | "unshare":
            desk.share_view(found, person, shared=act == "share")
        case "remove":
            desk.remove_view(found, person)
