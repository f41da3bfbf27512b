"""Person's data: for administrators, what is known of one writer who asks for it."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kuulo.desk import subject
from kuulo.desk.authors import DAYS, period
from kuulo.models import Message, Person, Source
from kuulo.report.encoding import json_text
from kuulo.web.access import allowed
from kuulo.web.forms import words
from kuulo.web.notice import refuse, tell
from kuulo.web.speech import spoken

_LARGEST = 2**63 - 1


class WriterForm(forms.Form):
    """Who is asked for, and where."""

    handle = forms.CharField(
        label=words("person_data.handle"),
        help_text=words("person_data.handle.hint"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    source = forms.ModelChoiceField(
        Source.objects.order_by("name"),
        label=words("person_data.source"),
        required=False,
        empty_label=words("person_data.everywhere"),
    )


# a name never stands in an address, so all that is asked comes as a POST
@never_cache
@allowed("handle-person-data")
def person_data(request: HttpRequest) -> HttpResponse:
    """Find a writer's messages, give them out, erase them, or let in no more of them."""
    assert isinstance(request.user, Person)
    form = WriterForm(request.POST or None)
    begin, end = period()
    shown: dict[str, object] = {"form": form, "begin": begin, "end": end, "days": DAYS, "shown": subject.SHOWN}
    if request.method == "POST" and form.is_valid():
        handle, source = form.cleaned_data["handle"], form.cleaned_data["source"]
        if source and request.POST.get("act"):
            return _done(request, handle, source)
        sources = [source] if source else Source.objects.order_by("name")
        shown |= {"found": subject.search(request.user, handle, sources), "handle": handle, "searched": True}
    return render(request, "person_data.html", shown)


def _done(request: HttpRequest, handle: str, source: Source) -> HttpResponse:
    assert isinstance(request.user, Person)
    match request.POST["act"]:
        case "export":
            told = json_text(subject.export(request.user, handle, source))
            named = {"Content-Disposition": 'attachment; filename="kuulo-person-data.json"'}
            return HttpResponse(told, content_type="application/json", headers=named)
        case "erase":
            erased = subject.erase(request.user, handle, source)
            tell(request, spoken().say("person_data.erased", messages=spoken().count("messages", erased)))
        case "block":
            subject.keep_out(request.user, handle, source)
            tell(request, spoken().say("person_data.blocked"))
    return redirect("person_data")


@require_POST
@allowed("handle-person-data")
def erase_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase one message, with a reason."""
    assert isinstance(request.user, Person)
    # evidence is not erased while its case is open; whoever may see it decides there
    message = get_object_or_404(Message.objects.exclude(status=Message.Status.SAFETY), pk=min(pk, _LARGEST))
    reason = request.POST.get("reason", "")
    if reason in subject.REASONS:
        subject.erase_message(request.user, message, reason=reason)
        tell(request, spoken().say("person_data.message.erased"))
    else:
        refuse(request, "person_data.choose_reason")
    return redirect("message", message.pk)
