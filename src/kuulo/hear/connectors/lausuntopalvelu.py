"""Lausuntopalvelu.fi: the statements that were given on what an authority asked about.

The open interface is described on the service's own page; of an answer's properties that page was not seen to name
all, so several names are tried, and what cannot be read is told as unread.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote, urljoin

from kuulo.hear.connector import Batch, Connector, Cursor, Field, Found, Gone, Item, Opened, Post, Unread
from kuulo.hear.html_text import html_text
from kuulo.hear.odata import moment, rows
from kuulo.hear.trouble import Trouble

# Statements on a request are read until so long after it closed.
_AGAIN = timedelta(days=30)
_TEXTS = ("AnswerText", "Text", "Answer", "FreeText", "Comment", "Value", "Content")
_WRITERS = ("ParticipantId", "UserId", "RespondentId")
_TIMES = ("AnsweredOn", "SubmittedOn", "PublishedOn", "ModifiedOn", "CreatedOn")


class Lausuntopalvelu(Connector):
    """The statements on one authority's requests: all answers of one participant to one request are one statement."""

    name: ClassVar[str] = "lausuntopalvelu"
    every: ClassVar[int] = 720
    fields: ClassVar[tuple[Field, ...]] = (
        Field(name="organisation"),
        Field(name="address", kind="url", default="https://www.lausuntopalvelu.fi/api/v1/Lausuntopalvelu.svc"),
    )

    def test(self) -> Found:
        """Look for the authority's requests."""
        return Found(name=self.settings["organisation"], facts={"proposals": len(self._proposals())})

    def listen(self, since: Cursor) -> Iterator[Batch]:
        """Yield the statements, a batch for each request."""
        read: dict[str, list[str]] = {one: list(ids) for one, ids in since.get("read", {}).items()}
        for proposal in self._proposals():
            told = str(proposal.get("Id") or "")
            if not told or (told in read and _is_over(proposal)):
                continue
            items = self._statements(told, proposal)
            if items is None:
                continue
            ids = [item.id for item in items if isinstance(item, Post)]
            unread = {item.id for item in items if isinstance(item, Unread)}
            gone = [one for one in read.get(told, []) if one not in ids and one not in unread]
            read[told] = [*ids, *(one for one in unread if one)]
            yield Batch(
                items=(*items, *(Gone(id=one) for one in gone)),
                cursor={"read": dict(read)},
                opened=self._opened(told, proposal),
            )

    def _opened(self, told: str, proposal: Mapping[str, Any]) -> tuple[Opened, ...]:
        """Tell of a request that says when it closes. When it was opened is not told under a name that is known."""
        closes = _closes(proposal)
        if closes is None:
            return ()
        name = html_text(str(proposal.get("Name") or ""))
        return (Opened(id=told, name=name, url=self._page_of(told), closes=closes),)

    def _page_of(self, told: str) -> str:
        return urljoin(self.settings["address"], f"/FI/Proposal/Participation?proposalId={quote(told)}")

    def _proposals(self) -> list[dict[str, Any]]:
        """Give the authority's requests, found by its name as the service writes it."""
        name = self.settings["organisation"].strip().replace("'", "''")
        wanted = quote(f"OrganizationName eq '{name}'")
        return list(rows(self.http, self.settings["address"], f"Proposals?$filter={wanted}"))

    def _of(self, proposal: str, what: str) -> list[dict[str, Any]] | None:
        """Give what belongs to one request; None where the service has no such thing."""
        try:
            return list(rows(self.http, self.settings["address"], f"Proposals(guid'{quote(proposal)}')/{what}"))
        except Trouble as trouble:
            if trouble.kind == "refused":
                return None
            raise

    def _statements(self, told: str, proposal: Mapping[str, Any]) -> list[Item] | None:
        answers = self._of(told, "Answers")
        if answers is None:
            return None
        by_writer: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for number, answer in enumerate(answers):
            by_writer[_first(answer, _WRITERS) or str(answer.get("Id") or number)].append(answer)
        questions = (self._of(told, "Questions") or []) if answers else []
        asked = {str(one.get("Id")): one for one in questions}
        statements = {writer: _Statement(given, asked) for writer, given in by_writer.items()}
        return [self._item(told, writer, one, proposal) for writer, one in statements.items()]

    def _item(self, within: str, writer: str, statement: "_Statement", proposal: Mapping[str, Any]) -> Item:
        told = f"{within}/{writer}"
        if not statement.text:
            return Unread(code="no-text", id=told)
        return Post(
            id=told,
            text=statement.text,
            title=html_text(str(proposal.get("Name") or "")),
            time=statement.time,
            form="statement",
            author=writer,
            thread=within,
            url=self._page_of(within),
        )


class _Statement:
    """The answers of one participant, in the order of the questions."""

    def __init__(self, answers: list[dict[str, Any]], asked: Mapping[str, Mapping[str, Any]]) -> None:
        pairs = [(asked.get(str(one.get("QuestionId")), {}), one) for one in answers]
        pairs.sort(key=lambda pair: _order(pair[0]))
        self.text = "\n\n".join(filter(None, (_part(answer, question) for question, answer in pairs)))
        times = [time for one in answers if (time := moment(_first(one, _TIMES)))]
        self.time = max(times, default=None)


def _part(answer: Mapping[str, Any], question: Mapping[str, Any]) -> str:
    """Give an answer under the question that it answers; "" for one without words."""
    text = html_text(_first(answer, _TEXTS))
    return "\n".join(filter(None, [html_text(str(question.get("Header") or "")), text])) if text else ""


def _first(row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((str(row[name]).strip() for name in names if row.get(name)), "")


def _order(question: Mapping[str, Any]) -> int:
    told = str(question.get("Order") or "")
    return int(told) if told.isdecimal() else 0


def _closes(proposal: Mapping[str, Any]) -> datetime | None:
    return moment(proposal.get("ClosingDate") or proposal.get("Deadline"))


def _is_over(proposal: Mapping[str, Any]) -> bool:
    closed = _closes(proposal)
    return closed is not None and closed < datetime.now(UTC) - _AGAIN
