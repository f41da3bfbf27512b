"""The form of a source: what its connector asks for, the terms on which Kuulo listens, and the register."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError

from kuulo.desk.aside import LIMITS
from kuulo.desk.permissions import may
from kuulo.desk.places.listing import homes
from kuulo.desk.sources import REGISTER, Wiring, known_secrets, missing_secrets, must_be_told_anew
from kuulo.hear.connector import Connector, Field
from kuulo.models import Connection, Person, Place, Source, Unit
from kuulo.web.forms import words
from kuulo.web.hearing import of_connector
from kuulo.web.names import language_name
from kuulo.web.place_names import place_name
from kuulo.web.roles import unit_name
from kuulo.web.speech import spoken

LANGUAGES = ("fi", "sv", "nb", "nn", "en", "se")
# how much of what is said there is taken in
JUDGED = ("relevance_limit", "own_names")
TERMS = ("purpose", "legal_basis", "keep_days", "quotable", "by_name")
_LONGEST, _LONGEST_LIST = 500, 10_000
# what a connector asks for stands apart from the register, which has an address of its own
_OF = "c_"


def _line(longest: int, *, rows: int = 0, **more: Any) -> forms.CharField:  # noqa: ANN401
    return forms.CharField(max_length=longest, widget=forms.Textarea({"rows": rows}) if rows else None, **more)


def _day() -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(required=False, widget=widget, input_formats=["%Y-%m-%d"])


class SourceForm(forms.Form):
    """A source of the register; with ``made``, how Kuulo listens to it by itself."""

    name = _line(120)
    address = forms.CharField(max_length=_LONGEST, required=False, widget=forms.URLInput())
    channel = _line(60, required=False)
    run_by = forms.ChoiceField(required=False)
    unit = forms.ModelChoiceField(Unit.objects.order_by("pk"), required=False)
    owner = _line(120, required=False)
    language = forms.ChoiceField(required=False)
    followers = forms.IntegerField(required=False, min_value=0, max_value=2_000_000_000)
    home = forms.ModelChoiceField(Place.objects.none(), required=False)
    since, until = _day(), _day()
    purpose, legal_basis = _line(2_000, rows=3, required=False), _line(2_000, rows=3, required=False)
    keep_days = forms.IntegerField(min_value=1, max_value=3650)
    quotable, by_name = forms.BooleanField(required=False), forms.BooleanField(required=False)
    relevance_limit = forms.TypedChoiceField(required=False, coerce=float, empty_value=None)
    own_names = _line(4_000, rows=4, required=False)
    own_network = forms.BooleanField(required=False)

    def __init__(
        self,
        data: Mapping[str, str] | None,
        *,
        by: Person,
        made: type[Connector] | None,
        source: Source | None = None,
        held: Connection | None = None,
    ) -> None:
        self.made, self.source, self.held = made, source, held
        super().__init__(data, initial=self._known())
        self._choices()
        for name, asked in self.fields.items():
            asked.label = spoken().say(f"sources.field.{name}")
            asked.help_text = spoken().words.get(f"sources.hint.{name}", "")
        if made:
            kept = known_secrets(held) if held else {}
            self.fields |= {_OF + one.name: _asked(one, made, is_kept=one.name in kept) for one in made.fields}
        if made is None or not may(by, "reach-own-network"):
            del self.fields["own_network"]

    def _known(self) -> dict[str, Any]:
        """Give what stands already, or what is to begin with."""
        made, held = self.made, self.held
        begin = {"keep_days": 365, "legal_basis": spoken().say("sources.legal_basis.default") if made else ""}
        begin |= {"channel": made.name, "own_names": _names_elsewhere()} if made else {}
        if self.source:
            there = {name: getattr(self.source, name) for name in REGISTER}
            begin |= (
                there if held or not made else {name: told for name, told in there.items() if told not in ("", None)}
            )
        settings = held.settings if held else {}
        for one in made.fields if made else ():
            value = settings.get(one.name, one.default)
            begin[_OF + one.name] = value == "yes" if one.kind == "yes" else value
        return begin | ({"own_network": held.own_network} if held else {})

    def _choices(self) -> None:
        self._offer("run_by", [(code, words(f"sources.run_by.{code}")) for code in Source.RunBy.values])
        self._offer("language", [(code, language_name(code)) for code in LANGUAGES])
        limits = [
            ("", words("sources.limit.off")),
            *((n, words(f"sources.limit.{code}")) for code, n in LIMITS.items()),
        ]
        self.fields["relevance_limit"].choices = limits  # type: ignore[attr-defined]
        unit = self.fields["unit"]
        unit.label_from_instance, unit.empty_label = unit_name, words("sources.not_told")  # type: ignore[attr-defined]

        home = self.fields["home"]
        home.queryset = homes(self.source)  # type: ignore[attr-defined]
        home.label_from_instance, home.empty_label = place_name, words("sources.not_told")  # type: ignore[attr-defined]

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = [("", words("sources.not_told")), *choices]  # type: ignore[attr-defined]

    def connection(self) -> list[forms.BoundField]:
        """Give the fields that the connector asks for."""
        asked = [self[name] for name in self.fields if name.startswith(_OF)]
        return asked + ([self["own_network"]] if "own_network" in self.fields else [])

    def terms(self) -> list[forms.BoundField]:
        """Give the fields that say why and how Kuulo listens."""
        return [self[name] for name in TERMS]

    def about(self) -> list[forms.BoundField]:
        """Give the rest of the register."""
        return [self[name] for name in REGISTER if name not in (*TERMS, *JUDGED)]

    def judged(self) -> list[forms.BoundField]:
        """Give the fields that say how much of what is said there is taken in."""
        return [self[name] for name in JUDGED]

    def clean_name(self) -> str:
        """Refuse a name that another source has."""
        name: str = self.cleaned_data["name"]
        if Source.objects.filter(name=name).exclude(pk=self.source.pk if self.source else 0).exists():
            raise ValidationError(spoken().say("sources.name.taken"))
        return name

    def clean_address(self) -> str:
        """Take an address of the web only."""
        return _web_address(self.cleaned_data["address"])

    def clean(self) -> dict[str, Any]:
        """Look for secrets that are needed and nowhere; where it is to be listened to, for its terms."""
        cleaned = super().clean() or {}
        if self.made and not self._wrong(self.connection()):
            self._miss_secrets()
        is_on = bool(self.held and self.held.state != Connection.State.OFF) or "on" in self.data
        for name in ("purpose", "legal_basis") if is_on else ():
            if not cleaned.get(name):
                self.add_error(name, spoken().say(f"sources.not_now.no-{name.replace('_', '-')}"))
        return cleaned

    def _miss_secrets(self) -> None:
        wiring = self.wiring()
        is_elsewhere = self.held is not None and must_be_told_anew(self.held, wiring)
        for name in missing_secrets(self.held, wiring):
            self.add_error(
                _OF + name, spoken().say("sources.secret.anew" if is_elsewhere else "sources.secret.needed")
            )

    def _wrong(self, fields: Iterable[forms.BoundField]) -> bool:
        return any(field.name in self.errors for field in fields)

    def can_be_tested(self) -> bool:
        """Tell whether what the connector asks for is there; the rest may still be wanting."""
        self.full_clean()
        return not self._wrong(self.connection())

    def wiring(self) -> Wiring:
        """Give how the source is to be connected."""
        assert self.made
        told = {one: self.cleaned_data[_OF + one.name] for one in self.made.fields}
        return Wiring(
            connector=self.made.name,
            settings={one.name: _setting(one, value) for one, value in told.items() if one.kind != "secret"},
            secrets={one.name: value for one, value in told.items() if one.kind == "secret"},
            own_network=bool(self.cleaned_data.get("own_network", self.held and self.held.own_network)),
        )

    def told(self) -> dict[str, Any]:
        """Give what was told of the source, by the names of the register."""
        return {name: self.cleaned_data[name] for name in REGISTER}


def _names_elsewhere() -> str:
    """Give the municipality's names as they were last told for another source."""
    return Source.objects.exclude(own_names="").order_by("-pk").values_list("own_names", flat=True).first() or ""


