"""Say how good a grouping is. Labels are integers, one a text; -1 stands for a text left out."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_mutual_info_score, normalized_mutual_info_score

from benchmarks.datasets import Pair

Labels = NDArray[np.int64]
Gold = Sequence[frozenset[str]]
Fold = Callable[[list[str]], Sequence[int] | Labels]
LEFT_OUT = -1
_DRAWS = 5
_KEPT_SHARE = 0.9
_NEAR_COPY = 0.8


class BCubed(NamedTuple):
    """Mean precision and recall over texts, and their harmonic mean."""

    precision: float
    recall: float
    f: float


def alone(labels: Labels) -> Labels:
    """Give every text that was left out a group of its own, so that measures count it as unhelped."""
    full = labels.copy()
    out = np.flatnonzero(labels == LEFT_OUT)
    full[out] = labels.max(initial=0) + 1 + np.arange(len(out))
    return full


def heaped(labels: Labels) -> Labels:
    """Put the texts that were left out into one group, the rest: kinder to a method than each alone."""
    return np.where(labels == LEFT_OUT, labels.max(initial=0) + 1, labels)


def coverage(labels: Labels) -> float:
    """Give the share of texts that were not left out."""
    return float((labels != LEFT_OUT).mean())


def ami(gold: Gold, labels: Labels) -> float:
    """Adjusted mutual information (arithmetic mean) with a gold of exactly one group a text."""
    return float(adjusted_mutual_info_score([_only(groups) for groups in gold], alone(labels)))


def b_cubed(gold: Gold, labels: Labels) -> BCubed:
    """B-cubed over the texts whose group people gave to at least one other text as well.

    Two texts belong together if they share any gold group, so a text may belong with texts that do not belong
    with each other. Texts that stand alone in the gold, or were not judged, took part in the grouping but
    are not scored. On OmaStadi this leaves 392 of 1,285 proposals, and "each alone" gives F .434.
    """
    scored = in_company(gold)
    together = _sharing([gold[i] for i in scored])
    own = alone(labels)[scored]
    same = own[:, None] == own[None, :]
    right = (same & together).sum(axis=1)
    precision = float((right / same.sum(axis=1)).mean())
    recall = float((right / together.sum(axis=1)).mean())
    return BCubed(precision, recall, 2 * precision * recall / (precision + recall))


def named_right(gold: Gold, labels: Labels) -> float:
    """Share of texts found under their own matter, if a person named each group after its commonest matter.

    There is nothing to find in a group of one, nor under a name for what was left out.
    """
    members: defaultdict[int, list[frozenset[str]]] = defaultdict(list)
    for groups, label in zip(gold, labels.tolist(), strict=True):
        members[label].append(groups)
    found = 0
    for label, texts in members.items():
        if label != LEFT_OUT and len(texts) > 1:
            found += max(Counter(group for groups in texts for group in groups).values(), default=0)
    return found / len(labels)


def in_company(gold: Gold) -> NDArray[np.int64]:
    """Give the indices of texts with a gold group that holds two or more texts."""
    held = Counter(group for groups in gold for group in groups)
    company = [any(held[group] > 1 for group in groups) for groups in gold]
    return np.flatnonzero(company)


def versions_together(labels: Labels, *, versions: int) -> float:
    """Share of sentences whose every version has the same label; labels go version after version."""
    by_version = alone(labels).reshape(versions, -1)
    return float((by_version == by_version[0]).all(axis=0).mean())


def language_nmi(languages: Sequence[str], labels: Labels) -> float:
    """Normalised mutual information of groups and languages: 0 where groups do not follow language.

    Texts left out are not counted: a group of one would seem to follow its language.
    """
    kept = labels != LEFT_OUT
    return float(normalized_mutual_info_score(np.asarray(languages)[kept], labels[kept]))


def draws(n: int) -> Iterator[NDArray[np.int64]]:
    """Give five draws of 90 % of n texts, in their order (seeds 0-4)."""
    for seed in range(_DRAWS):
        yield np.sort(np.random.default_rng(seed).choice(n, int(_KEPT_SHARE * n), replace=False))


def steadiness(whole: Labels, parts: Sequence[Labels]) -> float:
    """Mean AMI between the grouping of each draw and that of the whole, over the texts of the draw."""
    kept = draws(len(whole))
    scores = [
        adjusted_mutual_info_score(alone(whole)[indices], alone(part))
        for indices, part in zip(kept, parts, strict=True)
    ]
    return float(np.mean(scores))


def near_copies(pairs: Sequence[Pair]) -> list[Pair]:
    """Give pairs of the same meaning (label 4) that share four fifths of their character 4-grams."""
    return [pair for pair in pairs if pair.label == "4" and _overlap(pair) >= _NEAR_COPY]


def different(pairs: Sequence[Pair]) -> list[Pair]:
    """Give pairs that people found unrelated or merely related (labels 1 and 2): these must not fold."""
    return [pair for pair in pairs if pair.label in {"1", "2"}]


def folded_share(pairs: Sequence[Pair], fold: Fold) -> float:
    """Share of pairs whose second sentence folds into the first, each pair by itself."""
    return float(np.mean([fold([pair.first, pair.second])[1] == 0 for pair in pairs]))


def _only(groups: frozenset[str]) -> str:
    (group,) = groups
    return group


def _sharing(gold: Gold) -> NDArray[np.bool_]:
    names = {group: column for column, group in enumerate(sorted(frozenset().union(*gold)))}
    member = np.zeros((len(gold), len(names)), dtype=np.int64)
    for row, groups in enumerate(gold):
        member[row, [names[group] for group in groups]] = 1
    return member @ member.T > 0


def _overlap(pair: Pair) -> float:
    first, second = _four_grams(pair.first), _four_grams(pair.second)
    return len(first & second) / max(1, len(first | second))


def _four_grams(text: str) -> set[str]:
    return {text[i : i + 4] for i in range(len(text) - 3)}
