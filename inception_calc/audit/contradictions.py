"""Printed cells that their source's own table contradicts, found without any reason written in the spec.

* Each weight costs one multiply-add at each place of the map, so the params and ops cells of a row check each other.
* A module's depth is the sum of its printed filter cells (and of what it passes through).
* A stride of 2 halves the grid, whatever the padding.
* A row with two printed filter cells in a chain is two layers deep.
* A column's cells sum up to the number printed for the whole.

Printed numbers are intervals here: only what no rounding can reconcile is a contradiction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from inception_calc.analysis import Analysis, Group
from inception_calc.audit.column_rules import ColumnRule
from inception_calc.audit.grids import possible_grids
from inception_calc.audit.numbers import DECIMAL, PrintedNumber, PrintedShape, read_number, read_shape
from inception_calc.graph import IMAGE

Cells = Mapping[str, Mapping[str, str]]
"""Row -> what -> printed text."""

PARAMS = ("params", "weights")
OPS = ("ops", "multiply adds")


@dataclass(frozen=True, slots=True)
class CostPerWeight:
    """At the row's printed size the printed params cost another number of multiply-adds than the printed ops."""

    params: str
    ops: str
    sides: tuple[int, ...]
    low: Fraction
    high: Fraction
    """The multiply-adds that the printed params can cost."""


@dataclass(frozen=True, slots=True)
class Concatenation:
    """The branches' printed depths have another sum than the printed output."""

    depths: tuple[int, ...]
    printed: int


@dataclass(frozen=True, slots=True)
class Grid:
    """From the printed size before it the row cannot leave the printed one, whatever the padding."""

    patch: str
    before: tuple[int, ...]
    lowest: tuple[int, ...]
    highest: tuple[int, ...]
    strides: tuple[int, ...]
    printed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """The row's own printed filter cells are more layers in a chain than the printed depth."""

    columns: tuple[str, ...]
    printed: int


@dataclass(frozen=True, slots=True)
class ColumnSum:
    """The column's printed cells cannot sum up to what is printed for the whole."""

    low: Fraction
    high: Fraction


Evidence = CostPerWeight | Concatenation | Grid | Chain | ColumnSum


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """What the source prints, with the network that its rows say."""

    analysis: Analysis
    groups: Mapping[str, Group]
    cells: Cells
    rules: Mapping[str, ColumnRule]

    def number(self, row: str, what: str) -> PrintedNumber | None:
        """A printed number of a row."""
        return read_number(self.cells.get(row, {}).get(what, ""))

    def shape(self, row: str) -> PrintedShape | None:
        """The printed output of a row."""
        return read_shape(self.cells.get(row, {}).get("output", ""), len(self.analysis.setting.input.sides))

    def before(self, row: str) -> PrintedShape | None:
        """The printed output of the row before, or the network's input for the first row."""
        names = [name for name, group in self.groups.items() if group.row and not group.row.is_head]
        index = names.index(row)
        if index == 0:
            x = self.analysis.setting.input
            return PrintedShape(x.sides, x.channels)
        return self.shape(names[index - 1])

    def units(self, what: str) -> Mapping[str, int]:
        """What the suffixes of a column stand for."""
        rule = self.rules.get(what)
        return rule.units if rule else DECIMAL


def contradiction(table: PrintedTable, row: str, what: str) -> Evidence | None:
    """What contradicts a printed cell; `row` empty for a number of the whole."""
    if not row:
        return _sum(table, what)
    if what == "output":
        return _grid(table, row) or _concatenation(table, row)
    if what == "depth":
        return _chain(table, row)
    if what in PARAMS or what in OPS:
        return _cost_per_weight(table, row)
    return None


