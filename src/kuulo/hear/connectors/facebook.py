"""Facebook: the comments under the posts of the municipality's own page, and what visitors post there."""

from collections.abc import Iterator
from typing import ClassVar

from kuulo.hear.connector import Attachment, Field, Gone, Item, Post, Unread
from kuulo.hear.graph import Node, text
from kuulo.hear.instant import instant
from kuulo.hear.meta_comments import MetaComments, common_fields, version_of
from kuulo.hear.meta_hook import Change

# what can be said at a page besides comments
_POSTS = {"post", "status", "photo", "video", "share"}
_RANKS = {"add": 0, "edited": 1, "edit": 1}


class Facebook(MetaComments):
    """A page, with its token. Groups have no interface."""

    name: ClassVar[str] = "facebook"
    fields: ClassVar[tuple[Field, ...]] = common_fields("https://graph.facebook.com")
    called = "name"
    posts_edge = "feed"
    post_fields = "id,from,message,created_time,permalink_url"
    reply_edge = "comments"
    reply_fields = "id,from,message"
    longest = 8000

    def comments(self, post: str) -> Iterator[list[Node]]:
        """Give the comments in the order of time, replies among them."""
        fields = "id,from,message,created_time,parent{id},permalink_url,is_hidden,attachment"
        yield from self.graph.pages(
            post, "comments", fields=fields, filter="stream", order="chronological", limit=100
        )

    def comment(self, node: Node, *, thread: str, time: object, version: str) -> Post:
        """Give a comment; what the page hid is not for everybody."""
        # one under the post itself names the post as its parent, or nothing
        parent = text(node, "parent", "id") or text(node, "parent_id")
        parent = "" if parent == thread else parent
        one = text(node, "comment_id") or text(node, "id")
        return Post(
            id=one,
            text=text(node, "message"),
            time=instant(node.get("created_time")) or instant(time),
            version=version,
            form="comment",
            author=text(node, "from", "id"),
            thread=thread,
            parent=parent,
            url=text(node, "permalink_url") or text(node, "post", "permalink_url"),
            private=node.get("is_hidden") is True,
            attachments=_attachments(node),
            reply_to={"comment": one, "top": parent or one},
        )

    def visitors(self, post: Node, *, version: str) -> Post | None:
        """Give a visitor's own post."""
        if self.is_own(post) or not text(post, "from", "id"):
            return None
        return self._visitors(post, one=text(post, "id"), time=None, version=version)

    def is_own(self, node: Node) -> bool:
        """Tell whether the page, or somebody in its name, said it."""
        return text(node, "from", "id") == self.account

    def heard(self, change: Change) -> Item | str:
        """Give a comment or a visitor's post, or that it is gone; reactions and the like are passed over."""
        item = text(change.value, "item")
        if change.field != "feed" or item not in {"comment", *_POSTS}:
            return "other-kind"
        if self.is_own(change.value):
            return "own"
        one = text(change.value, "comment_id" if item == "comment" else "post_id")
        return self._happened(change, one, is_comment=item == "comment") if one else Unread(code="no-id")

    def _happened(self, change: Change, one: str, *, is_comment: bool) -> Item | str:
        value, verb = change.value, text(change.value, "verb")
        if verb == "remove":
            return Gone(id=one)
        # without its writer nobody knows whether a post is the page's own; what hides a comment is the page
        if verb not in _RANKS or not (is_comment or text(value, "from", "id")):
            return "other-kind"
        version, time = version_of(change.time, rank=_RANKS[verb]), change.time or None
        if is_comment:
            return self.comment(value, thread=text(value, "post_id"), time=time, version=version)
        return self._visitors(value, one=one, time=time, version=version)

    def _visitors(self, node: Node, *, one: str, time: object, version: str) -> Post:
        return Post(
            id=one,
            text=text(node, "message"),
            time=instant(node.get("created_time")) or instant(time),
            version=version,
            author=text(node, "from", "id"),
            thread=one,
            url=text(node, "permalink_url"),
            attachments=_attachments(node),
            reply_to={"comment": one, "top": one},
        )


def _attachments(node: Node) -> tuple[Attachment, ...]:
    """List the picture or film that came along: told plainly in calls, and as an attachment by Graph."""
    told = {name: text(node, name) for name in ("photo", "video")}
    told[text(node, "attachment", "type") or "link"] = text(node, "attachment", "url")
    types = {"photo": "image", "video": "video"}
    return tuple(Attachment(name=name, type=types.get(name, ""), url=url) for name, url in told.items() if url)
