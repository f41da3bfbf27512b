"""The door to the desk, and the page of one's own account."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from kuulo.web.access import allowed


@allowed("read")
def home(_request: HttpRequest) -> HttpResponseBase:
    """Lead to the themes."""
    return redirect("/themes/")


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Show what a person can change about their own account."""
    return render(request, "account.html")
