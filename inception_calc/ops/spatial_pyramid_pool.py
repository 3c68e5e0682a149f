"""Spatial pyramid pooling: `{spatial pyramid pool: [6, 3, 2, 1]}`.

Max pooling into n bins along each axis for each n, whatever the size of the map, all bins in one long vector.

    output       channels * sum of n * n values (n for a signal, n * n * n for a volume)
    element ops  (elements in the bin - 1) comparisons for each bin; bins may share border elements

Source: SPP-net (He et al. 2014), section 2.2; the bins are adaptive, i from floor(i a / n) to ceil((i + 1) a / n).
"""

from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Dim, Scope, Shape, bin_edges
from inception_calc.ops.fields import CountsField
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Constant, Node, Nodes, must_be_known
from inception_calc.ops.operator import Operator, Part
from inception_calc.ops.window_fields import must_have_room
from inception_calc.primitives import pool
from inception_calc.problems import Fault

MOST_BINS = 1000


@dataclass(frozen=True, slots=True)
class PyramidPooling(Unary):
    """Max pooling into `levels` grids of n x n bins."""

    op: ClassVar[str] = "spatial pyramid pool"
    is_pool: ClassVar[bool] = True
    flattens: ClassVar[bool] = True
    is_channelwise: ClassVar[bool] = True
    levels: tuple[int, ...]

    def output(self, x: Shape) -> Shape:
        return x.point(x.channels * sum(n ** len(x.sides) for n in self.levels))

    def does(self, x: Shape, y: Shape) -> pool.Bins:
        grids = tuple((n,) * len(x.sides) for n in self.levels)
        return pool.Bins(x.sides, x.channels, grids, saved=1, flat=True)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        (x,) = inputs
        must_be_known(x.sides, "where its bins lie")
        nodes: list[Node] = []
        constants = [Constant(axis, (place,)) for place, axis in enumerate(x.axes, 2)]
        for level, n in enumerate(self.levels, 1):
            pooled = "x"
            for place, (axis, extent) in enumerate(zip(x.axes, x.sides, strict=True), 2):
                source, pooled = pooled, f"level {level} along {axis}"
                nodes += _pooled(source, pooled, axis, place, bin_edges(extent, n))
                for start, end in bin_edges(extent, n):
                    constants += [Constant(f"{axis} from {start}", (start,)), Constant(f"{axis} to {end}", (end,))]
            nodes.append(Node("Flatten", (pooled,), f"level {level} bins", {"axis": 1}))
        bins = tuple(f"level {level} bins" for level in range(1, len(self.levels) + 1))
        nodes.append(Node("Concat", bins, attributes={"axis": 1}))
        return Nodes(tuple(nodes), (), tuple(dict.fromkeys(constants)), takes="map", gives="vector")


def _pooled(source: str, result: str, axis: str, place: int, edges: list[tuple[Dim, Dim]]) -> list[Node]:
    """The largest value of each bin along one axis; a bin's maximum is that of its rows, then of its columns.

    Bins may overlap and differ in size by one, which no window of a single pool can do.
    """
    nodes = []
    for number, (start, end) in enumerate(edges):
        bin_name = f"{result} {number}"
        limits = (f"{axis} from {start}", f"{axis} to {end}", axis)
        nodes.append(Node("Slice", (source, *limits), f"{bin_name} of map"))
        nodes.append(Node("ReduceMax", (f"{bin_name} of map", axis), bin_name, {"keepdims": 1}))
    parts = tuple(f"{result} {number}" for number in range(len(edges)))
    return [*nodes, Node("Concat", parts, result, {"axis": place})]


class SpatialPyramidPool(Operator):
    """A spatial pyramid pool as a spec writes it."""

    key: ClassVar[str] = "spatial pyramid pool"
    smallest: ClassVar[dict[str, list[str]]] = {"spatial pyramid pool": ["1"]}

    argument: CountsField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        must_have_room(x, self.key)
        levels = []
        for index, count in enumerate(self.argument):
            try:
                n = scope.count(count, "bins")
                if not isinstance(n, int) or n > MOST_BINS:
                    raise Fault("bad-bins", f"the number of bins must be a number up to {MOST_BINS}")
            except Fault as fault:
                raise fault.under(self.key, index) from None
            levels.append(n)
        return [Part("", PyramidPooling(tuple(levels)))]
