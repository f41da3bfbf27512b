"""Embed: turn texts into vectors that say what a text is about, whatever its language.

A text's vector depends on the text alone, to the last bit: activation ranges are fixed, the texts of a
batch all have the same number of tokens so that nothing is padded, and the integers of a product do not
depend on how rows are shared out. Batches and threads are therefore free to be whatever is fastest.
"""

import ctypes
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from sentencepiece import SentencePieceProcessor

from kuulo.group.encoder_file import EncoderFile, find_model, read_model, unpack
from kuulo.group.encoder_store import GraphStore, PieceStore
from kuulo.group.languages import LanguageBasis, without_language
from kuulo.group.vector_cache import VectorCache

Array = NDArray[np.float32]
PREFIX = "query: "
_PREFIX_TOKENS = 3
_BATCH_TOKENS = 512
_SIF = 1e-4
_TEXTS_AT_A_TIME = 2048
# Changes when the same text would get another vector: part of the cache's key.
RECIPE = "2"

Progress = Callable[[int], None]


class Encoder:
    """The encoder, ready to embed. Open it with ``Encoder.open``; it is safe to use from one thread."""

    def __init__(
        self, model: EncoderFile, session: onnxruntime.InferenceSession, *, pieces: bytes, threads: int
    ) -> None:
        self._model = model
        self._session = session
        self._threads = threads
        self._tokenizer = SentencePieceProcessor(model_proto=pieces)
        self._words = model.blocks("emb.word", columns=model.hidden)
        positions = model.vector("emb.pos").reshape(-1, model.hidden)
        self._positions = positions + model.vector("emb.type").reshape(-1, model.hidden)[0]
        frequency = np.exp(model.scores.astype(np.float64))
        self._weights = (_SIF / (_SIF + frequency)).astype(np.float32)
        self._cache: VectorCache | None = None

    @classmethod
    def open(cls, model: str | None = None, *, threads: int = 2, cache: bool = True) -> "Encoder":
        """Open the model file (see find_model), building its graph first where that was not yet done.

        ``cache`` keeps vectors in the user's cache folder. Raises ModelRefused.
        """
        path = find_model(model)
        graph, pieces = GraphStore().ready(path), PieceStore().ready(path)
        encoder = cls(read_model(path), open_session(graph), pieces=pieces, threads=threads)
        if cache:
            encoder._cache = VectorCache.open(RECIPE)
        return encoder

    def vectors(self, texts: Sequence[str], progress: Progress | None = None) -> Array:
        """Give unit vectors (n, 768): token states weighted by rarity, and the first token's state, with
        the languages' own directions taken out. ``progress`` is told how many texts are done.
        """
        return without_language(self.raw_vectors(texts, progress), LanguageBasis.shipped())

    def raw_vectors(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float16]:
        """Give (n, 768) half-precision: weighted token states and first token's state, language still in."""
        out = np.empty((len(texts), 2 * self._model.hidden), np.float16)
        done = 0
        for start in range(0, len(texts), _TEXTS_AT_A_TIME):
            part = texts[start : start + _TEXTS_AT_A_TIME]
            known = self._cache.get(part) if self._cache else {}
            missing = [i for i in range(len(part)) if i not in known]
            done += len(known)
            if progress:
                progress(done)
            tell = None if progress is None else _counted(progress, done)
            fresh = self._pooled([part[i] for i in missing], self._rarity_pooled, tell)
            for i, pooled in zip(missing, fresh, strict=True):
                known[i] = pooled.astype(np.float16)
            if self._cache and missing:
                self._cache.put({part[i]: known[i] for i in missing})
            done += len(missing)
            for i, vector in known.items():
                out[start + i] = vector
        _give_back_memory()
        return out

    def mean_pooled(self, texts: Sequence[str]) -> Array:
        """Give plain mean-pooled unit vectors (n, 384), as the encoder's makers meant them."""
        pooled = self._pooled(texts, lambda _tokens, states: states.mean(axis=0), None)
        mean = np.array(pooled, np.float32).reshape(len(texts), -1)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), np.float32)

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Give each text's word-piece numbers, with the prefix but without begin and end marks."""
        plain = [_single_spaced(_whole(PREFIX + text).translate(self._model.characters)) for text in texts]
        return [list(tokens) for tokens in self._tokenizer.encode(plain, out_type=int, num_threads=self._threads)]

    def states(self, windows: list[list[int]]) -> Array:
        """Run windows of equally many tokens; give token states (windows, tokens, hidden)."""
        (states,) = self._session.run(["states"], {"embedded": self.embedded(windows)})
        return np.asarray(states, np.float32)

    def embedded(self, windows: list[list[int]]) -> Array:
        """Give what enters the graph: word rows, unpacked from 4 bits, plus positions."""
        tokens = np.array(windows)
        distinct, place = np.unique(tokens, return_inverse=True)
        rows = unpack(self._words[distinct])[place].reshape(*tokens.shape, -1)
        return np.asarray(rows + self._positions[: tokens.shape[1]], np.float32)

    def _rarity_pooled(self, tokens: list[int], states: Array) -> Array:
        # begin mark, prefix and end mark say nothing about the text
        inner = slice(1 + _PREFIX_TOKENS, -1) if len(tokens) > _PREFIX_TOKENS + 2 else slice(-1, None)
        weights = self._weights[tokens[inner]]
        mean = (weights[:, None] * states[inner]).sum(axis=0) / weights.sum()
        return np.concatenate([mean, states[0]])

    def _pooled(
        self,
        texts: Sequence[str],
        pool: Callable[[list[int], Array], Array],
        progress: Progress | None,
    ) -> list[Array]:
        """Pool each text's token states; a text longer than the window is the weighted mean of its parts."""
        windows: list[list[int]] = []
        owner: list[int] = []
        for index, tokens in enumerate(self.tokens(texts)):
            for window in self._windows(tokens):
                windows.append(window)
                owner.append(index)
        sums: list[Array] = [np.zeros(0, np.float32)] * len(texts)
        weights = [0] * len(texts)
        for part, vector in sorted(self._run(windows, pool, progress)):
            weight = len(windows[part])
            before = sums[owner[part]]
            sums[owner[part]] = vector * weight if before.size == 0 else before + vector * weight
            weights[owner[part]] += weight
        return [np.asarray(total / weight, np.float32) for total, weight in zip(sums, weights, strict=True)]

    def _windows(self, tokens: list[int]) -> Iterator[list[int]]:
        """Cut tokens into windows of equal size that each fit the model, the prefix in front of each."""
        prefix, content = tokens[:_PREFIX_TOKENS], tokens[_PREFIX_TOKENS:]
        room = self._model.window - _PREFIX_TOKENS - 2
        parts = max(1, -(-len(content) // room))
        size = -(-len(content) // parts)
        for start in range(0, max(1, len(content)), max(1, size)):
            yield [self._model.begin, *prefix, *content[start : start + size], self._model.end]

    def _run(
        self,
        windows: list[list[int]],
        pool: Callable[[list[int], Array], Array],
        progress: Progress | None,
    ) -> list[tuple[int, Array]]:
        def work(batch: list[int]) -> list[tuple[int, Array]]:
            states = self.states([windows[i] for i in batch])
            return [(i, pool(windows[i], states[row])) for row, i in enumerate(batch)]

        found: list[tuple[int, Array]] = []
        with ThreadPoolExecutor(self._threads) as threads:
            for pooled in threads.map(work, batches(windows)):
                found += pooled
                if progress:
                    progress(len(found))
        return found


def batches(windows: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Give indices of windows in batches of equal token count, about 512 tokens each, longest first."""
    by_length: defaultdict[int, list[int]] = defaultdict(list)
    for index, window in enumerate(windows):
        by_length[len(window)].append(index)
    for length in sorted(by_length, reverse=True):
        yield from _chunks(by_length[length], max(1, _BATCH_TOKENS // length))


def _chunks(items: Iterable[int], size: int) -> Iterator[list[int]]:
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk


def _give_back_memory() -> None:
    """Let the C library return what it holds: the threads' buffers would stay, a hundred megabytes of them."""
    with suppress(AttributeError, OSError):  # only glibc can
        ctypes.CDLL(None).malloc_trim(0)


def _counted(progress: Progress, before: int) -> Progress:
    return lambda count: progress(before + count)


def _whole(text: str) -> str:
    """Put a question mark where half a character (a lone surrogate) stands, which cannot be encoded."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _single_spaced(text: str) -> str:
    """Join runs of spaces, as the model's own normaliser does (other white space was mapped already)."""
    return " ".join(part for part in text.split(" ") if part)


def open_session(graph: bytes) -> onnxruntime.InferenceSession:
    """Open a graph with one thread a run: two runs side by side share two cores better than one run does."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Without the arena a run takes no longer and 40 MB less.
    options.enable_cpu_mem_arena = False
    # The extended level fuses sum and normalisation into a step that is nine times slower than the two.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
