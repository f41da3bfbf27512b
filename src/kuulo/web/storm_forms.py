"""The forms of storms: an answer that was given, a planned event, handing over, and how the watch is set."""

from typing import Any

from django import forms

from kuulo.desk.permissions import ACTS
from kuulo.desk.storm.acts import ACT, LONGEST_LINK
from kuulo.desk.storm.planned import LONGEST_NAME
from kuulo.desk.storm.setting import LEAST, MOST
from kuulo.models import Person, Theme
from kuulo.web.forms import words as said
from kuulo.web.names import theme_names


def _moment(label: str) -> forms.DateTimeField:
    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=said(label), widget=widget)


class AnsweredForm(forms.Form):
    """When and where the municipality took part."""

    at = _moment("storms.answered.at")
    link = forms.URLField(
        label=said("storms.answered.link"), max_length=LONGEST_LINK, required=False, assume_scheme="https"
    )


class PlannedForm(forms.Form):
    """What known event a storm is, and until when it goes on."""

    name = forms.CharField(label=said("storms.planned.name"), max_length=LONGEST_NAME)
    until = _moment("storms.planned.until")


class EventForm(PlannedForm):
    """A planned event that is registered beforehand."""

    since = _moment("storms.planned.since")
    theme = forms.ChoiceField(label=said("storms.planned.theme"), required=False)
    field_order = ("name", "since", "until", "theme")

    def __init__(self, *given: Any, **rest: Any) -> None:  # noqa: ANN401
        super().__init__(*given, **rest)
        choices = [("", said("storms.planned.all")), *theme_names()]
        self.fields["theme"].choices = choices  # type: ignore[attr-defined]

    def clean_theme(self) -> Theme | None:
        """Give the theme of the code that was chosen."""
        return Theme.objects.filter(code=self.cleaned_data["theme"]).first() if self.cleaned_data["theme"] else None


class HandOverForm(forms.Form):
    """Who is to have a storm in hand."""

    to = forms.ModelChoiceField(Person.objects.none(), label=said("storms.hand_over.to"))

    def __init__(self, *given: Any, **rest: Any) -> None:  # noqa: ANN401
        super().__init__(*given, **rest)
        able = Person.objects.filter(is_active=True, memberships__role__in=ACTS[ACT])
        self.fields["to"].queryset = able.distinct().order_by("name", "email")  # type: ignore[attr-defined]


class BudgetForm(forms.Form):
    """How many alarms a month can be borne."""

    budget = forms.FloatField(
        label=said("storms.budget"),
        help_text=said("storms.budget.hint"),
        min_value=LEAST,
        max_value=MOST,
        widget=forms.NumberInput({"step": "0.1"}),
    )
