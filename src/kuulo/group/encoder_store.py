"""Keep the encoder's graph, built once, in the user's cache folder."""

import hashlib
import os
import tempfile
from importlib.resources import files
from pathlib import Path

import platformdirs

from kuulo.group.encoder_file import SHA256, check_model, read_model

# Changes when the graph is written differently from the same file and ranges.
GRAPH_VERSION = "1"


def cache_folder() -> Path:
    """Give Kuulo's cache folder: ``KUULO_CACHE``, else the user's own."""
    given = os.environ.get("KUULO_CACHE")
    return Path(given) if given else platformdirs.user_cache_path("kuulo")


class GraphStore:
    """The graph's place on disk: named by what it is made from, followed by its own checksum."""

    def __init__(self, folder: Path | None = None) -> None:
        recipe = f"{GRAPH_VERSION}-{SHA256}-{_calibration_digest()}"
        name = hashlib.sha256(recipe.encode()).hexdigest()[:16]
        self.folder = folder or cache_folder()
        self.path = self.folder / f"encoder-{name}.onnx"

    def is_ready(self) -> bool:
        """Tell whether the graph is there and whole."""
        try:
            stored = self.path.read_bytes()
        except OSError:
            return False
        return hashlib.sha256(stored[:-32]).digest() == stored[-32:]

    def ready(self, model: Path) -> bytes:
        """Give the graph, building it from a verified model file where it is missing or damaged.

        Two processes may build at once: each writes a file of its own and renames it into place. A folder
        that cannot be written is no obstacle: the graph is then built each time.
        """
        if self.is_ready():
            return self.path.read_bytes()[:-32]
        # the graph is written with a large library that no later run needs
        from kuulo.group.encoder_graph import Ranges, write_graph  # noqa: PLC0415

        check_model(model)
        graph, _ = write_graph(read_model(model), Ranges.shipped())
        self._keep(graph)
        return graph

    def _keep(self, graph: bytes) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
                file.write(graph + hashlib.sha256(graph).digest())
            Path(file.name).replace(self.path)
        except OSError:
            return


def _calibration_digest() -> str:
    return hashlib.sha256((files("kuulo.group") / "calibration.npz").read_bytes()).hexdigest()
