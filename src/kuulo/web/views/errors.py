"""What is said when a page is not there, not open, or failed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page."""
    return _page(request, "not_found", 404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that this may not be done."""
    return _page(request, "forbidden", 403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was too old, or came from elsewhere."""
    return _page(request, "stale_form", 403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the browser asked for something that cannot be understood."""
    return _failed(request, "bad_request", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the desk failed. Nothing is asked of the database here, since that may be what failed."""
    return _failed(request, "failed", 500)


def _page(request: HttpRequest, what: str, status: int) -> HttpResponse:
    facts = {"title": f"desk.{what}", "lede": f"desk.{what}.lede"}
    return render(request, "error.html", facts, status=status)


def _failed(request: HttpRequest, what: str, status: int) -> HttpResponse:
    facts = {"title": f"desk.{what}", "lede": f"desk.{what}.lede", "request_id": getattr(request, "number", "")}
    return HttpResponse(render_to_string("error_alone.html", facts), status=status)
