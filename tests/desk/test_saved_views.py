"""A view is kept under a name of its own, for oneself or for all; every change of it is in the history."""

import pytest
from tests.web.cast import person

from kuulo.desk import saved_views as desk
from kuulo.desk.saved_views import ViewRefused
from kuulo.models import Event, SavedView

pytestmark = pytest.mark.django_db


def kept(name: str = "auraus", **rest: object) -> SavedView:
    owner = rest.pop("person", None) or person()
    return desk.save_view(
        owner, **({"page": "inbox", "name": name, "query": "tag=auraus&before=1-2", "shared": False} | rest)
    )


def test_a_view_keeps_the_filters_without_the_place_in_the_list() -> None:
    view = kept(" auraus ")
    assert (view.name, view.query) == ("auraus", "tag=auraus")
    assert [event.kind for event in Event.objects.all()] == ["view-saved"]


@pytest.mark.parametrize(
    ("code", "changed"),
    [("no-name", {"name": " \0 "}), ("too-long", {"name": "x" * 81}), ("too-long", {"query": "words=" + "x" * 2_000}), ("no-page", {"page": "people"}), ("name-taken", {})],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_a_code(code: str, changed: dict[str, object]) -> None:
    first = kept()
    with pytest.raises(ViewRefused, match=code):
        kept(person=first.person, **changed)
    assert SavedView.objects.count() == Event.objects.count() == 1


def test_others_see_a_view_only_while_it_is_shared() -> None:
    view, other = kept(), person(name="other")
    assert [*desk.seen_by(other)] == []
    desk.share_view(view, view.person, shared=True)
    desk.share_view(view, view.person, shared=True)
    assert [*desk.seen_by(other)] == [view]
    desk.share_view(view, view.person, shared=False)
    assert [*desk.seen_by(other)] == []
    assert [event.kind for event in Event.objects.order_by("pk")] == ["view-saved", "view-shared", "view-unshared"]


def test_a_view_is_renamed_and_removed_once() -> None:
    view = kept()
    kept("toinen", person=view.person)
    with pytest.raises(ViewRefused, match="name-taken"):
        desk.rename_view(view, view.person, name="toinen")
    desk.rename_view(view, view.person, name="uusi")
    assert SavedView.objects.get(pk=view.pk).name == "uusi"
    desk.remove_view(view, view.person)
    desk.remove_view(view, view.person)
    assert [event.kind for event in Event.objects.order_by("pk")][-2:] == ["view-renamed", "view-removed"]
