"""The rivals: BERTopic's default recipe, KMeans, character TF-IDF with average linkage, and word clouds."""

import json
import math
import os
import re
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.datasets import REPOSITORY
from benchmarks.measures import LEFT_OUT, Labels
from kuulo.lang.common_words import common_words

INTERPRETER = "KUULO_BENCH_RIVALS_PYTHON"
BERTOPIC_NOTE = (
    "BERTopic runs with its default UMAP, HDBSCAN and vectorizer. Its own default encoder cannot be had "
    "offline, so it is given vectors; by default it takes no seed, so its figures are means of three runs. "
    "Texts that it leaves out count as groups of one."
)
_CUTS = 150
_WORD = re.compile(r"[^\W\d_]{2,}")
_ANY_LANGUAGE = "und"

Vectors = NDArray[np.float32]


class RivalMissingError(Exception):
    """BERTopic cannot run here; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """Labels, one a text (-1: left out), and the seconds it took to find them, vectors given.

    ``clustering`` leaves out what a rival does beside clustering, such as looking for words.
    """

    labels: Labels
    seconds: float
    clustering: float


def themes_rule(n: int) -> int:
    """How many themes to ask of a method that must be told: the cube root of n, within 2 and 10."""
    return max(2, min(10, round(math.cbrt(n))))


def subthemes_rule(n: int) -> int:
    """How many subthemes to ask of such a method."""
    return max(2, min(1000, n, themes_rule(n) ** 2))


def kmeans(vectors: Vectors, *, groups: int) -> Run:
    """Group by KMeans, the best of ten starts."""
    start = time.perf_counter()
    labels = KMeans(groups, n_init=10, random_state=0).fit_predict(vectors)
    return _run(labels.astype(np.int64), start)


def lexical_cuts(texts: Sequence[str]) -> list[Run]:
    """Group by character TF-IDF (3-5 grams) and average linkage, cut into 2 to n groups.

    The caller takes the cut that agrees best with people: more than anyone could do who does not know the
    answer yet. On OmaStadi that gives B-cubed F .531.
    """
    start = time.perf_counter()
    weighing = TfidfVectorizer(analyzer="char", ngram_range=(3, 5), sublinear_tf=True)
    weights = weighing.fit_transform(texts)
    distance = np.clip(1 - (weights @ weights.T).toarray(), 0, None)
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average")
    seconds = time.perf_counter() - start
    cuts = np.unique(np.geomspace(2, len(texts), _CUTS).astype(int))
    return [
        Run(labels=fcluster(tree, cut, "maxclust").astype(np.int64), seconds=seconds, clustering=seconds)
        for cut in cuts
    ]


def word_cloud(texts: Sequence[str], *, words: int, letters: int | None = None) -> Run:
    """Group as a reader of a word cloud does: by the most frequent words that are not common ones.

    A text goes to the largest word of the cloud that it holds; one that holds none is left out. With ``letters``,
    words that begin with the same so many letters are one word, so that inflected forms meet.
    """
    start = time.perf_counter()
    common = common_words(_ANY_LANGUAGE)
    told = [[word[:letters] for word in _WORD.findall(text.lower()) if word not in common] for text in texts]
    counted = Counter(word for text in told for word in text)
    cloud = sorted(counted, key=lambda word: (-counted[word], word))[:words]
    place = {word: at for at, word in enumerate(cloud)}
    labels = [min((place[word] for word in text if word in place), default=LEFT_OUT) for text in told]
    return _run(np.array(labels, dtype=np.int64), start)


def bertopic(jobs: Sequence[tuple[Sequence[str], Vectors]]) -> list[Run]:
    """Run BERTopic once a job (texts and their vectors), in its own environment. Raises RivalMissingError."""
    interpreter = _interpreter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        described = []
        for number, (texts, vectors) in enumerate(jobs):
            np.save(folder / f"{number}.npy", vectors)
            described.append({"texts": list(texts), "vectors": f"{number}.npy"})
        (folder / "jobs.json").write_text(json.dumps(described))
        script = Path(__file__).with_name("rival_bertopic.py")
        done = subprocess.run([interpreter, script, folder], check=False, capture_output=True, text=True, cwd=folder)
        if done.returncode:
            raise RivalMissingError(f"BERTopic stopped: {done.stderr.strip().splitlines()[-1]}")
        results = json.loads((folder / "results.json").read_text())
    return [
        Run(labels=np.array(run["labels"]), seconds=run["seconds"], clustering=run["clustering"])
        for run in results["runs"]
    ]


def _interpreter() -> str:
    default = REPOSITORY / ".venv-rivals/bin/python"
    chosen = os.environ.get(INTERPRETER, str(default))
    if not Path(chosen).exists():
        raise RivalMissingError(
            f"BERTopic did not run: `make bench` makes its environment, or name its Python in {INTERPRETER}."
        )
    return chosen


def _run(labels: Labels, start: float) -> Run:
    seconds = time.perf_counter() - start
    return Run(labels=labels, seconds=seconds, clustering=seconds)
