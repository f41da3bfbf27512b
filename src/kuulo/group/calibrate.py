"""Measure, once a version, what the encoder must know beforehand: ``python -m kuulo.group.calibrate``.

From the sentences of the service vocabulary alone: the ranges of the activations (for 8-bit arithmetic) and
the directions in which the languages differ. Writes ``calibration.npz`` beside this file; a test checks that
the shipped file is what the sentences give.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kuulo.group.embed import Encoder, open_session
from kuulo.group.encoder_file import EncoderFile, check_model, find_model, read_model
from kuulo.group.encoder_graph import SITES, Ranges, write_graph
from kuulo.group.encoder_pieces import write_pieces
from kuulo.group.languages import LanguageBasis, unit, without_language
from kuulo.lang.services import LANGUAGES, Wording, concepts

Array = NDArray[np.float32]
_EVENING = 0.7
_RARE = 99.99


def measure_ranges(model: EncoderFile, sentences: list[str]) -> Ranges:
    """Run the exact encoder over the sentences and give the fixed activation ranges."""
    graph, names = write_graph(model, None)
    session = open_session(graph)
    encoder = Encoder(model, session, pieces=write_pieces(model), threads=1)
    low = np.full((len(names), model.inner), np.inf, np.float32)
    high = -low
    top = np.zeros(len(names), np.float32)
    for tokens in encoder.tokens(sentences):
        window = [model.begin, *tokens, model.end]
        values = session.run(names, {"embedded": encoder.embedded([window])})
        for site, value in enumerate(values):
            flat = value.reshape(-1, value.shape[-1])
            width = flat.shape[1]
            low[site, :width] = np.minimum(low[site, :width], flat.min(axis=0))
            high[site, :width] = np.maximum(high[site, :width], flat.max(axis=0))
            # a few channels spike on single tokens: the range after the bend leaves those out
            top[site] = max(top[site], np.percentile(flat, _RARE))
    shape = (model.layers, len(SITES))
    by_site = low.reshape(*shape, -1), high.reshape(*shape, -1)
    return _ranges(model, *by_site, top=top.reshape(shape))


def _ranges(model: EncoderFile, low: Array, high: Array, *, top: Array) -> Ranges:
    hidden = model.hidden
    factors = {
        site: np.stack([_factors(model, layer, site, low, high) for layer in range(model.layers)])
        for site in ("attend", "widen")
    }
    lows, highs = [], []
    for layer in range(model.layers):
        for at, site in enumerate(SITES):
            width = model.inner if site == "narrow" else hidden
            factor = factors[site][layer] if site in factors else 1.0
            lows.append((low[layer, at, :width] / factor).min())
            peak = top[layer, at] if site == "narrow" else (high[layer, at, :width] / factor).max()
            highs.append(peak)
    shape = (model.layers, len(SITES))
    return Ranges(
        np.array(lows, np.float32).reshape(shape),
        np.array(highs, np.float32).reshape(shape),
        factors["attend"],
        factors["widen"],
    )


def _factors(model: EncoderFile, layer: int, site: str, low: Array, high: Array) -> Array:
    """Give the channel factors that share an outlier out between activation and weight."""
    parts = ("q", "k", "v") if site == "attend" else ("fi",)
    hidden = model.hidden
    weights = np.concatenate([model.matrix(f"l{layer}.{part}.w", columns=hidden) for part in parts])
    at = SITES.index(site)
    peak = np.maximum(np.abs(low[layer, at, :hidden]), np.abs(high[layer, at, :hidden]))
    factor = peak**_EVENING / np.maximum(np.abs(weights).max(axis=0), 1e-6) ** (1 - _EVENING)
    return np.asarray(factor / np.exp(np.log(factor).mean()), np.float32)


def service_vectors(encoder: Encoder, basis: LanguageBasis) -> Array:
    """Give unit vectors (concepts, 768) of all that is said of a service: sentences and words weigh the same."""
    halves = []
    for said in (_sentence, _words):
        texts = [[said(c.wording[language]) for c in concepts()] for language in LANGUAGES]
        by_language = [without_language(encoder.raw_vectors(part), basis) for part in texts]
        halves.append(unit(np.mean(by_language, axis=0)))
    return unit(np.mean(halves, axis=0))


def _sentence(wording: Wording) -> str:
    return wording.sentence


def _words(wording: Wording) -> str:
    return f"{wording.label}. {', '.join(wording.words)}"


def main() -> None:
    """Write calibration.npz."""
    path = find_model()
    check_model(path)
    model = read_model(path)
    sentences = [[c.wording[language].sentence for c in concepts()] for language in LANGUAGES]
    ranges = measure_ranges(model, [text for texts in sentences for text in texts])
    graph, _ = write_graph(model, ranges)
    encoder = Encoder(model, open_session(graph), pieces=write_pieces(model), threads=2)
    basis = LanguageBasis.of_parallel(np.stack([encoder.raw_vectors(texts) for texts in sentences]))
    concept_texts = [
        [f"{c.wording[language].label}. {c.wording[language].sentence}" for c in concepts()] for language in LANGUAGES
    ]
    by_language = [without_language(encoder.raw_vectors(texts), basis) for texts in concept_texts]
    np.savez(
        Path(__file__).with_name("calibration.npz"),
        low=ranges.low,
        high=ranges.high,
        attend=ranges.attend,
        widen=ranges.widen,
        language_mean=basis.mean,
        language_directions=basis.directions,
        concepts=unit(np.mean(by_language, axis=0)).astype(np.float16),
        services=service_vectors(encoder, basis).astype(np.float16),
    )


if __name__ == "__main__":
    main()
