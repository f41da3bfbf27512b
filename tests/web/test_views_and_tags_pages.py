"""Saved views and hashtags in the browser: who may do what, and what is said."""

import csv
import io

import pytest
from django.test import Client
from tests.desk.desk_rows import add_message
from tests.web.cast import person

from kuulo.models import SavedView, Tag

pytestmark = pytest.mark.django_db
VIEW = {"page": "inbox", "name": "Auraus", "query": "tag=auraus"}


def logged_in(role: str = "official", name: str = "") -> Client:
    client = Client()
    client.force_login(person(role, name=name))
    return client


def test_a_saved_view_stands_in_the_inbox_and_on_its_page() -> None:
    client = logged_in()
    answer = client.post("/views/", VIEW, follow=True)
    assert answer.redirect_chain == [("/inbox/?tag=auraus", 302)]
    assert "“Auraus” is saved" in answer.content.decode()
    assert 'href="?tag=auraus" aria-current="true"' in answer.content.decode()
    assert 'href="/inbox/?tag=auraus"' in client.get("/views/").content.decode()


def test_a_reader_keeps_views_but_shares_none() -> None:
    client = logged_in("reader")
    assert client.post("/views/", {**VIEW, "shared": "on"}).status_code == 403
    assert not SavedView.objects.exists()
    client.post("/views/", VIEW)
    view = SavedView.objects.get()
    assert client.post(f"/views/{view.pk}/", {"act": "share"}).status_code == 403
    assert "shared" not in client.get("/inbox/").content.decode().split('action="/views/"')[1]
    assert not SavedView.objects.filter(shared=True).exists()


def test_only_the_owner_changes_a_view() -> None:
    owner, other = logged_in(), logged_in(name="other")
    owner.post("/views/", {**VIEW, "shared": "on"})
    view = SavedView.objects.get()
    for act in ("rename", "unshare", "remove"):
        assert other.post(f"/views/{view.pk}/", {"act": act, "name": "x"}).status_code == 404
    owner.post(f"/views/{view.pk}/", {"act": "rename", "name": "Lumi"})
    assert "Lumi" in other.get("/inbox/").content.decode()
    assert (
        "give the view a name"
        in owner.post(f"/views/{view.pk}/", {"act": "rename", "name": ""}, follow=True).content.decode().lower()
    )
    owner.post(f"/views/{view.pk}/", {"act": "remove"})
    assert not SavedView.objects.exists()


def test_a_view_leads_nowhere_but_to_a_page_of_the_desk() -> None:
    answer = logged_in().post("/views/", {**VIEW, "page": "/evil.example"})
    assert answer["Location"] == "/views/"
    assert logged_in(name="b").get("/views/1/").status_code == 405


def test_tags_are_merged_and_parted_by_those_who_may() -> None:
    for name in ("auraus", "snöröjning"):
        add_message(f"#{name}").tags.add(Tag.objects.create(name=name))
    reader, official = logged_in("reader", "reader@example.org"), logged_in()
    pair = {"first": "#auraus", "second": "#snöröjning"}
    assert reader.post("/tags/merge/", pair).status_code == 403
    assert "/tags/merge/" not in reader.get("/tags/").content.decode()
    page = official.post("/tags/merge/", pair, follow=True).content.decode()
    assert "#snöröjning is now the same as #auraus" in page
    alias = Tag.objects.get(name="snöröjning")
    assert reader.post(f"/tags/{alias.pk}/part/").status_code == 403
    rows = list(csv.reader(io.StringIO(b"".join(official.get("/tags/?format=csv")).decode("utf-8-sig"))))
    assert rows == [["tag", "aliases", "messages"], ["auraus", "#snöröjning", "2"]]
    assert "stands for itself" in official.post(f"/tags/{alias.pk}/part/", follow=True).content.decode()
    assert (
        "No message has such a tag"
        in official.post("/tags/merge/", {"first": "x", "second": "y"}, follow=True).content.decode()
    )


@pytest.mark.parametrize("address", ["/views/", "/views/1/", "/tags/merge/", "/tags/1/part/"])
def test_a_change_needs_its_sign(address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person())
    assert client.post(address, VIEW).status_code == 403