def _cost_per_weight(table: PrintedTable, row: str) -> CostPerWeight | None:
    cells, group = table.cells[row], table.groups[row]
    params_name = next((name for name in PARAMS if name in cells), "")
    ops_name = next((name for name in OPS if name in cells), "")
    params, ops = table.number(row, params_name), table.number(row, ops_name)
    if params is None or ops is None or group.output is None or table.analysis.setting.batch != 1:
        return None
    weighted = [cost for cost in group.layers if cost.used.weights]
    places = group.output.positions
    if not weighted or any(cost.multiply_adds != cost.weights * places for cost in weighted):
        return None  # a weight on another map costs another number of multiply-adds
    shape = table.shape(row) or PrintedShape(group.output.sides, None)
    low, high = params.range(table.units(params_name))
    if params_name == "params":  # which may hold biases, and they cost nothing
        low -= group.totals.params - group.totals.weights
    positions = prod(shape.sides)
    least, most = ops.range(table.units(ops_name))
    if high * positions <= least or low * positions >= most:
        return CostPerWeight(params.text, ops.text, shape.sides, low * positions, high * positions)
    return None


def _concatenation(table: PrintedTable, row: str) -> Concatenation | None:
    group, shape, before = table.groups[row], table.shape(row), table.before(row)
    if shape is None or shape.channels is None or before is None or before.channels is None or group.row is None:
        return None
    graph = table.analysis.graph
    if group.row.result == IMAGE or not group.row.cells:
        return None
    joined = graph.layers[group.row.result]
    if joined.op.op != "concat":
        return None
    depths = []
    for end in joined.inputs:
        index = end
        while index != group.row.source and _passes_through(table.analysis, index):
            index = graph.layers[index].inputs[0]
        depths.append(before.channels if index == group.row.source else graph.layers[index].output.channels)
    return Concatenation(tuple(depths), shape.channels) if sum(depths) != shape.channels else None


def _passes_through(analysis: Analysis, index: int) -> bool:
    """Whether a layer has the depth of its one input, as pools, activations and norms do."""
    layer = analysis.graph.layers[index]
    return (
        len(layer.inputs) == 1 and not analysis.layers[index].used.weights and layer.op.op not in ("linear", "flatten")
    )


def _grid(table: PrintedTable, row: str) -> Grid | None:
    group, shape, before = table.groups[row], table.shape(row), table.before(row)
    if shape is None or before is None or group.row is None:
        return None
    grids = possible_grids(table.analysis.graph, group.row, before.sides)
    if grids is None:
        return None
    (lowest, highest), strides = grids
    if all(low <= side <= high for low, side, high in zip(lowest, shape.sides, highest, strict=True)):
        return None
    return Grid(group.patch, before.sides, lowest, highest, strides, shape.sides)


def _chain(table: PrintedTable, row: str) -> Chain | None:
    group, printed = table.groups[row], table.number(row, "depth")
    if printed is None or group.row is None:
        return None
    named = {f"{row}/{column}": column for column in group.row.cells}
    chains: dict[int, tuple[str, ...]] = {}
    graph = table.analysis.graph
    for index in group.row.layers:
        layer = graph.layers[index]
        longest = max((chains.get(source, ()) for source in layer.inputs), key=len, default=())
        own = (named[layer.name],) if layer.depth and layer.name in named else ()
        chains[index] = longest + own
    longest = chains.get(group.row.result, ())
    return Chain(longest, int(printed.digits)) if len(longest) > printed.digits else None


def _sum(table: PrintedTable, what: str) -> ColumnSum | None:
    printed = read_number(table.cells.get("", {}).get(what, ""))
    key = {"params": "params", "weights": "weights", "ops": "multiply_adds", "multiply adds": "multiply_adds"}.get(what)
    if printed is None or key is None:
        return None
    low = high = Fraction(0)
    for row, group in table.groups.items():
        if group.row is None or group.row.is_head or not getattr(group.totals, key):
            continue
        cell = table.number(row, what)
        if cell is None:
            return None  # the column does not print everything
        least, most = cell.range(table.units(what))
        low, high = low + least, high + most
    least, most = printed.range(table.units(what))
    return ColumnSum(low, high) if high and (high <= least or low >= most) else None
