"""Instagram: the comments under the posts of the municipality's own professional account."""

from collections.abc import Iterator
from typing import ClassVar

from kuulo.hear.connector import Field, Item, Post, Unread
from kuulo.hear.graph import Node, after_page, nodes, text
from kuulo.hear.instant import instant
from kuulo.hear.meta_comments import MetaComments, common_fields, version_of
from kuulo.hear.meta_hook import Change

_SAID = "id,text,timestamp,from,username,hidden,parent_id"


class Instagram(MetaComments):
    """An account. Instagram does not call when a comment is taken away: that is found by reading again."""

    name: ClassVar[str] = "instagram"
    fields: ClassVar[tuple[Field, ...]] = (Field(name="username"), *common_fields("https://graph.instagram.com"))
    called = "username"
    posts_edge = "media"
    post_fields = "id,timestamp"
    reply_edge = "replies"
    reply_fields = _SAID
    longest = 2200

    def comments(self, post: str) -> Iterator[list[Node]]:
        """Give the comments, each followed by its replies, which stand inside it."""
        fields = f"{_SAID},replies.limit(50){{{_SAID}}}"
        for page in self.graph.pages(post, "comments", fields=fields, limit=50):
            for node in page:
                yield [node, *self._replies_of(node)]

    def comment(self, node: Node, *, thread: str, time: object, version: str) -> Post:
        """Give a comment; what the account hid is not for everybody."""
        one, parent = text(node, "id"), text(node, "parent_id")
        return Post(
            id=one,
            text=text(node, "text"),
            time=instant(node.get("timestamp")) or instant(time),
            version=version,
            form="comment",
            author=text(node, "from", "id"),
            thread=thread,
            parent=parent,
            private=node.get("hidden") is True,
            reply_to={"comment": one, "top": parent or one},
        )

    def is_own(self, node: Node) -> bool:
        """Tell whether the account said it: its own comments may bear another number than the account."""
        names = {text(node, "username"), text(node, "from", "username")}
        return text(node, "from", "id") == self.account or self.settings["username"].strip().lstrip("@") in names

    def heard(self, change: Change) -> Item | str:
        """Give a comment; mentions elsewhere and the like are passed over."""
        if change.field not in {"comments", "live_comments"}:
            return "other-kind"
        if self.is_own(change.value):
            return "own"
        if not text(change.value, "id"):
            return Unread(code="no-id")
        version = version_of(change.time, rank=0)
        return self.comment(
            change.value, thread=text(change.value, "media", "id"), time=change.time or None, version=version
        )

    def _replies_of(self, node: Node) -> list[Node]:
        """Give the replies to a comment, with those that did not come along."""
        inside = node.get("replies")
        inside = inside if isinstance(inside, dict) else {}
        found = nodes(inside)
        if after_page(inside):
            pages = self.graph.pages(text(node, "id"), "replies", fields=_SAID, limit=50)
            found = [reply for page in pages for reply in page]
        return [{"parent_id": text(node, "id"), **reply} for reply in found]
