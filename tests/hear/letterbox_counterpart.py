"""The other side of the stranger's connector of tests/stranger: letters on a loopback server."""

import importlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.hear.door import Asked, Door, Told

from kuulo.hear.connectors import connectors
from kuulo.hear.contract import Counterpart

STRANGER = str(Path(__file__).parent.parent / "stranger")
A_PAGE = 3


@contextmanager
def installed() -> Iterator[None]:
    """Have the stranger's package found as an installed one is."""
    sys.path.insert(0, STRANGER)
    importlib.invalidate_caches()
    connectors.cache_clear()
    try:
        yield
    finally:
        sys.path.remove(STRANGER)
        connectors.cache_clear()


class Letters(Counterpart):
    """Letters, numbered as they come; a change is a new number of the same letter."""

    skills = frozenset({"edit", "delete", "reply"})

    def __init__(self) -> None:
        type(self).connector = connectors()["letterbox"]
        self.letters: list[dict[str, object]] = []
        self.sent: list[dict[str, str]] = []
        # after the reply was taken the answer is lost
        self.loses_answer = False
        self.door = Door(self.answer)

    def settings(self) -> dict[str, str]:
        return {"address": self.door.url}

    def say(self, text: str, *, parent: str = "") -> str:
        return self.write(f"kirje-{len(self.letters)}", text)

    def write(self, origin: str, text: str, *, gone: bool = False) -> str:
        self.letters.append({"number": len(self.letters) + 1, "id": origin, "text": text, "gone": gone})
        return origin

    def edit(self, origin: str, text: str) -> None:
        self.write(origin, text)

    def delete(self, origin: str) -> None:
        self.write(origin, "", gone=True)

    def fail(self, *faults: str) -> None:
        self.door.faults.extend(faults)

    def replies(self) -> list[str]:
        return [one["text"] for one in self.sent]

    def answer(self, asked: Asked) -> Told:
        if asked.method == "POST":
            told = json.loads(asked.body)
            self.sent.append(told | {"id": f"vastaus-{len(self.sent)}"})
            return Told(status=500) if self.loses_answer else json_told(self.sent[-1])
        if asked.path == "/letters":
            after = int(asked.query["after"])
            return json_told({"letters": self.letters[after : after + A_PAGE]})
        return json_told({"name": "Kirjelaatikko", "replies": self.sent})


def json_told(value: object) -> Told:
    return Told(body=json.dumps(value).encode(), headers={"Content-Type": "application/json"})
