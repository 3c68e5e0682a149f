"""Operators that bring elements to a common scale: batch, layer, group and instance normalization, softmax, LRN."""

from __future__ import annotations

from inception_calc.dims import product
from inception_calc.onnx_ops.elementwise import like
from inception_calc.onnx_ops.kind import Call, Cost, Kind, axis_of, integer
from inception_calc.onnx_ops.value import FLOAT, Outputs, Tensor
from inception_calc.primitives.elements import BatchNorm, Elementwise, Normalize, Softmax
from inception_calc.primitives.primitive import Primitives


def _batch_norm(call: Call) -> Outputs:
    x = call.tensor(0)
    statistics = Tensor(call.shape(3), call.tensor(3).data_type)
    return (Tensor(x.shape, x.data_type), *(statistics,) * 4)


def _batch_norm_cost(call: Call, outputs: Outputs) -> Primitives:
    """Statistics are known beforehand, so each element has one product and one addition."""
    shape = call.shape(0)
    channels = shape[min(1, len(shape) - 1)]
    return (BatchNorm(product(shape), 2, {"trained_per_map": 2, "channels": channels}, channels),)


def _layer_norm(call: Call) -> Outputs:
    x = call.tensor(0)
    axis = axis_of(call.settings["axis"], x.rank)
    rows = Tensor(x.shape[:axis] + (1,) * (x.rank - axis), call.settings["stash_type"])
    return Tensor(x.shape, x.data_type), rows, rows


def normalizing(ops: int) -> Cost:
    """`ops` operations an element; statistics along the axes from `axis` on (or of each map)."""

    def cost(call: Call, outputs: Outputs) -> Primitives:
        over_places = None if "axis" in call.settings else True  # which axes are places, the operator does not say
        return (Normalize(call.tensor(0).elements, ops, over_places=over_places),)

    return cost


def _lrn_cost(call: Call, outputs: Outputs) -> Primitives:
    """Squares and their sum over the window, scaling, power and division: 2 * size + 3 an element."""
    return (Elementwise(call.tensor(0).elements, 2 * call.settings["size"] + 3),)


def softmax_cost(call: Call, outputs: Outputs) -> Primitives:
    """Along the axis."""
    shape = call.shape(0)
    axis = axis_of(call.settings["axis"], len(shape))
    return (Softmax(product(shape[axis : axis + 1]), product((*shape[:axis], *shape[axis + 1 :]))),)


def _old_softmax_cost(call: Call, outputs: Outputs) -> Primitives:
    """Before opset 13: over all axes from `axis` on."""
    shape = call.shape(0)
    axis = axis_of(call.settings["axis"], len(shape))
    return (Softmax(product(shape[axis:]), product(shape[:axis])),)


AXIS = {"axis": integer(-1)}
LAYER = {"axis": integer(-1), "stash_type": integer(FLOAT)}
AFFINE = {1: "affine", 2: "affine"}

KINDS: tuple[Kind, ...] = (
    Kind(
        "BatchNormalization",
        1,
        _batch_norm,
        _batch_norm_cost,
        roles={**AFFINE, 3: "buffers", 4: "buffers"},
        in_place=True,
    ),
    Kind("InstanceNormalization", 1, like, normalizing(7), roles=AFFINE),
    Kind("GroupNormalization", 18, like, normalizing(7), {"num_groups": integer(required=True)}, roles=AFFINE),
    Kind("LayerNormalization", 1, _layer_norm, normalizing(7), LAYER, AFFINE),
    Kind("RMSNormalization", 23, like, normalizing(4), AXIS, {1: "affine"}),
    Kind("LpNormalization", 1, like, normalizing(3), AXIS),
    Kind("MeanVarianceNormalization", 9, like, normalizing(5)),
    Kind("LRN", 1, like, _lrn_cost, {"size": integer(required=True)}),
    Kind("Softmax", 1, like, _old_softmax_cost, {"axis": integer(1)}, in_place=True),
    Kind("Softmax", 13, like, softmax_cost, AXIS, in_place=True),
    Kind("LogSoftmax", 1, like, _old_softmax_cost, {"axis": integer(1)}, in_place=True),
    Kind("LogSoftmax", 13, like, softmax_cost, AXIS, in_place=True),
    Kind("Hardmax", 1, like, _old_softmax_cost, {"axis": integer(1)}),
    Kind("Hardmax", 13, like, softmax_cost, AXIS),
)
