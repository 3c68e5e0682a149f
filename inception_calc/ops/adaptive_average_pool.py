"""Adaptive average pooling: `{adaptive average pool: 7x7}`; whatever the size of the map, so many bins along each axis.

    output       the same channels x bins down x bins across
    element ops  the elements of each bin: the additions and one division; bins may share border elements

Bins are cut as PyTorch and Keras cut them: i from floor(i a / n) to ceil((i + 1) a / n) of a map of a. Sources:
PyTorch's AdaptiveAvgPool; SPP-net (He et al. 2014), section 2.2, for bins.
"""

from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Scope, Shape, Sides, bin_edges, sides_text, sliding
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Constant, Node, Nodes, must_be_known, one, pool_attributes
from inception_calc.ops.operator import Operator, Part
from inception_calc.ops.spatial_pyramid_pool import MOST_BINS
from inception_calc.ops.window_fields import WindowField
from inception_calc.primitives import pool
from inception_calc.problems import Fault


@dataclass(frozen=True, slots=True)
class AdaptivePooling(Unary):
    """Bins that cover the map; a number of them along each axis."""

    is_pool: ClassVar[bool] = True
    is_channelwise: ClassVar[bool] = True
    saved: ClassVar[int] = 0
    """Operations that the first element of a bin saves."""
    reduction: ClassVar[str]
    """The ONNX node that makes one of several elements."""
    plain: ClassVar[str]
    """The ONNX node where the bins are windows."""
    bins: Sides

    def output(self, x: Shape) -> Shape:
        return x.over(self.bins)

    def does(self, x: Shape, y: Shape) -> pool.Bins:
        return pool.Bins(x.sides, x.channels, (self.bins,), self.saved)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        (x,) = inputs
        must_be_known(x.sides, "where its bins lie")
        if not any(extent % n for extent, n in zip(x.sides, self.bins, strict=True)):
            kernel = tuple(extent // n for extent, n in zip(x.sides, self.bins, strict=True))
            return one(self.plain, takes="map", gives="map", **pool_attributes(sliding(kernel, kernel), x, y))
        nodes: list[Node] = []
        constants = [Constant(axis, (place,)) for place, axis in enumerate(x.axes, 2)]
        pooled = "x"
        for place, (axis, extent, n) in enumerate(zip(x.axes, x.sides, self.bins, strict=True), 2):
            parts = []
            for start, end in bin_edges(extent, n):
                bin_name = f"{axis} {start} to {end}"
                constants += [Constant(f"{axis} from {start}", (start,)), Constant(f"{axis} to {end}", (end,))]
                limits = (f"{axis} from {start}", f"{axis} to {end}", axis)
                nodes.append(Node("Slice", (pooled, *limits), f"{bin_name} of map"))
                nodes.append(Node(self.reduction, (f"{bin_name} of map", axis), bin_name, {"keepdims": 1}))
                parts.append(bin_name)
            pooled = f"along {axis}"
            nodes.append(Node("Concat", tuple(parts), pooled, {"axis": place}))
        nodes[-1] = nodes[-1]._replace(name="")
        return Nodes(tuple(nodes), constants=tuple(dict.fromkeys(constants)), takes="map", gives="map")

    def patch(self, x: Shape) -> str:
        return sides_text(self.bins)


class AverageBins(AdaptivePooling):
    """The mean of each bin: of its rows' means, which have one length."""

    op: ClassVar[str] = "adaptive average pool"
    reduction: ClassVar[str] = "ReduceMean"
    plain: ClassVar[str] = "AveragePool"


class AdaptivePool(Operator):
    """How both kinds of adaptive pooling are written."""

    def bins(self, written: WindowField, scope: Scope, x: Shape) -> Sides:
        """The number of bins along each axis."""
        if written.stride is not None:
            fix = f"write {written.text.partition('/')[0]}"
            raise Fault("no-setting", "an adaptive pool has a size and no stride", path=(self.key,), fix=fix)
        bins, _ = written.at(self.key, scope, x, None, "bins")
        for n in bins:
            if not isinstance(n, int) or n > MOST_BINS:
                what = f"the number of bins must be a number up to {MOST_BINS}"
                raise Fault("bad-bins", what, path=(self.key,))
        return bins


class AdaptiveAveragePool(AdaptivePool):
    """An adaptive average pool as a spec writes it."""

    key: ClassVar[str] = "adaptive average pool"
    smallest: ClassVar[dict[str, str]] = {"adaptive average pool": "1"}

    argument: WindowField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", AverageBins(self.bins(self.argument, scope, x)))]
