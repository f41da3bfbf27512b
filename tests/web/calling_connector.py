"""A channel that calls by itself, as another package may bring one: signed calls of JSON."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping

from kuulo.hear.connector import Batch, Cursor, Field, Found, Gone, Item, Post, Receiving
from kuulo.hear.trouble import Trouble


class Calling(Receiving):
    name = "calling"
    fields = (Field(name="secret", kind="secret"),)

    def test(self) -> Found:
        return Found(name="Calling")

    def listen(self, since: Cursor) -> Iterator[Batch]:
        yield Batch(cursor=since)

    def greet(self, query: Mapping[str, str]) -> str:
        if query.get("secret") != self.settings["secret"]:
            raise Trouble("auth", "wrong-secret")
        return query["challenge"]

    def receive(self, headers: Mapping[str, str], body: bytes) -> Batch:
        if not hmac.compare_digest(headers.get("x-signature", ""), signature(self.settings["secret"], body)):
            raise Trouble("auth", "forged")
        try:
            told = json.loads(body)
        except ValueError:
            raise Trouble("broken", "not-json") from None
        return Batch(items=tuple(map(read, told["posts"])), passed={"own": told.get("own", 0)})


def read(told: dict[str, str]) -> Item:
    return Gone(id=told["id"]) if "text" not in told else Post(**told)


def signature(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
