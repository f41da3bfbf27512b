"""What ships in calibration.npz is what the vocabulary's sentences give with this encoder."""

import numpy as np

from kuulo.group.calibrate import measure_ranges
from kuulo.group.encoder_file import find_model, read_model
from kuulo.group.encoder_graph import SITES, Ranges
from kuulo.group.languages import LanguageBasis, shipped_concepts, shipped_services, unit, without_language
from kuulo.lang.services import LANGUAGES, concepts


def test_the_shipped_language_directions_are_the_vocabularys(parallel):
    """Equal spaces have principal angles of nought: all cosines are one. A third of the sentences gives nearly that."""
    shipped, measured = LanguageBasis.shipped(), LanguageBasis.of_parallel(parallel)
    for ours, theirs in zip(shipped.directions, measured.directions, strict=True):
        cosines = np.linalg.svd(ours @ theirs.T, compute_uv=False)
        assert cosines.min() > 0.95
    assert np.abs(shipped.mean - measured.mean).max() < 0.01


def test_the_shipped_concepts_are_the_vocabularys(encoder):
    chosen = range(0, len(concepts()), 16)
    texts = [
        [f"{concepts()[i].wording[one].label}. {concepts()[i].wording[one].sentence}" for i in chosen]
        for one in LANGUAGES
    ]
    basis = LanguageBasis.shipped()
    measured = unit(np.mean([without_language(encoder.raw_vectors(part), basis) for part in texts], axis=0))
    shipped = shipped_concepts()
    assert len(shipped) == len(concepts())
    assert (measured * shipped[list(chosen)]).sum(axis=1).min() > 0.999


def test_the_shipped_services_are_near_their_concepts_and_all_their_own():
    concept_vectors, services = shipped_concepts(), shipped_services()
    assert services.shape == concept_vectors.shape
    assert ((services @ services.T).argmax(axis=1) == np.arange(len(services))).all()
    assert ((services @ concept_vectors.T).argmax(axis=1) == np.arange(len(services))).mean() > 0.95


def test_the_shipped_ranges_hold_what_a_part_of_the_sentences_gives():
    """Before the channels are evened out; after the bend rare spikes are left out on purpose."""
    shipped = Ranges.shipped()
    part = measure_ranges(read_model(find_model()), [concept.wording["nn"].sentence for concept in concepts()[::60]])
    assert shipped.low.shape == shipped.high.shape == (12, len(SITES))
    at = SITES.index("attended")
    assert (part.low[:, at] >= shipped.low[:, at] - 1e-4).all()
    assert (part.high[:, at] <= shipped.high[:, at] + 1e-4).all()
    wide = part.high[:, at] - part.low[:, at]
    assert (shipped.high[:, at] - shipped.low[:, at] < 6 * wide).all()
