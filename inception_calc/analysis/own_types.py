"""Bytes of a spec's network whose steps have types of their own: int8 layers in an fp32 network, int4 everywhere."""

from __future__ import annotations

from inception_calc.analysis.model import LayerBytes
from inception_calc.graph import Graph
from inception_calc.graph.model import Bytes
from inception_calc.ops.data_types import bytes_of
from inception_calc.primitives.primitive import Params


def tensor_bytes(graph: Graph, dtype: str) -> Bytes:
    """The bytes of all that enters a spec's network and that its layers write, in their own types or in `dtype`."""
    inputs = tuple(bytes_of(x.elements * graph.batch, dtype) for x in graph.entering)
    outputs = (
        tuple(bytes_of(y.elements * graph.batch, layer.dtype or dtype) for y in (layer.output, *layer.others))
        for layer in graph.layers
    )
    return Bytes(inputs, tuple(outputs), {})


def layer_bytes(graph: Graph, index: int, stored: bool, own: Params, used: Params, dtype: str) -> LayerBytes:
    """Bytes of a layer of a spec in its own type: what it holds, what it stores, what it reads and writes."""
    layer, sizes = graph.layers[index], graph.bytes
    assert sizes is not None
    kind, written = layer.dtype or dtype, sizes.of_layer(index)
    moved = sizes.entering(layer) + written + bytes_of(used.trainable + used.buffers, kind)
    return LayerBytes(
        bytes_of(own.trainable, kind),
        written if stored else 0,
        0 if layer.op.moves_nothing else moved,
        bytes_of(layer.op.cached() * graph.batch, kind),
    )
