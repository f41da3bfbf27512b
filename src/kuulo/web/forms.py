"""The forms of accounts and people. Fields and errors speak the reader's language."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils.functional import lazy

from kuulo.desk.people import may_give
from kuulo.models import Person, Role, Source, Unit
from kuulo.web.roles import role_name, unit_name
from kuulo.web.speech import LANGUAGES, spoken

# filled in when a page is made, in the language of its reader
words: Any = lazy(lambda key: spoken().say(key), str)
password_help: Any = lazy(password_validators_help_text_html, str)


class WelcomeForm(forms.Form):
    """Who comes in by a link says their name, and chooses a password; their address only where the link has none."""

    email = forms.EmailField(label=words("people.email"), widget=forms.EmailInput({"autocomplete": "username"}))
    name = forms.CharField(
        label=words("people.name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    password = forms.CharField(
        label=words("people.password"),
        strip=False,
        help_text=password_help(),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *given: Any, address: str, **rest: Any) -> None:  # noqa: ANN401
        super().__init__(*given, **rest)
        self.address = address
        if address:
            del self.fields["email"]

    def clean(self) -> dict[str, Any]:
        """Judge the password together with the name and the address that it must not resemble."""
        cleaned = super().clean() or {}
        cleaned.setdefault("email", self.address)
        if "password" in cleaned:
            person = Person(email=cleaned["email"], name=cleaned.get("name", ""))
            try:
                validate_password(cleaned["password"], person)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class RoleForm(forms.Form):
    """A role, and the unit that it is held in."""

    role = forms.ChoiceField(label=words("people.role"))
    unit = forms.ModelChoiceField(
        Unit.objects.all(), label=words("people.unit"), required=False, empty_label=words("people.everywhere")
    )

    def __init__(self, *given: Any, by: Person, **rest: Any) -> None:  # noqa: ANN401
        super().__init__(*given, **rest)
        self.fields["role"].choices = [(role, role_name(role)) for role in Role]  # type: ignore[attr-defined]
        unit = self.fields["unit"]
        unit.label_from_instance = unit_name  # type: ignore[attr-defined]
        if not may_give(by, None):
            held = by.memberships.filter(role=Role.ADMINISTRATOR).values("unit")
            unit.queryset, unit.required = Unit.objects.filter(pk__in=held), True  # type: ignore[attr-defined]


class InviteForm(RoleForm):
    """Whom to ask in, and as what."""

    email = forms.EmailField(label=words("people.email"), widget=forms.EmailInput({"autocomplete": "off"}))
    field_order = ("email", "role", "unit")


class UnitForm(forms.Form):
    """A unit's names; at least one language has one."""

    fi = forms.CharField(label="Suomi", max_length=120, required=False)
    sv = forms.CharField(label="Svenska", max_length=120, required=False)
    nb = forms.CharField(label="Norsk bokmål", max_length=120, required=False)
    en = forms.CharField(label="English", max_length=120, required=False)

    def names(self) -> dict[str, str]:
        """Give the names that were written, by language."""
        return {language: name for language in LANGUAGES if (name := self.cleaned_data.get(language))}

    def clean(self) -> dict[str, Any]:
        """Refuse a unit without any name."""
        cleaned = super().clean() or {}
        if not any(cleaned.values()):
            raise ValidationError(spoken().say("people.unit.nameless"))
        return cleaned


class KeyForm(forms.Form):
    """Which program brings messages, and to which source."""

    name = forms.CharField(label=words("keys.name"), help_text=words("keys.name.hint"), max_length=120)
    source = forms.ModelChoiceField(
        Source.objects.order_by("name"), label=words("keys.source"), help_text=words("keys.source.hint")
    )
