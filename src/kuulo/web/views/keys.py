"""Keys: by which other programs bring messages to a source."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kuulo.desk import push
from kuulo.models import ApiKey, Person
from kuulo.web.access import allowed
from kuulo.web.data import as_data, wanted_format
from kuulo.web.forms import KeyForm
from kuulo.web.notice import tell
from kuulo.web.speech import spoken


@allowed("manage-keys")
def listing(request: HttpRequest) -> HttpResponseBase:
    """Show the keys; make one and show it, this once."""
    assert isinstance(request.user, Person)
    if wanted_format(request):
        return _data(request)
    form, made = KeyForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        made = push.make_key(request.user, form.cleaned_data["source"], name=form.cleaned_data["name"])
        form = KeyForm()
    keys = ApiKey.objects.select_related("source").order_by("revoked", "-pk")
    address = request.build_absolute_uri("/api/messages")
    answer = render(request, "keys.html", {"keys": keys, "form": form, "made": made, "address": address})
    if made:
        answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@allowed("manage-keys")
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a key void."""
    assert isinstance(request.user, Person)
    push.revoke_key(request.user, get_object_or_404(ApiKey, pk=pk))
    tell(request, spoken().say("keys.revoked"))
    return redirect("keys")


def _data(request: HttpRequest) -> HttpResponseBase:
    columns = ("program", "source", "begins", "made", "used", "revoked")
    rows = (
        (
            *(key.name, key.source.name, key.begins, key.made.isoformat()),
            *(moment.isoformat() if moment else "" for moment in (key.used, key.revoked)),
        )
        for key in ApiKey.objects.select_related("source").order_by("revoked", "-pk")
    )
    return as_data(request, name="keys", columns=columns, rows=rows)
