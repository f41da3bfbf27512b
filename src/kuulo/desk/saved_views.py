"""Saved views: a page with its filters, kept under a name for oneself or for all at the desk."""

from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.db.models import Q, QuerySet

from kuulo.desk.history import record
from kuulo.models import Person, SavedView

PAGES = ("inbox", "search", "themes", "compare")
_LONGEST_NAME = 80
_LONGEST_QUERY = 2_000


class ViewRefused(Exception):
    """A view cannot be kept: ``code`` is no-name, name-taken, too-long or no-page."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def seen_by(person: Person) -> QuerySet[SavedView]:
    """Give a person's own views and those that others share, by name."""
    return SavedView.objects.filter(Q(person=person) | Q(shared=True)).select_related("person").order_by("name", "pk")


def save_view(person: Person, *, page: str, name: str, query: str, shared: bool) -> SavedView:
    """Keep a page under a name. Raises ViewRefused."""
    name, query = name.replace("\0", "").strip(), _filters_of(query)
    if page not in PAGES:
        raise ViewRefused("no-page")
    if len(query) > _LONGEST_QUERY:
        raise ViewRefused("too-long")
    check_name(person, page, name)
    with transaction.atomic():
        view, made = SavedView.objects.get_or_create(
            person=person, page=page, name=name, defaults={"query": query, "shared": shared}
        )
        if not made:
            raise ViewRefused("name-taken")
        record("view-saved", person=person, view=view.pk, page=page, shared=shared)
    return view


def rename_view(view: SavedView, person: Person, *, name: str) -> None:
    """Give a view another name. Raises ViewRefused."""
    name = name.replace("\0", "").strip()
    if name == view.name:
        return
    check_name(view.person, view.page, name)
    with transaction.atomic():
        view.name = name
        view.save(update_fields=["name"])
        record("view-renamed", person=person, view=view.pk)


def share_view(view: SavedView, person: Person, *, shared: bool) -> None:
    """Share a view with all at the desk, or no longer."""
    with transaction.atomic():
        if SavedView.objects.filter(pk=view.pk, shared=not shared).update(shared=shared):
            record("view-shared" if shared else "view-unshared", person=person, view=view.pk)


def remove_view(view: SavedView, person: Person) -> None:
    """Remove a view."""
    with transaction.atomic():
        pk = view.pk
        if SavedView.objects.filter(pk=pk).delete()[0]:
            record("view-removed", person=person, view=pk)


def check_name(person: Person, page: str, name: str) -> None:
    """Raise ViewRefused where a person cannot keep a view of a page under a name."""
    if not name:
        raise ViewRefused("no-name")
    if len(name) > _LONGEST_NAME:
        raise ViewRefused("too-long")
    if SavedView.objects.filter(person=person, page=page, name=name).exists():
        raise ViewRefused("name-taken")


def _filters_of(query: str) -> str:
    """Give a query without what belongs to one visit only."""
    return urlencode([(name, value) for name, value in parse_qsl(query) if name not in {"before", "format"}])
