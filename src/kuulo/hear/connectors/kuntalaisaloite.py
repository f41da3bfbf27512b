"""Kuntalaisaloite.fi: residents' initiatives to a Finnish municipality, from the open interface of the service."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from kuulo.hear.connector import Batch, Connector, Cursor, Field, Found, Gone, Item, Post, Unread
from kuulo.hear.instant import instant
from kuulo.hear.shape import dicts, inner, whole
from kuulo.hear.trouble import Trouble

_PAGE = 50  # the service cuts what is more, without a word
_MOST_PAGES = 400
_NOT_PUBLIC = {403, 404, 410}


class Kuntalaisaloite(Connector):
    """The initiatives of one municipality.

    The service tells of no change, so the whole list is read each time. Of each initiative a print of how it stood in
    the list is kept; its text is asked for only where that changed. Who made it is never kept.
    """

    name: ClassVar[str] = "kuntalaisaloite"
    every: ClassVar[int] = 720
    fields: ClassVar[tuple[Field, ...]] = (
        Field(name="municipality"),
        Field(name="address", kind="url", default="https://www.kuntalaisaloite.fi"),
    )

    def test(self) -> Found:
        """Find the municipality, and count the first page of its initiatives."""
        municipality = self._municipality()
        return Found(name=municipality["nameFi"], facts={"initiatives": len(self._page(municipality, 0))})

    def listen(self, since: Cursor) -> Iterator[Batch]:
        """Yield a page at a time what is new or changed in the list, then what left it."""
        municipality = self._municipality()
        prints, seen = dict(since.get("prints", {})), set()
        for number in range(_MOST_PAGES):
            page = self._page(municipality, number * _PAGE)
            listed = {str(one["id"]): _print(one) for one in page if isinstance(one, dict) and one.get("id")}
            items = [self._item(one) for one, told in listed.items() if prints.get(one) != told]
            items += [Unread(code="not-an-initiative")] * (len(page) - len(listed))
            seen |= set(listed)
            prints |= listed
            yield Batch(items=tuple(items), cursor={"prints": dict(prints)})
            if len(page) < _PAGE:
                break
        gone = [one for one in sorted(prints.keys() - seen) if self._asked(one) is None]
        left = {one: told for one, told in prints.items() if one not in gone}
        yield Batch(items=tuple(Gone(id=one) for one in gone), cursor={"prints": left})

    def _address(self, path: str) -> str:
        return f"{self.settings['address'].rstrip('/')}/api/v1/{path}"

    def _municipality(self) -> dict[str, Any]:
        """Find the municipality by its name. Its number is the service's own, not the official code."""
        wanted = self.settings["municipality"].strip().casefold()
        told = self.http.get(self._address("municipalities")).json()
        if not isinstance(told, list):
            raise Trouble("broken", "not-a-list")
        for one in dicts(told):
            if wanted in {str(one.get("nameFi")).casefold(), str(one.get("nameSv")).casefold()}:
                return one
        raise Trouble("settings", "no-such-municipality")

    def _page(self, municipality: Mapping[str, Any], offset: int) -> list[Any]:
        page = self.http.get(
            self._address("initiatives"),
            params={"municipality": _number(municipality), "offset": offset, "limit": _PAGE, "orderBy": "id"},
        ).json()
        if not isinstance(page, list):
            raise Trouble("broken", "not-a-list")
        return page

    def _asked(self, uri: str) -> dict[str, Any] | None:
        """Ask for one initiative; None where it is not public any more."""
        answer = self.http.get(self._address(f"initiatives/{uri.rpartition('/')[2]}"), accept=_NOT_PUBLIC)
        if answer.status in _NOT_PUBLIC:
            return None
        told = answer.json()
        return told if isinstance(told, dict) else {}

    def _item(self, uri: str) -> Item:
        told = self._asked(uri)
        if told is None:
            return Gone(id=uri)
        title, proposal = str(told.get("name") or ""), str(told.get("proposal") or "")
        if not (title or proposal):
            return Unread(code="no-text", id=uri)
        # The day of publishing becomes the day of the last change of state, so the earlier of the two is nearest
        # to when it was made.
        moments = [moment for name in ("publishDate", "sentTime") if (moment := instant(told.get(name)))]
        return Post(
            id=uri,
            text="\n\n".join(filter(None, [title, proposal])),
            title=title,
            time=min(moments, default=None),
            form="initiative",
            url=str(inner(told, "url", "fi") or ""),
            supporters=_supporters(told.get("participantCount")),
            background=tuple(
                (name, str(told[name])) for name in ("type", "publishDate", "sentTime") if told.get(name)
            ),
        )


def _number(municipality: Mapping[str, Any]) -> str:
    return str(municipality.get("id")).rpartition("/")[2]


def _print(listed: Mapping[str, Any]) -> str:
    """Give a short print of how an initiative stands in the list."""
    return hashlib.sha256(json.dumps(listed, sort_keys=True).encode()).hexdigest()[:12]


def _supporters(told: object) -> int | None:
    """Read a count that is a number in the list, and an object in the answer for one."""
    return whole(told.get("total") if isinstance(told, dict) else told)
