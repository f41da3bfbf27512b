"""A stranger's connector, found by its entry point: a letterbox that is asked by HTTP."""

from collections.abc import Iterator, Mapping
from typing import Any

from kuulo.hear.connector import Batch, Cursor, Field, Found, Gone, Limit, Post, Replying, Sent
from kuulo.hear.trouble import Trouble


class Letterbox(Replying):
    name = "letterbox"
    fields = (Field(name="address", kind="url"),)

    def test(self) -> Found:
        return Found(name=str(self._asked("/name")["name"]))

    def listen(self, since: Cursor) -> Iterator[Batch]:
        after = int(since.get("after", 0))
        while letters := self._asked(f"/letters?after={after}")["letters"]:
            after = max(one["number"] for one in letters)
            items = tuple(Gone(id=one["id"]) if one["gone"] else _post(one) for one in letters)
            yield Batch(items=items, cursor={"after": after})

    def limit(self) -> Limit:
        return Limit(most=500)

    def reply(self, reply_to: Mapping[str, Any], text: str, *, key: str) -> Sent:
        told = {"to": reply_to["id"], "text": text, "key": key}
        answer = self.http.ask("POST", self.settings["address"] + "/replies", json_body=told)
        return Sent(id=answer.json()["id"])

    def find(self, reply_to: Mapping[str, Any], text: str, *, key: str) -> Sent | None:
        found = [one for one in self._asked("/replies")["replies"] if one["key"] == key]
        return Sent(id=found[0]["id"]) if found else None

    def _asked(self, path: str) -> Any:
        told = self.http.get(self.settings["address"] + path).json()
        if not isinstance(told, dict):
            raise Trouble("broken", "not-json")
        return told


def _post(one: dict[str, Any]) -> Post:
    version, everywhere = f"{one['number']:08}", one.get("everywhere", "")
    return Post(id=one["id"], text=one["text"], version=version, everywhere=everywhere, reply_to={"id": one["id"]})
