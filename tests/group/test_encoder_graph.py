"""The graph counts in small integers that no processor saturates, and says nearly what the exact one says."""

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from onnx import numpy_helper

from kuulo.group.embed import Encoder, open_session
from kuulo.group.encoder_file import find_model, read_model
from kuulo.group.encoder_graph import quantise_weights, write_graph
from kuulo.group.encoder_pieces import write_pieces
from kuulo.group.encoder_store import GraphStore
from kuulo.lang.services import LANGUAGES, concepts


@pytest.fixture(scope="module")
def integers(encoder):
    """The integer matrices (in, out) of the graph that is really run."""
    graph = onnx.load_from_string(GraphStore().ready(find_model())).graph
    matrices = [numpy_helper.to_array(tensor) for tensor in graph.initializer]
    return [matrix for matrix in matrices if matrix.dtype == np.int8 and matrix.ndim == 2]


def test_every_linear_step_is_an_integer_one(integers):
    """Query, key and value together, attention's output, and the two of the feed-forward, twelve times."""
    assert sorted(matrix.shape for matrix in integers) == sorted(
        12 * [(384, 1152), (384, 384), (384, 1536), (1536, 384)]
    )


def test_weights_keep_seven_bits(integers):
    assert max(int(np.abs(matrix.astype(int)).max()) for matrix in integers) == 63


def test_no_pair_of_products_leaves_sixteen_bits(integers):
    """Processors without VNNI add two products of unsigned 8 and signed 8 bits in a signed 16-bit sum."""
    for matrix in integers:
        levels = np.abs(matrix.astype(int))
        assert 255 * (levels[0::2] + levels[1::2]).max() < 32768


def test_the_integers_say_nearly_what_the_exact_numbers_say(uncached):
    model = read_model(find_model())
    graph, entering = write_graph(model, None)
    exact = Encoder(model, open_session(graph), pieces=write_pieces(model), threads=2)
    assert len(entering) == 12 * 4
    texts = [concept.wording[language].sentence for concept in concepts()[::100] for language in LANGUAGES]
    likeness = (exact.mean_pooled(texts) * uncached.mean_pooled(texts)).sum(axis=1)
    assert likeness.min() > 0.99


@given(arrays(np.float32, (3, 64), elements=st.floats(-100, 100, width=32)))
def test_quantised_rows_are_near_the_given_ones(weights):
    levels, scale = quantise_weights(weights)
    assert np.abs(levels.astype(int)).max() <= 63
    plain = np.maximum(np.abs(weights).max(axis=1), 1e-9) / 63
    error = ((levels * scale[:, None] - weights) ** 2).sum(axis=1)
    rounded = ((np.round(weights / plain[:, None]) * plain[:, None] - weights) ** 2).sum(axis=1)
    assert (error <= rounded * 1.001 + 1e-6).all()