def _asked(one: Field, made: type[Connector], *, is_kept: bool) -> forms.Field:
    """Make the field of a form for a connector's setting."""
    hint = of_connector(made, "hints", one.name)
    if one.kind == "secret":
        hint = spoken().say("sources.secret.kept") if is_kept else hint
    elif one.kind == "list":
        hint = hint or spoken().say("sources.list.hint")
    field = _field(one, made)
    field.required = one.required and one.kind not in {"yes", "secret"}
    field.label, field.help_text = of_connector(made, "fields", one.name) or one.name, hint
    return field


def _field(one: Field, made: type[Connector]) -> forms.Field:
    if one.kind == "choice":
        return forms.ChoiceField(
            choices=[(code, of_connector(made, "choices", code) or code) for code in one.choices]
        )
    return _KINDS[one.kind]()


class _Address(forms.CharField):
    """An address of the web; unlike Django's own, also of a machine in the municipality's network."""

    def clean(self, value: Any) -> str:  # noqa: ANN401
        return _web_address(super().clean(value))


_KINDS: Mapping[str, Callable[[], forms.Field]] = {
    "text": lambda: _line(_LONGEST),
    "secret": lambda: forms.CharField(max_length=4_000, widget=forms.PasswordInput({"autocomplete": "new-password"})),
    "url": lambda: _Address(max_length=_LONGEST, widget=forms.URLInput()),
    "number": lambda: forms.IntegerField(min_value=0, max_value=10**9),
    "yes": forms.BooleanField,
    "list": lambda: _line(_LONGEST_LIST, rows=4),
}


def _web_address(given: str) -> str:
    if not given:
        return ""
    try:
        parts = urlsplit(given)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username
    except ValueError:
        is_web = False
    if not is_web:
        raise ValidationError(spoken().say("sources.not_web"))
    return given


def _setting(one: Field, value: Any) -> str:  # noqa: ANN401
    if one.kind == "yes":
        return "yes" if value else ""
    if one.kind == "list":
        return "\n".join(line.strip() for line in value.splitlines() if line.strip())
    return "" if value is None else str(value)
