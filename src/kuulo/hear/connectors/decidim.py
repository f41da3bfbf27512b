"""Decidim: proposals of residents and the comments on them, as OmaStadi and many cities hold them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, ClassVar

from kuulo.hear.connector import Batch, Cursor, Field, Found, Gone, Item, Limit, Replying, Sent, Unread
from kuulo.hear.decidim_items import PROPOSAL_TYPE, read_comment, read_proposal
from kuulo.hear.graphql import Fault, graphql, trouble_in
from kuulo.hear.html_text import html_text
from kuulo.hear.sending import sending
from kuulo.hear.shape import dicts, inner
from kuulo.hear.translated import translated
from kuulo.hear.trouble import Trouble

_PAGE = 25
_MOST_PAGES = 1000
_MOST_MISSED = 200
_WORDS = '{ fi: translation(locale: "fi") sv: translation(locale: "sv") en: translation(locale: "en") }'
_COMMENT = "id body createdAt upVotes author { id nickname }"
# a comment may be answered three levels deep
_COMMENTS = f"{{ {_COMMENT} comments {{ {_COMMENT} comments {{ {_COMMENT} comments {{ {_COMMENT} }} }} }} }}"
_PROPOSAL = {
    "id": "",
    "title": _WORDS,
    "body": _WORDS,
    "publishedAt": "",
    "state": "",
    "official": "",
    "withdrawn": "",
    "voteCount": "",
    "coordinates": "{ latitude longitude }",
    "author": "{ id nickname }",
    "comments": _COMMENTS,
}
# what servers of some versions do not know, and what can be done without
_OPTIONAL = {"state", "official", "withdrawn", "voteCount", "coordinates", "author"}
_SPACES = {"processes": "participatoryProcess", "assemblies": "assembly"}
_ADD_COMMENT = """mutation($id: String!, $type: String!, $locale: String!, $body: String!) {
  commentable(id: $id, type: $type, locale: $locale, toggleTranslations: false) { addComment(body: $body) { id } }
}"""
_ANSWER = """mutation($component: ID!, $proposal: ID!, $input: AnswerInput!) {
  component(id: $component) { ... on ProposalsMutation { proposal(id: $proposal) { answer(input: $input) { id } } } }
}"""


class Decidim(Replying):
    """The proposals of some processes or assemblies.

    The server tells of no change, so all proposals are read each time. A reply is a comment or, where it is chosen
    so, the official answer to the proposal; an answer that stands there is never written over.
    """

    name: ClassVar[str] = "decidim"
    every: ClassVar[int] = 120
    fields: ClassVar[tuple[Field, ...]] = (
        Field(name="address", kind="url"),
        Field(name="spaces", kind="list"),
        Field(name="own", kind="list", required=False),
        Field(name="reply", kind="choice", choices=("comment", "answer"), default="comment"),
        Field(name="language", kind="choice", choices=("fi", "sv", "en"), default="fi"),
        Field(name="key", required=False),
        Field(name="secret", kind="secret", required=False),
    )
    _unknown: frozenset[str] = frozenset()

    def test(self) -> Found:
        """Find every space, and where a key is given, sign in and out."""
        spaces = [self._space(line) for line in self.lines("spaces")]
        if self.settings["key"]:
            with self._signed_in():
                pass
        components = sum(len(dicts(space.get("components"))) for space in spaces)
        return Found(
            name=", ".join(translated(space.get("title")) for space in spaces)[:200], facts={"components": components}
        )

    def listen(self, since: Cursor) -> Iterator[Batch]:
        """Yield the proposals with their comments a page at a time, then what is there no more."""
        known: dict[str, str] = dict(since.get("known", {}))
        seen: dict[str, str] = {}
        for component, node in self._pages():
            items: list[Item] = []
            own = 0
            for proposal in node:
                posts, passed = self._read(proposal, component, seen)
                items += posts
                own += passed
            yield Batch(items=tuple(items), cursor={"known": known | seen}, passed={"own": own} if own else {})
        gone = self._gone({one: parent for one, parent in known.items() if one not in seen}, seen)
        left = {one: parent for one, parent in (known | seen).items() if one not in gone}
        yield Batch(items=tuple(Gone(id=one) for one in sorted(gone)), cursor={"known": left})

    def _pages(self) -> Iterator[tuple[str, list[Any]]]:
        for line in self.lines("spaces"):
            for component in dicts(self._space(line).get("components")):
                yield from self._of_component(str(component.get("id")))

    def _of_component(self, component: str) -> Iterator[tuple[str, list[Any]]]:
        after = None
        for _ in range(_MOST_PAGES):
            page = self._page(component, after)
            edges, info = page.get("edges"), page.get("pageInfo")
            yield component, [edge.get("node") for edge in dicts(edges)]
            if not isinstance(info, dict) or not info.get("hasNextPage") or info.get("endCursor") in {None, after}:
                return
            after = info["endCursor"]

    def _page(self, component: str, after: str | None) -> dict[str, Any]:
        """Ask for a page of proposals; fields that this server does not know are left out from now on."""
        while True:
            selection = " ".join(f"{name} {what}" for name, what in _PROPOSAL.items() if name not in self._unknown)
            query = (
                "query($id: ID!, $after: String) { component(id: $id) { id ... on Proposals { "
                f"proposals(first: {_PAGE}, after: $after) {{ pageInfo {{ hasNextPage endCursor }} "
                f"edges {{ node {{ {selection} }} }} }} }} }} }}"
            )
            data, faults = self._ask(query, {"id": component, "after": after})
            page = inner(data, "component", "proposals")
            if isinstance(page, dict):
                return page
            unknown = {fault.field for fault in faults} & (_OPTIONAL - self._unknown)
            if not unknown:
                raise trouble_in(faults)
            self._unknown |= unknown

    def _space(self, line: str) -> dict[str, Any]:
        """Find a space by the end of its address ("processes/osallistu"); a bare name is a process."""
        *_, kind, slug = ["", "processes", *line.partition("?")[0].rstrip("/").split("/")]
        root = _SPACES.get(kind, "participatoryProcess")
        query = (
            f"query($slug: String!) {{ space: {root}(slug: $slug) {{ id title {_WORDS} "
            'components(filter: {type: "Proposals"}) { id } } }'
        )
        data, faults = self._ask(query, {"slug": slug})
        space = data.get("space")
        if not isinstance(space, dict):
            raise trouble_in(faults) if faults else Trouble("settings", "no-such-space")
        return space

    def _ask(
        self, query: str, variables: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> tuple[dict[str, Any], tuple[Fault, ...]]:
        return graphql(self.http, f"{self._base}/api", query, variables, headers)

    @property
    def _base(self) -> str:
        return self.settings["address"].rstrip("/").removesuffix("/api")

    def _read(self, proposal: Any, component: str, seen: dict[str, str]) -> tuple[list[Item], int]:  # noqa: ANN401
        """Give a proposal and the comments on it, note what was seen, and count what is the municipality's own."""
        if not isinstance(proposal, dict) or not proposal.get("id"):
            return [Unread(code="not-a-proposal")], 0
        told = f"proposal/{proposal['id']}"
        seen[told] = component
        own = int(bool(proposal.get("official")) or self._is_own(proposal))
        items: list[Item] = [] if own else [read_proposal(told, proposal, component)]
        waiting = [(told, comment) for comment in dicts(proposal.get("comments"))]
        while waiting:
            parent, comment = waiting.pop()
            name = f"comment/{comment.get('id')}"
            waiting += [(name, answer) for answer in dicts(comment.get("comments"))]
            seen[name] = told
            if self._is_own(comment):
                own += 1
            else:
                at = {"component": component, "proposal": str(proposal["id"])}
                items.append(read_comment(name, comment, parent, translated(proposal.get("title")), at))
        return items, own

    def _is_own(self, said: Mapping[str, Any]) -> bool:
        nickname = str(inner(said, "author", "nickname") or "")
        return nickname.lstrip("@").casefold() in {one.lstrip("@").casefold() for one in self.lines("own")}

    def _gone(self, missed: Mapping[str, str], seen: Mapping[str, str]) -> set[str]:
        """Say which of what was not seen is gone: pages shift while they are read, so each proposal is asked for."""
        proposals = [one for one in missed if one.startswith("proposal/")][:_MOST_MISSED]
        gone = {one for one in proposals if not self._is_there(missed[one], one.partition("/")[2])}
        # the comments on a proposal come whole: one that is not among them is gone
        return gone | {one for one, parent in missed.items() if parent in seen or parent in gone}

    def _is_there(self, component: str, proposal: str) -> bool:
        query = "query($id: ID!, $one: ID!) { component(id: $id) { ... on Proposals { proposal(id: $one) { id } } } }"
        data, _ = self._ask(query, {"id": component, "one": proposal})
        return bool(inner(data, "component", "proposal"))

    def limit(self) -> Limit:
        """Give the length of a comment on a server that was not told otherwise."""
        return Limit(most=1000)

    def reply(self, reply_to: Mapping[str, Any], text: str, *, key: str) -> Sent:
        """Comment, or answer the proposal."""
        if not self.settings["key"]:
            raise Trouble("settings", "no-key", unsent=1)
        with self._signed_in() as headers:
            if self.settings["reply"] == "answer" and reply_to["type"] == PROPOSAL_TYPE:
                return self._answered(reply_to, text, key, headers)
            return self._commented(reply_to, text, headers)

    def find(self, reply_to: Mapping[str, Any], text: str, *, key: str) -> Sent | None:
        """Look for the text among the comments on the proposal, and in its answer."""
        del key
        query = (
            "query($id: ID!, $one: ID!) { component(id: $id) { ... on Proposals { proposal(id: $one) "
            f"{{ answer {_WORDS} comments {_COMMENTS} }} }} }} }}"
        )
        data, _ = self._ask(query, {"id": reply_to["component"], "one": reply_to["proposal"]})
        proposal = inner(data, "component", "proposal") or {}
        if html_text(translated(proposal.get("answer"), self.settings["language"])) == text.strip():
            return Sent(id=f"answer/{reply_to['proposal']}")
        waiting = dicts(proposal.get("comments"))
        while waiting:
            comment = waiting.pop()
            if html_text(str(comment.get("body") or "")) == text.strip():
                return Sent(id=f"comment/{comment.get('id')}")
            waiting += dicts(comment.get("comments"))
        return None

    def _commented(self, reply_to: Mapping[str, Any], text: str, headers: Mapping[str, str]) -> Sent:
        names = {"id": reply_to["id"], "type": reply_to["type"], "locale": self.settings["language"], "body": text}
        with sending():
            data, faults = self._ask(_ADD_COMMENT, names, headers)
        comment = inner(data, "commentable", "addComment")
        if not comment:
            raise trouble_in(faults)
        return Sent(id=f"comment/{comment['id']}")

    def _answered(self, reply_to: Mapping[str, Any], text: str, key: str, headers: Mapping[str, str]) -> Sent:
        query = (
            "query($id: ID!, $one: ID!) { component(id: $id) { ... on Proposals { proposal(id: $one) "
            f"{{ state answer {_WORDS} }} }} }} }}"
        )
        data, faults = self._ask(query, {"id": reply_to["component"], "one": reply_to["proposal"]})
        proposal = inner(data, "component", "proposal")
        if not proposal:
            raise trouble_in(faults)
        if translated(proposal.get("answer")):
            raise Trouble("refused", "answered-already", unsent=1)
        state = proposal.get("state") if proposal.get("state") in {"accepted", "rejected"} else "evaluating"
        attributes = {"state": state, "answerContent": {self.settings["language"]: text}}
        told = {"clientMutationId": key, "attributes": attributes}
        names = {"component": reply_to["component"], "proposal": reply_to["proposal"], "input": told}
        with sending():
            data, faults = self._ask(_ANSWER, names, headers)
        if not inner(data, "component", "proposal", "answer"):
            raise trouble_in(faults)
        return Sent(id=f"answer/{reply_to['proposal']}")

    @contextmanager
    def _signed_in(self) -> Iterator[dict[str, str]]:
        """Sign in as a machine, and out again whatever happens."""
        form: dict[str, str | list[str]] = {
            "api_user[key]": self.settings["key"],
            "api_user[secret]": self.settings["secret"],
        }
        token = self.http.ask("POST", f"{self._base}/api/sign_in", form=form).headers.get("authorization", "")
        if not token:
            raise Trouble("auth", "not-let-in", unsent=1)
        headers = {"Authorization": token if token.startswith("Bearer ") else f"Bearer {token}"}
        try:
            yield headers
        finally:
            with suppress(Trouble):
                self.http.ask("DELETE", f"{self._base}/api/sign_out", headers=headers)
