"""Let Kuulo and its rivals group the same texts from the same vectors."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from benchmarks.datasets import TextSet
from benchmarks.measures import LEFT_OUT
from benchmarks.rivals import (
    BERTOPIC_NOTE,
    RivalMissingError,
    Run,
    Vectors,
    bertopic,
    kmeans,
    subthemes_rule,
    themes_rule,
    word_cloud,
)
from kuulo.group.embed import Encoder
from kuulo.group.levels import group_vectors
from kuulo.group.pipeline import group
from kuulo.group.result import Placement
from kuulo.message import Message

Level = Literal["theme", "subtheme"]
LEVELS: tuple[Level, ...] = ("theme", "subtheme")
Kind = Literal["mean e5", "Kuulo's vectors"]
KINDS: tuple[Kind, ...] = ("mean e5", "Kuulo's vectors")
KUULO = "Kuulo"
_BERTOPIC_RUNS = 3
_CLOUDS = (None, 20, 100)
_SPELLINGS = {"words": None, "beginnings of six letters": 6}


@dataclass(frozen=True)
class Entry:
    """One contestant and what it made of the sets: a set comes back as often as the contestant ran on it."""

    who: str
    runs: list[tuple[TextSet, Run]]


@dataclass
class Contest:
    """Keeps vectors and the rivals' runs, so that measures on the same texts do not repeat the work."""

    encoder: Encoder
    notes: list[str] = field(default_factory=lambda: [BERTOPIC_NOTE])
    _vectors: dict[tuple[Kind, str], np.ndarray] = field(default_factory=dict)
    _grouped: dict[tuple[str, ...], tuple[Sequence[Placement], float]] = field(default_factory=dict)
    _bertopic: dict[tuple[Kind, tuple[str, ...]], list[Run]] = field(default_factory=dict)

    def entries(
        self,
        sets: Sequence[TextSet],
        *,
        level: Level = "theme",
        true_groups: Sequence[int] = (),
        bertopic_runs: int = _BERTOPIC_RUNS,
    ) -> list[Entry]:
        """Give Kuulo's grouping of each set, then the rivals'.

        ``true_groups`` (one number a set) lets KMeans also run with the number of groups that people made.
        """
        entries = [Entry(KUULO, [(texts, self.kuulo(texts, level)) for texts in sets])]
        rule = themes_rule if level == "theme" else subthemes_rule
        for kind in KINDS:
            by_rule = [rule(len(texts.texts)) for texts in sets]
            entries.append(self._kmeans(f"KMeans, k by rule, {kind}", sets, kind, by_rule))
            if true_groups:
                entries.append(self._kmeans(f"KMeans, true k, {kind}", sets, kind, true_groups))
        return entries + self._bertopic_entries(sets, bertopic_runs)

    def word_clouds(self, sets: Sequence[TextSet], *, level: Level = "theme") -> list[Entry]:
        """Give what Kuulo's command makes of each set, then word clouds: as many words as its groups, 20, 100."""
        entries = [Entry(KUULO, [(texts, self.command(texts, level)) for texts in sets])]
        groups = [len(set(run.labels.tolist()) - {LEFT_OUT}) for _, run in entries[0].runs]
        for spelling, letters in _SPELLINGS.items():
            for words in _CLOUDS:
                runs = [
                    (texts, word_cloud(texts.texts, words=words or number, letters=letters))
                    for texts, number in zip(sets, groups, strict=True)
                ]
                size = "as many as Kuulo's groups" if words is None else words
                entries.append(Entry(f"word cloud, {spelling}, {size}", runs))
        return entries

    def kuulo(self, texts: TextSet, level: Level) -> Run:
        """Let Kuulo group a set."""
        vectors = self.vectors("Kuulo's vectors", texts)
        start = time.perf_counter()
        levels = group_vectors(vectors, texts=texts.texts)
        seconds = time.perf_counter() - start
        labels = levels.theme if level == "theme" else levels.subtheme
        return Run(labels=np.asarray(labels), seconds=seconds, clustering=seconds)

    def command(self, texts: TextSet, level: Level) -> Run:
        """Let Kuulo group a set with all steps, as a user gets it: copies fold, what fits nowhere is left out."""
        if tuple(texts.texts) not in self._grouped:
            start = time.perf_counter()
            state = group([Message(text=text) for text in texts.texts], self.encoder)
            self._grouped[tuple(texts.texts)] = state.grouping.placements, time.perf_counter() - start
        placements, seconds = self._grouped[tuple(texts.texts)]
        names = [place.theme if level == "theme" else place.subtheme for place in placements]
        numbers = {name: at for at, name in enumerate(dict.fromkeys(names))}
        labels = [
            numbers[name] if place.status == "grouped" else LEFT_OUT
            for place, name in zip(placements, names, strict=True)
        ]
        return Run(labels=np.array(labels, dtype=np.int64), seconds=seconds, clustering=seconds)

    def vectors(self, kind: Kind, texts: TextSet) -> Vectors:
        """Give a set's vectors (n, d), embedding only texts not seen before."""
        new = [text for text in dict.fromkeys(texts.texts) if (kind, text) not in self._vectors]
        if new:
            embed = self.encoder.mean_pooled if kind == "mean e5" else self.encoder.vectors
            self._vectors.update({(kind, text): vector for text, vector in zip(new, embed(new), strict=True)})
        return np.stack([self._vectors[kind, text] for text in texts.texts])

    def _kmeans(self, who: str, sets: Sequence[TextSet], kind: Kind, groups: Sequence[int]) -> Entry:
        pairs = zip(sets, groups, strict=True)
        return Entry(who, [(texts, kmeans(self.vectors(kind, texts), groups=k)) for texts, k in pairs])

    def _bertopic_entries(self, sets: Sequence[TextSet], repeats: int) -> list[Entry]:
        try:
            self._run_bertopic(sets, repeats)
        except RivalMissingError as error:
            if str(error) not in self.notes:
                self.notes.append(str(error))
            return []
        return [
            Entry(
                f"BERTopic, {kind}",
                [(texts, run) for texts in sets for run in self._bertopic[kind, tuple(texts.texts)][:repeats]],
            )
            for kind in KINDS
        ]

    def _run_bertopic(self, sets: Sequence[TextSet], repeats: int) -> None:
        """Run what has not been run yet, all in one go: starting its interpreter takes longest."""
        wanted = [
            (kind, texts)
            for kind in KINDS
            for texts in sets
            for _ in range(repeats - len(self._bertopic.get((kind, tuple(texts.texts)), [])))
        ]
        if not wanted:
            return
        runs = bertopic([(texts.texts, self.vectors(kind, texts)) for kind, texts in wanted])
        for (kind, texts), run in zip(wanted, runs, strict=True):
            self._bertopic.setdefault((kind, tuple(texts.texts)), []).append(run)
