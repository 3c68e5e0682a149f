"""What the elements of a node's output see of its input, where tensors are N x C x places: for receptive fields.

Which axes are places is no fact of a file. A window reads its input so; what leaves every axis where it is keeps it so.
Whatever else happens to a tensor, nothing is said.
"""

from __future__ import annotations

from typing import NamedTuple

from inception_calc.dims import Dim, same
from inception_calc.onnx_graph.model import Step
from inception_calc.onnx_ops.arithmetic import Sizes
from inception_calc.onnx_ops.value import Tensor
from inception_calc.primitives.conv import Conv
from inception_calc.primitives.elements import Normalize, Resize
from inception_calc.primitives.matrix import MatrixProduct
from inception_calc.primitives.pool import Pool
from inception_calc.primitives.primitive import MOVE, Primitive, Shift

SUMS_OF_CHANNELS = frozenset({"Softmax", "LogSoftmax", "Hardmax"})
SINGLE_AXIS = 13
"""From this opset on they go along one axis; before, over all axes from it on."""
OTHER_TYPES = frozenset({"Cast", "CastLike", "QuantizeLinear", "DequantizeLinear"})
"""Each element by itself, as another number."""
BY_DATA = frozenset({"DeformConv", "CausalConvWithState", "NhwcFusedConv"})
"""Windows whose places depend on data, or whose axes stand otherwise."""


class Seen(NamedTuple):
    """How a node looks at its input."""

    by: Primitive | None = None
    """The primitive whose sight it has; None where nothing is known."""
    flattens: bool = False
    is_channelwise: bool = False
    has_window: bool = False
    """It takes the axes behind the second for places."""


UNKNOWN = Seen()


def seen(step: Step) -> Seen:
    """What is known of a node."""
    x, y = _shape(step.arguments), _shape(step.values)
    if x is None or y is None or step.kind is None:
        return UNKNOWN
    if step.op_type in BY_DATA or step.settings.get("channels_last"):
        return UNKNOWN
    places = (Conv, Pool, Resize, Normalize, Shift)
    primitive = next((one for one in step.primitives if isinstance(one, places)), None) or _mean_of_map(step, x)
    if primitive is not None:
        return Seen(
            primitive,
            is_channelwise=isinstance(primitive, Pool | Resize | Shift),
            has_window=isinstance(primitive, Conv | Pool) and primitive in step.primitives,
        )
    if step.op_type == "Concat":
        return Seen(MOVE) if step.settings["axis"] in (1, 1 - len(y)) else UNKNOWN
    if step.op_type in SUMS_OF_CHANNELS:
        is_known = step.settings["axis"] in (1, 1 - len(y)) and (step.kind.since >= SINGLE_AXIS or len(y) == 2)
        return Seen(MOVE) if is_known else UNKNOWN
    if step.op_type == "LRN" or (len(x) == len(y) == 2 and any(isinstance(p, MatrixProduct) for p in step.primitives)):
        return Seen(MOVE)
    if step.kind.view:
        return _of_view(x, y)
    return Seen(MOVE, is_channelwise=True) if step.kind.in_place or step.op_type in OTHER_TYPES else UNKNOWN


def _mean_of_map(step: Step, x: Sizes) -> Pool | None:
    """A reduction over all axes behind the second, as a pool; None where it is something else."""
    if not step.op_type.startswith("Reduce") or len(x) < 3:
        return None
    given = step.settings.get("axes") or _values(step.arguments[1:2])
    axes = {axis % len(x) for axis in given if isinstance(axis, int)}
    return Pool(None, x[2:], (1,) * len(x[2:]), x[1]) if axes == set(range(2, len(x))) else None


def _of_view(x: Sizes, y: Sizes) -> Seen:
    """The same memory under another shape: as it was, a map made into a vector, or a vector into a map of one place."""
    if not (len(x) > 1 and len(y) > 1 and same(x[0], y[0])):
        return UNKNOWN
    if len(y) == 2 and len(x) > 2:
        return Seen(MOVE, flattens=True, is_channelwise=True)
    if _equal(x, y) or (len(x) == 2 and _equal((*x, *(1,) * (len(y) - 2)), y)):
        return Seen(MOVE, is_channelwise=True)
    return UNKNOWN


def _equal(first: tuple[Dim, ...], second: tuple[Dim, ...]) -> bool:
    return len(first) == len(second) and all(map(same, first, second))


def _shape(values: tuple[object, ...]) -> Sizes | None:
    return values[0].shape if values and isinstance(values[0], Tensor) else None


def _values(values: tuple[object, ...]) -> tuple[object, ...]:
    return (values[0].values or ()) if values and isinstance(values[0], Tensor) else ()
