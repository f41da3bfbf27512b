"""However odd an item is that a source tells, it is a post, gone, passed over or unread: nothing falls over."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.hear.connector import Connector, Item
from kuulo.hear.connectors.discourse import Discourse
from kuulo.hear.connectors.kerrokantasi import Kerrokantasi
from kuulo.hear.connectors.wordpress import Wordpress
from kuulo.hear.connectors.youtube import Youtube
from kuulo.hear.decidim_items import read_comment, read_proposal
from kuulo.hear.http import Http

RECORDED = Path(__file__).parent.parent / "recorded"
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=5), part, max_size=3),
    max_leaves=6,
)


def recorded(name: str) -> Any:
    return json.loads((RECORDED / name).read_text("utf-8"))


def opened(connector: type[Connector]) -> Any:
    settings = {one.name: one.default for one in connector.fields} | {"address": "http://127.0.0.1:9"}
    return connector(settings, http=Http())


def kerrokantasi(comment: Any) -> Item | None:
    connector = opened(Kerrokantasi)
    connector._hearings = {str(comment.get("hearing") or ""): recorded("kerrokantasi/hearing_detail_200.json")}
    return connector._item(comment)


def discourse(post: Any) -> Any:
    connector = opened(Discourse)
    connector._numbers = {}
    return connector._item(post | {"id": 7}, new=False)


READERS: dict[str, tuple[Callable[[Any], Any], Callable[[], Any]]] = {
    "kerrokantasi": (kerrokantasi, lambda: recorded("kerrokantasi/comments_200.json")["results"][0]),
    "discourse": (discourse, lambda: recorded("discourse/latest_posts_200.json")["latest_posts"][0]),
    "wordpress": (lambda one: opened(Wordpress)._item(one), lambda: recorded("wordpress/comments_200.json")[0]),
    "youtube": (
        lambda one: opened(Youtube)._item(one, {}),
        lambda: recorded("youtube/comment_threads_200.json")["items"][0]["snippet"]["topLevelComment"],
    ),
    "proposal": (
        lambda one: read_proposal("proposal/1", one | {"id": "1"}, "9"),
        lambda: dict.fromkeys(("title", "body", "publishedAt", "state", "author", "coordinates", "voteCount"), ""),
    ),
    "comment": (
        lambda one: read_comment("comment/1", one, "proposal/1", "", {"component": "9", "proposal": "1"}),
        lambda: dict.fromkeys(("id", "body", "createdAt", "upVotes", "author"), "x"),
    ),
}


def changed(item: Any, data: st.DataObject) -> Any:
    """Put odd things in some of its places, at any depth."""
    if isinstance(item, dict) and item and data.draw(st.integers(0, 3)):
        name = data.draw(st.sampled_from(sorted(item)))
        return item | {name: changed(item[name], data)}
    return data.draw(ODD)


@pytest.mark.parametrize("source", READERS)
@given(data=st.data())
def test_an_odd_item_is_read_or_told(source, data):
    reader, made = READERS[source]
    item = made()
    for name in data.draw(st.lists(st.sampled_from(sorted(item)), max_size=3)):
        item = item | {name: changed(item[name], data)}
    reader(item)


def test_numbers_that_no_database_holds_are_left_out():
    first = recorded("kerrokantasi/comments_200.json")["results"][0]
    far = {"type": "Point", "coordinates": [10**400, 60]}
    post = kerrokantasi(first | {"n_votes": 10**30, "geojson": far})
    assert (post.supporters, post.place) == (None, None)
    place = {"latitude": 10**400, "longitude": 24}
    proposal = read_proposal("proposal/1", {"id": "1", "title": "Penkkejä", "coordinates": place}, "9")
    assert proposal.place is None
