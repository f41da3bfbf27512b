"""Decidim's items: a proposal and a comment as the server tells them become posts."""

from collections.abc import Mapping
from typing import Any

from kuulo.hear.connector import Gone, Item, Post, Unread
from kuulo.hear.geojson import on_earth
from kuulo.hear.html_text import html_text
from kuulo.hear.instant import instant
from kuulo.hear.shape import inner, whole
from kuulo.hear.translated import translated

COMMENT_TYPE, PROPOSAL_TYPE = "Decidim::Comments::Comment", "Decidim::Proposals::Proposal"


def read_proposal(told: str, proposal: Mapping[str, Any], component: str) -> Item:
    """Read a proposal; one that its writer took back is gone."""
    if proposal.get("withdrawn"):
        return Gone(id=told)
    title, body = html_text(translated(proposal.get("title"))), html_text(translated(proposal.get("body")))
    if not (title or body):
        return Unread(code="no-text", id=told)
    number = str(proposal["id"])
    return Post(
        id=told,
        text="\n\n".join(filter(None, [title, body])),
        title=title,
        time=instant(proposal.get("publishedAt")),
        form="proposal",
        author=str(inner(proposal, "author", "id") or ""),
        thread=told,
        place=on_earth(inner(proposal, "coordinates", "latitude"), inner(proposal, "coordinates", "longitude")),
        supporters=whole(proposal.get("voteCount")),
        background=(("state", str(proposal["state"])),) if proposal.get("state") else (),
        reply_to={"type": PROPOSAL_TYPE, "id": number, "component": component, "proposal": number},
    )


def read_comment(told: str, comment: Mapping[str, Any], parent: str, title: str, within: Mapping[str, str]) -> Item:
    """Read a comment on it. ``within`` are the component and the proposal, for replying."""
    text = html_text(str(comment.get("body") or ""))
    if not text:  # a comment cannot be empty, so it was removed
        return Gone(id=told)
    return Post(
        id=told,
        text=text,
        title=title,
        time=instant(comment.get("createdAt")),
        form="comment",
        author=str(inner(comment, "author", "id") or ""),
        thread=f"proposal/{within['proposal']}",
        parent=parent,
        supporters=whole(comment.get("upVotes")),
        reply_to={"type": COMMENT_TYPE, "id": str(comment.get("id")), **within},
    )
