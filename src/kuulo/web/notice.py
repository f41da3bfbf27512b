"""Notices: what the next page says of what was just done, with a way back where there is one."""

from django.contrib import messages
from django.http import HttpRequest

from kuulo.web.speech import spoken


def tell(request: HttpRequest, text: str, *, undo: str = "") -> None:
    """Say on the next page that something is done. A press of "Undo" is sent to the address ``undo`` as a POST."""
    messages.success(request, text, extra_tags=undo)


def refuse(request: HttpRequest, key: str) -> None:
    """Say on the next page why it was not done, with the words of ``key``."""
    refuse_with(request, spoken().say(key))


def refuse_with(request: HttpRequest, text: str) -> None:
    """Say on the next page why it was not done."""
    messages.error(request, text)
