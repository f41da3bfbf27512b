"""Keep what growing needs: the messages, where they stand, and their vectors, each file with its checksum."""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from kuulo.group.result import Grouping, Placement, Theme
from kuulo.message import Message

FORMAT = 1


class StateRefused(Exception):
    """A stored state that cannot be grown: ``code`` is missing-state, damaged-state or other-version."""

    def __init__(self, code: str, file: str) -> None:
        super().__init__(code, file)
        self.code = code
        self.file = file


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """A grouping with all that growing it needs.

    ``raw`` (distinct texts, 768) stands in the order of the first messages of each text. ``distance`` is how
    far apart the texts of a subtheme may be; ``recipe`` names how the vectors were made.
    """

    messages: Sequence[Message]
    grouping: Grouping
    raw: NDArray[np.float16]
    distance: float
    recipe: str


def pack(state: State) -> dict[str, bytes]:
    """Give the files of the state by name, ``check.json`` with their checksums last. No pickle."""
    vectors = io.BytesIO()
    np.save(vectors, state.raw, allow_pickle=False)
    grouping = {
        "run": state.grouping.run,
        "distance": round(state.distance, 4),
        "recipe": state.recipe,
        "themes": [asdict(theme) for theme in state.grouping.themes],
    }
    rows = zip(state.messages, state.grouping.placements, strict=True)
    lines = [_json({"message": asdict(m), "placement": asdict(p)}) for m, p in rows]
    files = {
        "messages.jsonl": "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass"),
        "grouping.json": _json(grouping).encode(),
        "vectors.npy": vectors.getvalue(),
    }
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return files | {"check.json": _json({"format": FORMAT, "sha256": sums}).encode()}


def unpack_state(files: Mapping[str, bytes]) -> State:
    """Read back what pack gave, after checking every checksum. Raises StateRefused."""
    _check(files)
    try:
        rows = [
            json.loads(line) for line in files["messages.jsonl"].decode("utf-8", "surrogatepass").split("\n") if line
        ]
        stored = json.loads(files["grouping.json"])
        placements = tuple(_placement(row["placement"]) for row in rows)
        grouping = Grouping(placements=placements, themes=tuple(map(_theme, stored["themes"])), run=stored["run"])
        raw = np.load(io.BytesIO(files["vectors.npy"]), allow_pickle=False)
        messages = [Message(**row["message"]) for row in rows]
        return State(
            messages=messages,
            grouping=grouping,
            raw=raw,
            distance=stored["distance"],
            recipe=stored["recipe"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise StateRefused("damaged-state", "grouping.json") from error


def _check(files: Mapping[str, bytes]) -> None:
    if "check.json" not in files:
        raise StateRefused("missing-state", "check.json")
    try:
        check = json.loads(files["check.json"])
        sums = dict(check["sha256"])
    except (ValueError, KeyError, TypeError) as error:
        raise StateRefused("damaged-state", "check.json") from error
    if check.get("format") != FORMAT:
        raise StateRefused("other-version", "check.json")
    for name in ("messages.jsonl", "grouping.json", "vectors.npy"):
        if name not in files or hashlib.sha256(files[name]).hexdigest() != sums.get(name):
            raise StateRefused("damaged-state", name)


def _placement(stored: dict[str, object]) -> Placement:
    also = stored.pop("also")
    # states of before kinds were told have none
    evidence = stored.pop("evidence", [])
    assert isinstance(also, list)
    assert isinstance(evidence, list)
    return Placement(**stored, also=tuple(also), evidence=tuple(evidence))  # type: ignore[arg-type]


def _theme(stored: dict[str, object]) -> Theme:
    phrases, central = stored.pop("keyphrases"), stored.pop("central")
    assert isinstance(phrases, dict)
    assert isinstance(central, list)
    keyphrases = {language: tuple(part) for language, part in phrases.items()}
    return Theme(**stored, keyphrases=keyphrases, central=tuple(central))  # type: ignore[arg-type]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
