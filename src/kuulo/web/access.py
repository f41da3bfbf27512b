"""The door of every page: who may come in, said beside the view."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from kuulo.desk.permissions import ACTS, may

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]


def allowed(act: str) -> Callable[[View[Rest]], View[Rest]]:
    """Let in those who may do ``act`` (see kuulo.desk.permissions): others are asked to log in, or told who may."""

    def door(view: View[Rest]) -> View[Rest]:
        @wraps(view)
        def asked(request: HttpRequest, /, *args: Rest.args, **options: Rest.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not may(request.user, act):
                return not_allowed(request, act)
            return view(request, *args, **options)

        asked.act = act  # type: ignore[attr-defined]
        return asked

    return door


def act_of(view: Callable[..., Any]) -> str:
    """Give the act that a view asks for, or "" where it stands open."""
    return getattr(view, "act", "")


def not_allowed(request: HttpRequest, act: str) -> HttpResponse:
    """Say in plain words that the role does not hold this, and who may."""
    roles = sorted(ACTS[act])
    return render(request, "not_allowed.html", {"act": act, "roles": roles}, status=403)
