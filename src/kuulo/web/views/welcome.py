"""Welcome: where somebody comes in by a one-time link."""

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from kuulo.desk import people
from kuulo.desk.not_now import NotNow
from kuulo.web.forms import WelcomeForm


@never_cache
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for a name and a password, and open the door; a link that opens nothing is told kindly."""
    try:
        link = people.look_at(token)
        form = WelcomeForm(request.POST or None, address=link.email)
        if request.method == "POST" and form.is_valid():
            return _let_in(request, token, form)
    except NotNow as reason:
        return render(request, "welcome_void.html", {"reason": f"people.not_now.{reason.code}"}, status=410)
    return render(request, "welcome.html", {"form": form, "link": link})


def _let_in(request: HttpRequest, token: str, form: WelcomeForm) -> HttpResponse:
    told = form.cleaned_data
    person = people.accept(token, email=told["email"], name=told["name"], password=told["password"])
    if person.is_active:
        login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("home")
