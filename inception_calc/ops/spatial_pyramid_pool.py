"""Spatial pyramid pooling: `{spatial pyramid pool: [6, 3, 2, 1]}`.

Max pooling into n x n bins for each n, whatever the size of the map, all bins in one long vector.

    output       channels * sum of n * n values
    element ops  (elements in the bin - 1) comparisons for each bin; bins may share border elements

Source: SPP-net (He et al. 2014), section 2.2; the bins are adaptive, i from floor(i a / n) to ceil((i + 1) a / n).
"""

from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field

from inception_calc.dims import Dim, FeatureMap, Scope, bin_edges, total
from inception_calc.ops.derivation import Derivation
from inception_calc.ops.fields import CountsField
from inception_calc.ops.layer import Sight, Sights, Unary, whole_map
from inception_calc.ops.nodes import Constant, Node, Nodes, must_be_known
from inception_calc.ops.operator import Operator, Part
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

    def output(self, x: FeatureMap) -> FeatureMap:
        return FeatureMap(x.channels * sum(n * n for n in self.levels), 1, 1)

    def sight(self, x: FeatureMap) -> Sights | None:
        """Each element sees its bin; on a map of free size the largest one is known where it is the whole map."""
        if not (isinstance(x.height, int) and isinstance(x.width, int)):
            return whole_map(x) if 1 in self.levels else None
        rows, columns = (
            Sight(tuple((start, end - 1) for n in self.levels for start, end in bin_edges(extent, n)), step=0)
            for extent in (x.height, x.width)
        )
        return rows, columns

    def element_ops(self, x: FeatureMap, y: FeatureMap) -> Dim:
        seen: Dim = 0
        for n in self.levels:
            rows: Dim = sum(end - start for start, end in bin_edges(x.height, n))
            columns: Dim = sum(end - start for start, end in bin_edges(x.width, n))
            seen = seen + rows * columns - n * n
        return x.channels * seen

    def derivations(self, inputs: tuple[FeatureMap, ...], y: FeatureMap) -> tuple[Derivation, ...]:
        (x,) = inputs
        bins = " + ".join(f"{n}*{n}" for n in self.levels)
        seen: dict[str, Dim] = {"channels": x.channels}
        for index, n in enumerate(self.levels, start=1):
            for side, extent in (("height", x.height), ("width", x.width)):
                seen[f"bin_{side}s_{index}"] = total(end - start for start, end in bin_edges(extent, n))
        levels = enumerate(self.levels, start=1)
        compared = " + ".join(f"bin_heights_{index}*bin_widths_{index} - {n}*{n}" for index, n in levels)
        return (
            Derivation("channels", f"channels*({bins})", {"channels": x.channels}),
            Derivation("height", "1", {}),
            Derivation("width", "1", {}),
            Derivation("element_ops", f"channels*({compared})", seen),
        )

    def onnx_nodes(self, inputs: tuple[FeatureMap, ...], y: FeatureMap) -> Nodes:
        (x,) = inputs
        must_be_known((x.height, x.width), "where its bins lie")
        nodes: list[Node] = []
        constants = [Constant("rows", (2,)), Constant("columns", (3,))]
        for level, n in enumerate(self.levels, 1):
            rows, columns = bin_edges(x.height, n), bin_edges(x.width, n)
            pooled = f"level {level}"
            nodes += _pooled("x", f"{pooled} rows", "rows", rows)
            nodes += _pooled(f"{pooled} rows", pooled, "columns", columns)
            nodes.append(Node("Flatten", (pooled,), f"{pooled} bins", {"axis": 1}))
            for axis, edges in (("rows", rows), ("columns", columns)):
                for start, end in edges:
                    constants += [Constant(f"{axis} from {start}", (start,)), Constant(f"{axis} to {end}", (end,))]
        bins = tuple(f"level {level} bins" for level in range(1, len(self.levels) + 1))
        nodes.append(Node("Concat", bins, attributes={"axis": 1}))
        return Nodes(tuple(nodes), (), tuple(dict.fromkeys(constants)), takes="map", gives="vector")


def _pooled(source: str, result: str, axis: str, edges: list[tuple[Dim, Dim]]) -> list[Node]:
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
    return [*nodes, Node("Concat", parts, result, {"axis": 2 if axis == "rows" else 3})]


class SpatialPyramidPool(Operator):
    """A spatial pyramid pool as a spec writes it."""

    key: ClassVar[str] = "spatial pyramid pool"
    smallest: ClassVar[dict[str, list[str]]] = {"spatial pyramid pool": ["1"]}

    argument: CountsField = Field(alias="spatial pyramid pool")

    def lower(self, scope: Scope, x: FeatureMap) -> list[Part]:
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
