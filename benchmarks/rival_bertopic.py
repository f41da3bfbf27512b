"""Run BERTopic with its defaults on given vectors; the rivals' own interpreter runs this file.

Reads FOLDER/jobs.json ([{texts: [...], vectors: "0.npy"}, ...]) and writes FOLDER/results.json. It knows
nothing of Kuulo or of the other benchmarks, for these cannot be imported where it runs.
"""

import json
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from bertopic import BERTopic


class Stopwatch:
    """Adds up the seconds spent in the methods that it watches."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def watched(self, method: Callable[..., Any]) -> Callable[..., Any]:
        """Give the method with its time taken."""

        def timed(*args: Any, **kwargs: Any) -> Any:
            start = time.perf_counter()
            try:
                return method(*args, **kwargs)
            finally:
                self.seconds += time.perf_counter() - start

        return timed


def run(texts: list[str], vectors: np.ndarray) -> dict[str, Any]:
    """Group texts; ``seconds`` is all of fit_transform, ``clustering`` its UMAP and HDBSCAN steps alone."""
    model = BERTopic(embedding_model=None)
    watch = Stopwatch()
    model.umap_model.fit_transform = watch.watched(model.umap_model.fit_transform)
    model.hdbscan_model.fit = watch.watched(model.hdbscan_model.fit)
    start = time.perf_counter()
    labels, _ = model.fit_transform(texts, embeddings=vectors)
    seconds = time.perf_counter() - start
    return {"labels": [int(label) for label in labels], "seconds": seconds, "clustering": watch.seconds}


def main(folder: Path) -> None:
    """Run every job, after a first run that only warms up the compiler within UMAP."""
    described = json.loads((folder / "jobs.json").read_text())
    jobs = [(job["texts"], np.load(folder / job["vectors"])) for job in described]
    warm = min(jobs, key=lambda job: len(job[0]))
    run(*warm)
    answer = {
        "runs": [run(texts, vectors) for texts, vectors in jobs],
        "versions": {name: version(name) for name in ("bertopic", "umap-learn", "hdbscan", "numba")},
    }
    (folder / "results.json").write_text(json.dumps(answer))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
