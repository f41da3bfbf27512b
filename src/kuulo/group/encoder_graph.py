"""Write the encoder as an ONNX graph: 8-bit activations in fixed ranges, 7-bit weights.

Activations are quantised in ranges measured once on the project's own sentences (calibrate.py), never on
the batch at hand: so a text's vector cannot depend on its company. Weights keep 7 bits: a product of an
unsigned 8-bit and a signed 7-bit value, added in pairs, fits 16 bits, so processors without VNNI
instructions do not saturate and give the same integers. Before the two inputs with outlier channels the
activations are divided, and the weights multiplied, by a fixed factor a channel.
"""

from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from kuulo.group.encoder_file import EncoderFile

Array = NDArray[np.float32]
SITES = ("attend", "attended", "widen", "narrow")
_WEIGHT_LEVELS = 63
_FUSED = "com.microsoft"


@dataclass(frozen=True, slots=True)
class Ranges:
    """Fixed activation ranges: ``low`` and ``high`` of shape (layers, 4 sites), and the channel factors
    of the sites "attend" and "widen", each of shape (layers, hidden).
    """

    low: Array
    high: Array
    attend: Array
    widen: Array

    @classmethod
    def shipped(cls) -> "Ranges":
        """Load the activation ranges that ship with this version."""
        with (files("kuulo.group") / "calibration.npz").open("rb") as file:
            stored = np.load(file, allow_pickle=False)
            return cls(**{name: stored[name] for name in ("low", "high", "attend", "widen")})


