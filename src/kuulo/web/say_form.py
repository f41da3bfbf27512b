"""The form on the municipality's own page, and what guards it: no third party, no cookie, no riddle."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from kuulo.desk.own_form import stamp, wrong_with
from kuulo.web.forms import words
from kuulo.web.speech import spoken

LONGEST = 5_000


class SayForm(forms.Form):
    """What somebody wants to say. ``website`` is for machines alone: people neither see nor fill it."""

    # a browser would say it in its own words, and before the fields are read
    use_required_attribute = False
    text = forms.CharField(
        label=words("say.text"),
        help_text=words("say.text.hint"),
        max_length=LONGEST,
        error_messages={"required": words("say.no-text"), "max_length": words("say.long-text")},
        widget=forms.Textarea({"rows": 8}),
    )
    name = forms.CharField(
        label=words("say.name"),
        max_length=100,
        required=False,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"max_length": words("say.long")},
    )
    email = forms.EmailField(
        label=words("say.email"),
        help_text=words("say.email.hint"),
        max_length=200,
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"invalid": words("say.no-email"), "max_length": words("say.long")},
    )
    website = forms.CharField(required=False)
    stamp = forms.CharField(required=False)

    def __init__(self, *given: Any, contact: bool, page: str) -> None:  # noqa: ANN401
        super().__init__(*given)
        self.page = page
        if not contact:
            del self.fields["name"], self.fields["email"]

    def asked(self) -> list[forms.BoundField]:
        """Give the fields that people see."""
        return [self[name] for name in ("text", "name", "email") if name in self.fields]

    def said(self) -> dict[str, str]:
        """Give what was said, and by whom where it was asked and told."""
        return {one.name: self.cleaned_data[one.name] for one in self.asked()}

    def stamp_again(self) -> str:
        """Give the mark of when the page was first opened, or a new one where that is void."""
        given = str(self.data.get("stamp", ""))
        void = wrong_with(given, self.page, timezone.now()) == "too-old"
        return stamp(self.page, timezone.now()) if void else given

    def clean(self) -> dict[str, Any]:
        """Keep out what no person sends."""
        cleaned = super().clean() or {}
        if cleaned.get("website"):
            raise ValidationError(spoken().say("say.trap"))
        if wrong := wrong_with(cleaned.get("stamp", ""), self.page, timezone.now()):
            raise ValidationError(spoken().say(f"say.stamp.{wrong}"))
        return cleaned
