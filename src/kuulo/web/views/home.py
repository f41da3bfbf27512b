"""The door to the desk, and the page of one's own account."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from kuulo.models import Person
from kuulo.web.access import allowed


@allowed("read")
def home(_request: HttpRequest) -> HttpResponseBase:
    """Lead to the themes."""
    return redirect("themes")


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Show what a person has, and can change, of their own account."""
    assert isinstance(request.user, Person)
    held = request.user.memberships.select_related("unit").order_by("pk")
    return render(request, "account.html", {"held": held, "single_sign_on": settings.SINGLE_SIGN_ON_NAME})


def address_taken(request: HttpRequest) -> HttpResponse:
    """Say that the log-in service told no address, or one that belongs to an account here."""
    return render(request, "address_taken.html")
