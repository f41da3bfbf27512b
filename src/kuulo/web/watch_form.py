"""The form of a watch: a name, words of its own, services of the vocabulary, and the sources that it is about."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kuulo.lang.services import concepts
from kuulo.models import Source, Watch
from kuulo.web.forms import words as said
from kuulo.web.speech import spoken


def service_names() -> list[tuple[str, str]]:
    """Give the services of the vocabulary, by their names in the reader's language."""
    language = spoken().language
    named = [(one.id, one.wording[language].label) for one in concepts()]
    return sorted(named, key=lambda one: one[1].casefold())


def services_field(label: str, hint: str) -> forms.MultipleChoiceField:
    """Give a field to choose services in, by the keys of the words of its label and its help."""
    return forms.MultipleChoiceField(
        label=said(label),
        help_text=said(hint),
        choices=service_names,
        required=False,
        widget=forms.SelectMultiple({"size": 8}),
    )


class WatchForm(forms.Form):
    """What is to be watched."""

    name = forms.CharField(label=said("watch.name"), max_length=120)
    words = forms.CharField(
        label=said("watch.words"),
        help_text=said("watch.words.hint"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    services = services_field("watch.services", "watch.services.hint")
    sources = forms.ModelMultipleChoiceField(
        Source.objects.order_by("name"),
        label=said("watch.sources"),
        help_text=said("watch.sources.hint"),
        required=False,
    )

    def clean_name(self) -> str:
        """Refuse a name that another watch has."""
        name: str = self.cleaned_data["name"]
        if Watch.objects.filter(name=name).exists():
            raise ValidationError(spoken().say("watch.name.taken"))
        return name

    def clean(self) -> dict[str, Any]:
        """Refuse a watch without anything to look for."""
        cleaned = super().clean() or {}
        if not cleaned.get("words", "").strip() and not cleaned.get("services"):
            self.add_error("words", spoken().say("watch.nothing"))
        return cleaned
