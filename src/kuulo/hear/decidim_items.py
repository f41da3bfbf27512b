"""Decidim's items: a proposal and a comment as the server tells them become posts."""

from collections.abc import Mapping
from typing import Any

from kuulo.hear.connector import Gone, Item, Post, Unread
from kuulo.hear.html_text import html_text
from kuulo.hear.instant import instant
from kuulo.hear.translated import translated

COMMENT_TYPE, PROPOSAL_TYPE = "Decidim::Comments::Comment", "Decidim::Proposals::Proposal"


def read_proposal(told: str, proposal: Mapping[str, Any], component: str) -> Item:
    """Read a proposal; one that its writer took back is gone."""
    if proposal.get("withdrawn"):
        return Gone(id=told)
    title, body = html_text(translated(proposal.get("title"))), html_text(translated(proposal.get("body")))
    if not (title or body):
        return Unread(code="no-text", id=told)
    author, votes, number = proposal.get("author"), proposal.get("voteCount"), str(proposal["id"])
    return Post(
        id=told,
        text="\n\n".join(filter(None, [title, body])),
        title=title,
        time=instant(proposal.get("publishedAt")),
        form="proposal",
        author=_author(author),
        thread=told,
        place=_place(proposal.get("coordinates")),
        supporters=votes if isinstance(votes, int) else None,
        background=(("state", str(proposal["state"])),) if proposal.get("state") else (),
        reply_to={"type": PROPOSAL_TYPE, "id": number, "component": component, "proposal": number},
    )


def read_comment(told: str, comment: Mapping[str, Any], parent: str, title: str, within: Mapping[str, str]) -> Item:
    """Read a comment on it. ``within`` are the component and the proposal, for replying."""
    text = html_text(str(comment.get("body") or ""))
    if not text:  # a comment cannot be empty, so it was removed
        return Gone(id=told)
    votes = comment.get("upVotes")
    return Post(
        id=told,
        text=text,
        title=title,
        time=instant(comment.get("createdAt")),
        form="comment",
        author=_author(comment.get("author")),
        thread=f"proposal/{within['proposal']}",
        parent=parent,
        supporters=votes if isinstance(votes, int) else None,
        reply_to={"type": COMMENT_TYPE, "id": str(comment.get("id")), **within},
    )


def _author(author: object) -> str:
    return str(author.get("id") or "") if isinstance(author, dict) else ""


def _place(told: object) -> tuple[float, float] | None:
    if not isinstance(told, dict):
        return None
    latitude, longitude = told.get("latitude"), told.get("longitude")
    if isinstance(latitude, int | float) and isinstance(longitude, int | float):
        return float(latitude), float(longitude)
    return None


def dicts(told: object) -> list[dict[str, Any]]:
    """Give the objects of a list, nothing of what is no list."""
    return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
