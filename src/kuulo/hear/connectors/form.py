"""The municipality's own form: a page of Kuulo's own, where anybody can say something without an account.

It is not listened to: what is said on the page is stored as it comes. Here stand its settings.
"""

import re
from collections.abc import Iterator
from typing import ClassVar

from kuulo.hear.connector import Batch, Connector, Cursor, Field, Found
from kuulo.hear.trouble import Trouble

LANGUAGES = ("fi", "sv", "nb", "en")
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
_SITE = re.compile(r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?", re.IGNORECASE)


class OwnForm(Connector):
    """A page to say something on. It is offered in the languages that have a title."""

    name: ClassVar[str] = "form"
    every: ClassVar[int] = 1440
    fields: ClassVar[tuple[Field, ...]] = (
        Field(name="page"),
        *(
            Field(name=f"{part}_{language}", required=False)
            for part in ("title", "intro", "thanks")
            for language in LANGUAGES
        ),
        Field(name="ask_contact", kind="yes", required=False),
        Field(name="embedded_at", kind="list", required=False),
    )

    def test(self) -> Found:
        """Look whether the page has a name, a title, and sites that may show it."""
        if not _NAME.fullmatch(self.settings["page"]):
            raise Trouble("settings", "not-an-address", field="page")
        if len(self.sites()) < len(self.lines("embedded_at")):
            raise Trouble("settings", "not-an-address", field="embedded_at")
        if not self.languages():
            raise Trouble("settings", "no-title")
        return Found(name=self.settings[f"title_{self.languages()[0]}"], facts={"languages": len(self.languages())})

    def listen(self, since: Cursor) -> Iterator[Batch]:
        """Yield nothing: what is said on the page does not wait to be fetched."""
        yield Batch(cursor=since)

    def languages(self) -> list[str]:
        """Give the languages that the page is offered in."""
        return [one for one in LANGUAGES if self.settings[f"title_{one}"].strip()]

    def sites(self) -> list[str]:
        """Give the sites that may show the page within theirs, as https://www.example.fi."""
        return [line for line in self.lines("embedded_at") if _SITE.fullmatch(line)]
