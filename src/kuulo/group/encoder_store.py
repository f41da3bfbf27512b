"""Keep what is built once from the model file, graph and word pieces, in the user's cache folder."""

import hashlib
import os
import tempfile
from abc import ABC, abstractmethod
from importlib.resources import files
from pathlib import Path

import platformdirs

from kuulo.group.encoder_file import SHA256, EncoderFile, check_model, read_model

# Changes when the same model file and ranges would be written differently.
GRAPH_VERSION = "1"


def cache_folder() -> Path:
    """Give Kuulo's cache folder: ``KUULO_CACHE``, else the user's own."""
    given = os.environ.get("KUULO_CACHE")
    return Path(given) if given else platformdirs.user_cache_path("kuulo")


class _Store(ABC):
    """One built file on disk: named by what it is made from, followed by its own checksum."""

    _suffix = ""

    def __init__(self, folder: Path | None = None) -> None:
        recipe = f"{GRAPH_VERSION}-{SHA256}-{_calibration_digest()}"
        name = hashlib.sha256(recipe.encode()).hexdigest()[:16]
        self.folder = folder or cache_folder()
        self.path = self.folder / f"encoder-{name}{self._suffix}"

    def is_ready(self) -> bool:
        """Tell whether the file is there and whole."""
        return self._stored() is not None

    def ready(self, model: Path) -> bytes:
        """Give the content, building it from a verified model file where it is missing or damaged.

        Two processes may build at once: each writes a file of its own and renames it into place. A folder
        that cannot be written is no obstacle: the content is then built each time.
        """
        stored = self._stored()
        if stored is not None:
            return stored
        check_model(model)
        built = self._build(read_model(model))
        self._keep(built)
        return built

    @abstractmethod
    def _build(self, model: EncoderFile) -> bytes: ...

    def _stored(self) -> bytes | None:
        try:
            stored = self.path.read_bytes()
        except OSError:
            return None
        return stored[:-32] if hashlib.sha256(stored[:-32]).digest() == stored[-32:] else None

    def _keep(self, built: bytes) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
                file.write(built + hashlib.sha256(built).digest())
            Path(file.name).replace(self.path)
        except OSError:
            return


class GraphStore(_Store):
    """The encoder's graph."""

    _suffix = ".onnx"

    def _build(self, model: EncoderFile) -> bytes:
        # the graph is written with a large library that no later run needs
        from kuulo.group.encoder_graph import Ranges, write_graph  # noqa: PLC0415

        return write_graph(model, Ranges.shipped())[0]


class PieceStore(_Store):
    """The encoder's word pieces."""

    _suffix = ".pieces"

    def _build(self, model: EncoderFile) -> bytes:
        from kuulo.group.encoder_pieces import write_pieces  # noqa: PLC0415

        return write_pieces(model)


def _calibration_digest() -> str:
    return hashlib.sha256((files("kuulo.group") / "calibration.npz").read_bytes()).hexdigest()
