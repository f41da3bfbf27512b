"""Marker: the file by which a data folder is a training copy, and what it says of the practice."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

# settings.PRACTICE is whether it is there
NAME = "practice.json"


@dataclass(frozen=True, slots=True)
class Marker:
    """``speed`` is minutes of the storm in a real one; what happened before ``since`` (ISO time) counts no more."""

    speed: int
    since: str

    @property
    def began(self) -> datetime:
        """Give ``since`` as a moment."""
        return datetime.fromisoformat(self.since)


def mark(folder: Path, marker: Marker) -> None:
    """Make a folder a training copy, or change what its marker says."""
    part = folder / f".{NAME}.part"
    part.write_text(json.dumps(asdict(marker)), "utf-8")
    part.replace(folder / NAME)


def marker_of(folder: Path) -> Marker | None:
    """Read the marker of a folder; None where it is no training copy. Raises ValueError where it is damaged."""
    try:
        told = json.loads((folder / NAME).read_text("utf-8"))
        return Marker(speed=int(told["speed"]), since=str(told["since"]))
    except FileNotFoundError:
        return None
    except (KeyError, TypeError) as error:
        raise ValueError(NAME) from error
