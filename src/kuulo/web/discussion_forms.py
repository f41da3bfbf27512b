"""The forms of discussions: what is followed and where, and where the question was taken to."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone

from kuulo.desk.discussions.acts import LONGEST_NOTE, LONGEST_WHERE, MOST_DAYS, MOST_WANTED
from kuulo.desk.places.listing import homes
from kuulo.models import Discussion, Message, Place, Source, Theme
from kuulo.web.forms import words as said
from kuulo.web.names import theme_names
from kuulo.web.place_names import place_name
from kuulo.web.speech import spoken
from kuulo.web.watch_form import services_field


def _day(label: str, hint: str = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=said(label),
        help_text=said(hint) if hint else "",
        required=required,
        widget=widget,
        validators=[MinValueValidator(date(1991, 1, 1)), MaxValueValidator(date(2199, 12, 31))],
    )


def _number(label: str, most: int, hint: str = "") -> forms.IntegerField:
    help_text = said(hint) if hint else ""
    return forms.IntegerField(label=said(label), help_text=help_text, required=False, min_value=1, max_value=most)


class DiscussionForm(forms.Form):
    """What is followed: its name, where and when one can take part, and how many are hoped for."""

    name = forms.CharField(label=said("discussions.name"), max_length=200)
    question = forms.CharField(
        label=said("discussions.question"),
        help_text=said("discussions.question.hint"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    source = forms.ModelChoiceField(
        Source.objects.order_by("name"),
        label=said("discussions.source"),
        help_text=said("discussions.source.hint"),
        required=False,
        empty_label="–",
    )
    thread = forms.CharField(
        label=said("discussions.thread"), help_text=said("discussions.thread.hint"), max_length=500, required=False
    )
    theme = forms.ChoiceField(label=said("discussions.theme"), required=False)
    place = forms.ModelChoiceField(
        Place.objects.none(), label=said("discussions.place"), required=False, empty_label="–"
    )
    url = forms.URLField(label=said("discussions.url"), max_length=500, required=False, assume_scheme="https")
    opened = _day("discussions.opened")
    closes = _day("discussions.closes", required=False)
    wanted = _number("discussions.wanted", MOST_WANTED, "discussions.wanted.hint")
    within = _number("discussions.within", MOST_DAYS)
    services = services_field("discussions.services", "discussions.services.hint")

    def __init__(self, *given: Any, **rest: Any) -> None:  # noqa: ANN401
        super().__init__(*given, **rest)
        self.fields["theme"].choices = [("", "–"), *theme_names()]  # type: ignore[attr-defined]
        place = self.fields["place"]
        place.queryset, place.label_from_instance = homes(None), place_name  # type: ignore[attr-defined]

    def clean_theme(self) -> Theme | None:
        """Give the theme of the code that was chosen."""
        return Theme.objects.filter(code=self.cleaned_data["theme"]).first() if self.cleaned_data["theme"] else None

    def clean(self) -> dict[str, Any]:
        """Find the thread whose address was given, and refuse a thread of no source."""
        told = super().clean() or {}
        thread, source = told.get("thread", ""), told.get("source")
        if thread and source is None:
            self.add_error("source", ValidationError(said("discussions.source.needed")))
        elif thread.startswith(("http://", "https://")):
            told["thread"] = _thread_at(thread, source)
            if not told["thread"]:
                self.add_error("thread", ValidationError(said("discussions.thread.none")))
        elif len(thread) > 200:
            self.add_error("thread", ValidationError(said("discussions.thread.none")))
        return told


def _thread_at(address: str, source: Source | None) -> str:
    found = Message.objects.filter(source=source, url=address).exclude(thread="")
    return found.values_list("thread", flat=True).first() or ""


def told_of(discussion: Discussion) -> dict[str, Any]:
    """Give what the form shows of a discussion."""
    names = ("name", "question", "source", "thread", "place", "url", "opened", "closes", "within", "services")
    told = {name: getattr(discussion, name) for name in names}
    # what Kuulo proposed is proposed anew, unless a person says a number
    wanted = discussion.wanted if discussion.learnt is None else None
    return told | {"theme": discussion.theme.code if discussion.theme else "", "wanted": wanted}


class TakenForm(forms.Form):
    """Where the question was taken to, and when."""

    where = forms.CharField(
        label=said("discussions.where"),
        max_length=LONGEST_WHERE,
        widget=forms.TextInput({"list": "places-of-people", "autocomplete": "off"}),
    )
    on = _day("discussions.on")
    note = forms.CharField(label=said("discussions.note"), max_length=LONGEST_NOTE, required=False)

    def __init__(self, *given: Any, **rest: Any) -> None:  # noqa: ANN401
        super().__init__(*given, **{"initial": {"on": timezone.localdate()}} | rest)


def refused(code: str) -> str:
    """Say why something cannot be done now."""
    return spoken().say(f"discussions.not_now.{code}")
