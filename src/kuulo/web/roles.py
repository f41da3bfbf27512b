"""How roles and units are told to the reader."""

from django import template

from kuulo.models import Membership, Unit
from kuulo.report.names import in_language
from kuulo.web.speech import spoken

register = template.Library()


@register.filter
def unit_name(unit: Unit) -> str:
    """Name a unit for the reader."""
    names: dict[str, str] = unit.names
    return in_language(names, spoken().language, default=f"#{unit.pk}").value


@register.filter
def told_role(held: Membership) -> str:
    """Tell a role and its unit: "Official (Streets)"."""
    role = role_name(held.role)
    return f"{role} ({unit_name(held.unit)})" if held.unit else role


def role_name(role: str) -> str:
    """Name a role for the reader."""
    return spoken().say(f"desk.role.{role}")
