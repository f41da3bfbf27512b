"""How fields of forms are dressed."""

from django import forms, template
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def dressed(field: forms.BoundField) -> SafeString:
    """Give a field's input in the desk's clothes."""
    return field.as_widget(attrs={"class": "ds-input", "placeholder": False})  # the label stands above it
