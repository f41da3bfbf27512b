"""The door of every page: who may come in, said beside the view."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from kuulo.desk.permissions import ACTS, NotAllowed, may, roles
from kuulo.models import Person, Role
from kuulo.web.roles import role_name

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]


def allowed(act: str) -> Callable[[View[Rest]], View[Rest]]:
    """Let in those who may do ``act`` (see kuulo.desk.permissions): others are asked to log in, or told who may."""

    def door(view: View[Rest]) -> View[Rest]:
        @wraps(view)
        def asked(request: HttpRequest, /, *args: Rest.args, **options: Rest.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                if _asks_again(request):
                    return HttpResponse(status=204)
                return redirect_to_login(request.get_full_path())
            if not may(request.user, act):
                return not_allowed(request, act)
            try:
                return view(request, *args, **options)
            except NotAllowed as refused:
                return not_allowed(request, refused.act)

        asked.act = act  # type: ignore[attr-defined]
        return asked

    return door


def _asks_again(request: HttpRequest) -> bool:
    """Tell whether an open page looks for news by itself: a log-in page in the middle of it would be no use."""
    return request.method == "GET" and "HX-Request" in request.headers


def act_of(view: Callable[..., Any]) -> str:
    """Give the act that a view asks for, or "" where it stands open."""
    return getattr(view, "act", "")


def not_allowed(request: HttpRequest, act: str) -> HttpResponse:
    """Say that the role does not hold this and who may, or that there is no role yet and whom to ask."""
    if isinstance(request.user, Person) and not roles(request.user):
        return render(request, "no_role.html", {"administrators": _administrators()}, status=403)
    told = ", ".join(role_name(role) for role in Role if role in ACTS[act])
    return render(request, "not_allowed.html", {"roles": told}, status=403)


def _administrators() -> QuerySet[Person]:
    found = Person.objects.filter(is_active=True, memberships__role=Role.ADMINISTRATOR, memberships__unit=None)
    return found.distinct().order_by("name", "email")[:5]
