"""A file of given bytes, read in one call."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kuulo.hear.files import Orders, Reading, Refused, read

Hear = Callable[..., Reading]


@pytest.fixture
def hear(tmp_path: Path) -> Hear:
    """Write ``content`` (text is UTF-8) to a file called ``name`` and read it with these orders."""

    def heard(content: str | bytes, name: str = "palautteet.csv", **orders: Any) -> Reading:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read(str(path), orders=Orders(**orders))

    return heard


@pytest.fixture
def refused(hear: Hear) -> Callable[..., Refused]:
    """Read as ``hear`` does and give the refusal."""

    def refusal(content: str | bytes, name: str = "palautteet.csv", **orders: Any) -> Refused:
        with pytest.raises(Refused) as caught:
            hear(content, name, **orders)
        return caught.value

    return refusal
