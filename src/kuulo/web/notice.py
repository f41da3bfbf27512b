"""Notices: what the next page says of what was just done, with a way back where there is one."""

from django.contrib import messages
from django.http import HttpRequest


def tell(request: HttpRequest, text: str, *, undo: str = "", level: int = messages.SUCCESS) -> None:
    """Say ``text`` on the next page. ``undo`` is the address to which a press of "Undo" is sent as a POST."""
    messages.add_message(request, level, text, extra_tags=undo)