class _Graph:
    """Collects nodes and constants."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, *, domain: str = "", **settings: object) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **settings))
        return output

    def normalise(self, value: str, weights: tuple[Array, Array], output: str, epsilon: float) -> str:
        scale, bias = (self.constant(f"{output}.{part}", w) for part, w in zip("gb", weights, strict=True))
        return self.node("LayerNormalization", [value, scale, bias], output, axis=-1, epsilon=epsilon)


def quantise_weights(weights: Array) -> tuple[NDArray[np.int8], Array]:
    """Quantise (out, in) to 7 bits a row; the scale of a row is the one of thirteen with the least error."""
    largest = np.maximum(np.abs(weights).max(axis=1), 1e-9) / _WEIGHT_LEVELS
    best_error = np.full(len(weights), np.inf, np.float32)
    best_scale = largest
    for share in np.linspace(0.7, 1.0, 13, dtype=np.float32):
        scale = largest * share
        error = ((_levels(weights, scale) * scale[:, None] - weights) ** 2).sum(axis=1)
        best_scale = np.where(error < best_error, scale, best_scale)
        best_error = np.minimum(error, best_error)
    return _levels(weights, best_scale).astype(np.int8), best_scale.astype(np.float32)


def _levels(weights: Array, scale: Array) -> Array:
    return np.clip(np.round(weights / scale[:, None]), -_WEIGHT_LEVELS, _WEIGHT_LEVELS).astype(np.float32)


class _Linear:
    """Writes the linear steps of one graph, exact (ranges None) or quantised."""

    def __init__(self, graph: _Graph, ranges: Ranges | None) -> None:
        self.graph = graph
        self.ranges = ranges

    def add(self, value: str, name: str, *, layer: int, site: str, weights: Array, bias: Array) -> str:
        constant, node = self.graph.constant, self.graph.node
        added = constant(f"{name}.b", bias)
        if self.ranges is None:
            product = node("MatMul", [value, constant(f"{name}.w", weights.T)], f"{name}.product")
            return node("Add", [product, added], name)
        if site in ("attend", "widen"):
            factor = getattr(self.ranges, site)[layer]
            value = node("Mul", [value, constant(f"{name}.f", 1 / factor)], f"{name}.even")
            weights = weights * factor
        at = SITES.index(site)
        scale, zero = _activation_scale(self.ranges.low[layer, at], self.ranges.high[layer, at])
        step, middle = constant(f"{name}.s", scale), constant(f"{name}.z", zero)
        narrow = node("QuantizeLinear", [value, step, middle], f"{name}.q")
        levels, row_scale = quantise_weights(weights)
        inputs = [narrow, constant(f"{name}.w", levels.T), step, constant(f"{name}.r", row_scale), middle]
        return node("MatMulIntegerToFloat", [*inputs, "", added], name, domain=_FUSED)


def _activation_scale(low: float, high: float) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    low, high = min(float(low), 0.0), max(float(high), 0.0)
    scale = np.float32((high - low) / 255)
    return np.array(scale), np.array(int(np.clip(round(-low / scale), 0, 255)), np.uint8)


def write_graph(model: EncoderFile, ranges: Ranges | None) -> tuple[bytes, list[str]]:
    """Give the serialised graph and the names of the values that enter its linear steps, layer by layer.

    Input "embedded": float32 (batch, tokens, hidden), word and position already added. Output "states" of
    the same shape. All texts of a batch have the same number of tokens, so nothing is padded or masked.
    With ``ranges`` None the graph is exact float32 and the entering values are outputs too, for calibration.
    """
    graph = _Graph()
    linear = _Linear(graph, ranges)
    first = (model.vector("emb.ln.w"), model.vector("emb.ln.b"))
    state = graph.normalise("embedded", first, "start", model.epsilon)
    entering: list[str] = []
    for layer in range(model.layers):
        state, entered = _write_layer(model, graph, linear, layer, state)
        entering += entered
    graph.node("Identity", [state], "states")
    outputs = ["states"] if ranges else ["states", *entering]
    shape = ["batch", "tokens", model.hidden]
    proto = helper.make_graph(
        graph.nodes,
        "encoder",
        [helper.make_tensor_value_info("embedded", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
        graph.constants,
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(_FUSED, 1)]
    return helper.make_model(proto, opset_imports=opsets, ir_version=9).SerializeToString(), entering


def _write_layer(model: EncoderFile, graph: _Graph, linear: _Linear, layer: int, state: str) -> tuple[str, list[str]]:
    prefix, hidden = f"l{layer}.", model.hidden
    # query, key and value share one product: a wide matrix is multiplied faster than three narrow ones
    weights = np.concatenate([model.matrix(f"{prefix}{part}.w", columns=hidden) for part in "qkv"])
    bias = np.concatenate([model.vector(f"{prefix}{part}.b") for part in "qkv"])
    joined = linear.add(state, f"{prefix}joined", layer=layer, site="attend", weights=weights, bias=bias)
    parts = [f"{prefix}{part}" for part in ("query", "key", "value")]
    graph.nodes.append(helper.make_node("Split", [joined], parts, axis=2, num_outputs=3))
    seen = graph.node("MultiHeadAttention", parts, f"{prefix}seen", domain=_FUSED, num_heads=model.heads)
    attended = linear.add(
        seen,
        f"{prefix}attended",
        layer=layer,
        site="attended",
        weights=model.matrix(f"{prefix}ao.w", columns=hidden),
        bias=model.vector(f"{prefix}ao.b"),
    )
    middle = graph.normalise(
        graph.node("Add", [state, attended], f"{prefix}sum1"),
        (model.vector(f"{prefix}aln.w"), model.vector(f"{prefix}aln.b")),
        f"{prefix}middle",
        model.epsilon,
    )
    wide = linear.add(
        middle,
        f"{prefix}wide",
        layer=layer,
        site="widen",
        weights=model.matrix(f"{prefix}fi.w", columns=hidden),
        bias=model.vector(f"{prefix}fi.b"),
    )
    bent = graph.node("Gelu", [wide], f"{prefix}bent", domain=_FUSED)
    narrow = linear.add(
        bent,
        f"{prefix}narrow",
        layer=layer,
        site="narrow",
        weights=model.matrix(f"{prefix}fo.w", columns=model.inner),
        bias=model.vector(f"{prefix}fo.b"),
    )
    out = graph.normalise(
        graph.node("Add", [middle, narrow], f"{prefix}sum2"),
        (model.vector(f"{prefix}oln.w"), model.vector(f"{prefix}oln.b")),
        f"{prefix}out",
        model.epsilon,
    )
    return out, [state, seen, middle, bent]
