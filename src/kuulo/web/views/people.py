"""People: who works at the desk, with which roles, and how somebody is asked in."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kuulo.desk import people
from kuulo.desk.not_now import NotNow
from kuulo.models import Membership, Person, Role
from kuulo.web.access import allowed
from kuulo.web.data import as_data, wanted_format
from kuulo.web.forms import InviteForm, RoleForm
from kuulo.web.notice import refuse, tell
from kuulo.web.roles import told_role
from kuulo.web.speech import spoken

PAGE = 50


@allowed("manage-people")
def listing(request: HttpRequest) -> HttpResponseBase:
    """Show who works here, 50 a page by name; take an invitation and show its link, this once."""
    assert isinstance(request.user, Person)
    if wanted_format(request):
        return _data(request)
    form = InviteForm(request.POST or None, by=request.user)
    link = _invite(request, form) if request.method == "POST" and form.is_valid() else ""
    if link:
        form = InviteForm(by=request.user)
    page = _page_number(request)
    found = list(_found(request)[page * PAGE : (page + 1) * PAGE + 1])
    shown = {"page": page, "people": found[:PAGE], "more": len(found) > PAGE, "words": request.GET.get("words", "")}
    return render(request, "people.html", shown | {"form": form, "link": link})


@allowed("manage-people")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one person, with what can be changed about them."""
    assert isinstance(request.user, Person)
    shown = get_object_or_404(_everybody(), pk=pk)
    form = RoleForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        role, unit = Role(form.cleaned_data["role"]), form.cleaned_data["unit"]
        people.give_role(request.user, shown, role=role, unit=unit)
        return redirect("person", pk=pk)
    return render(request, "person.html", {"person": shown, "form": form})


@require_POST
@allowed("manage-people")
def take_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a role (a membership's number) away."""
    assert isinstance(request.user, Person)
    membership = get_object_or_404(Membership.objects.select_related("person", "unit"), pk=pk)
    try:
        people.take_role(request.user, membership)
    except NotNow as reason:
        refuse(request, f"people.not_now.{reason.code}")
    return redirect("person", pk=membership.person_id)


@require_POST
@allowed("manage-people")
def set_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account, or open it again."""
    assert isinstance(request.user, Person)
    whom = get_object_or_404(Person, pk=pk)
    try:
        (people.activate if "open" in request.POST else people.deactivate)(request.user, whom)
    except NotNow as reason:
        refuse(request, f"people.not_now.{reason.code}")
    else:
        tell(request, spoken().say("people.opened" if whom.is_active else "people.closed"))
    return redirect("person", pk=pk)


@require_POST
@allowed("manage-people")
def new_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a link, this once, at which the person chooses a new password."""
    assert isinstance(request.user, Person)
    whom = get_object_or_404(_everybody(), pk=pk)
    try:
        token = people.new_link(request.user, whom)
    except NotNow as reason:
        refuse(request, f"people.not_now.{reason.code}")
        return redirect("person", pk=pk)
    shown = {"person": whom, "form": RoleForm(by=request.user), "link": _address(request, token)}
    return render(request, "person.html", shown)


def _invite(request: HttpRequest, form: InviteForm) -> str:
    """Give the address of a new invitation, or "" where the person is here already, and say so."""
    assert isinstance(request.user, Person)
    asked = form.cleaned_data
    try:
        token = people.invite(request.user, email=asked["email"], role=Role(asked["role"]), unit=asked["unit"])
    except NotNow as reason:
        form.add_error("email", spoken().say(f"people.not_now.{reason.code}"))
        return ""
    return _address(request, token)


def _address(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(people.WELCOME.format(token=token))


def _everybody() -> QuerySet[Person]:
    return Person.objects.prefetch_related("memberships__unit").order_by("name", "email", "pk")


def _found(request: HttpRequest) -> QuerySet[Person]:
    found = _everybody()
    if words := request.GET.get("words", "").replace("\x00", "").strip():
        found = found.filter(Q(name__icontains=words) | Q(email__icontains=words))
    return found


def _page_number(request: HttpRequest) -> int:
    given = request.GET.get("page", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0


def _data(request: HttpRequest) -> HttpResponseBase:
    page = _page_number(request)
    columns = ("name", "email", "roles", "active")
    rows = (
        (
            one.name,
            one.email,
            ", ".join(told_role(held) for held in one.memberships.all()),
            str(one.is_active).lower(),
        )
        for one in _found(request)[page * PAGE : (page + 1) * PAGE]
    )
    return as_data(request, name="people", columns=columns, rows=rows)
