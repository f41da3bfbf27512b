"""The forms of duty: from which level on somebody is told, whether by night too, and whom or what to add."""

from typing import Any
from urllib.parse import urlsplit

from django import forms

from kuulo.desk.permissions import may
from kuulo.desk.storm.duty import LEVELS
from kuulo.desk.storm.sentence import level_name
from kuulo.models import Person, Storm
from kuulo.web.forms import words
from kuulo.web.speech import spoken


def level_names() -> list[tuple[str, str]]:
    """Give the levels by name, in the reader's language."""
    return [(level, level_name(level, spoken().language)) for level in LEVELS]


class DutyForm(forms.Form):
    """What somebody is told of."""

    least = forms.ChoiceField(
        label=words("duty.least"),
        help_text=words("duty.least.hint"),
        choices=level_names,
        initial=Storm.Level.STORM.value,
    )
    nights = forms.BooleanField(label=words("duty.nights"), help_text=words("duty.nights.hint"), required=False)


class PersonForm(DutyForm):
    """Who is put on duty: anybody who has a role at the desk."""

    person = forms.ModelChoiceField(
        Person.objects.none(), label=words("duty.person"), empty_label=words("duty.choose")
    )
    field_order = ("person", "least", "nights")

    def __init__(self, *given: Any, **rest: Any) -> None:  # noqa: ANN401
        super().__init__(*given, **rest)
        here = Person.objects.filter(is_active=True, memberships__isnull=False).distinct()
        self.fields["person"].queryset = here.order_by("name", "email")  # type: ignore[attr-defined]
        self.fields["person"].label_from_instance = _named  # type: ignore[attr-defined]


class AddressForm(DutyForm):
    """Which program is called."""

    address = forms.CharField(
        label=words("duty.address"),
        help_text=words("duty.address.hint"),
        max_length=500,
        widget=forms.URLInput({"autocomplete": "off"}),
    )
    own_network = forms.BooleanField(
        label=words("duty.own_network"), help_text=words("duty.own_network.hint"), required=False
    )
    field_order = ("address", "least", "nights", "own_network")

    def __init__(self, *given: Any, by: Person, **rest: Any) -> None:  # noqa: ANN401
        super().__init__(*given, **rest)
        if not may(by, "reach-own-network"):
            del self.fields["own_network"]

    def clean(self) -> dict[str, Any]:
        """Refuse what is no address, and one without encryption beyond the own network."""
        cleaned = super().clean() or {}
        cleaned.setdefault("own_network", False)
        if "address" in cleaned and not _is_address(cleaned["address"], own_network=cleaned["own_network"]):
            self.add_error("address", spoken().say("duty.address.bad"))
        return cleaned


def _is_address(text: str, *, own_network: bool) -> bool:
    try:
        parts = urlsplit(text)
        secure = parts.scheme == "https" or (own_network and parts.scheme == "http")
        return secure and bool(parts.hostname) and parts.username is None and (parts.port or 1) > 0
    except ValueError:
        return False


def _named(person: Person) -> str:
    return f"{person.name} ({person.email})" if person.name else person.email
