"""Cells of the table that are replaced by a symbol or a number: `3a.3x3 reduce`, and `conv1.filters` of a plain row."""

from collections.abc import Iterable, Mapping
from typing import Any

from inception_calc.dims import Count, Scope
from inception_calc.dims.scope import NEVER_SCALED
from inception_calc.graph.model import Layer
from inception_calc.ops.model import spaced
from inception_calc.ops.operator import Operator
from inception_calc.ops.step import BlockCall, Step
from inception_calc.problems import Fault, Path
from inception_calc.spec import Spec
from inception_calc.spec.walk import columns_read, walk_body

Cell = tuple[str, str]
"""The names of a row (or head) and of a column."""


def cell_name(cell: Cell) -> str:
    """How a cell is called where symbols are called by name."""
    return f"{cell[0]}.{cell[1]}"


def cells_of(spec: Spec) -> dict[str, Cell]:
    """Every cell that may be replaced, by its name: columns of rows that call a block, filter counts of others."""
    cells: dict[str, Cell] = {}
    for lines in (spec.rows, spec.heads):
        for name, line in lines.items():
            for column in arguments_of(spec, line.step):
                cells[cell_name((name, column))] = (name, column)
    return cells


def cell_values(spec: Spec, symbols: Mapping[str, Any]) -> dict[str, int]:
    """The numbers that stand in cells, by name; cells that hold words or depend on what enters are left out."""
    scope = Scope(symbols, {}, 0)
    values: dict[str, int] = {}
    for name, (row, column) in cells_of(spec).items():
        line = spec.rows[row] if row in spec.rows else spec.heads[row]
        try:
            value = scope.count(Count(arguments_of(spec, line.step)[column]), column)
        except Fault:
            continue
        if isinstance(value, int):
            values[name] = value
    return values


def arguments_of(spec: Spec, step: Step) -> Mapping[str, str]:
    """Column -> text of a row's step."""
    body = step.operator
    if isinstance(body, BlockCall):
        return columns_of(spec, body)
    found = _filters(body)
    return {} if found is None else {found[0]: found[1].text}


def columns_of(spec: Spec, call: BlockCall) -> dict[str, str]:
    """Column -> text at a block's call."""
    if isinstance(call.arguments, dict):
        return call.arguments
    return dict(zip(spec.blocks[call.block].columns, call.arguments, strict=True))


def path_of_cell(spec: Spec, row: str, column: str) -> Path:
    """Where a cell of a row's block stands; the row itself where it calls none."""
    kind = "rows" if row in spec.rows else "heads"
    call = (spec.rows[row] if row in spec.rows else spec.heads[row]).step.operator
    if not isinstance(call, BlockCall):
        return kind, row
    place = column if isinstance(call.arguments, dict) else spec.blocks[call.block].columns.index(column)
    return kind, row, call.block, place


def path_in_row(spec: Spec, layer: Layer) -> Path:
    """Where a row decides about a layer: its step, or the row that calls the block it comes from, at the cell that
    the layer is named by where there is one.
    """
    if not layer.block:
        return layer.path
    column = layer.name.removeprefix(f"{layer.row}/")
    line = spec.rows[layer.row] if layer.row in spec.rows else spec.heads[layer.row]
    if column in arguments_of(spec, line.step):
        return path_of_cell(spec, layer.row, column)
    return "rows" if layer.row in spec.rows else "heads", layer.row


def values_of(columns: Mapping[str, str], scope: Scope) -> tuple[object, ...]:
    """What the columns of a call come to where it stands; the text of those that are no counts."""
    values: list[object] = []
    for text in columns.values():
        try:
            values.append(scope.count(Count(text), "column", 0))
        except Fault:
            values.append(text)
    return tuple(values)


class ColumnUses:
    """What blocks make of their columns. Each block is looked at once."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self._filters: dict[str, frozenset[str]] = {}
        self._read: dict[str, frozenset[str]] = {}

    def read(self, name: str) -> frozenset[str]:
        """The columns of a block that something in it reads; a variant may leave some unread (language, rule 20)."""
        if name not in self._read:
            self._read[name] = columns_read(self.spec.blocks[name])
        return self._read[name]

    def filters(self, name: str) -> frozenset[str]:
        """Those that are some layer's whole filter count, in the block itself or in one that it hands them to."""
        if name not in self._filters:
            found: set[str] = set()
            for _, step, _ in walk_body(self.spec.blocks[name].body, ()):
                body = step.operator
                if isinstance(body, BlockCall):
                    handed = columns_of(self.spec, body)
                    found |= {handed[column] for column in self.filters(body.block)}
                elif (count := body.filter_count()) is not None:
                    found.add(count.text)
            self._filters[name] = frozenset(found.intersection(self.spec.blocks[name].columns))
        return self._filters[name]


def with_cells(spec: Spec, cells: Iterable[Cell]) -> Spec:
    """The spec with each of these cells holding its own name, which the setting gives a value."""
    wanted: dict[str, set[str]] = {}
    for row, column in cells:
        wanted.setdefault(row, set()).add(column)
    if not wanted:
        return spec

    def changed(lines: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: line._replace(step=_replaced(spec, line.step, name, wanted[name])) if name in wanted else line
            for name, line in lines.items()
        }

    return spec.model_copy(update={"rows": changed(spec.rows), "heads": changed(spec.heads)})


def _replaced(spec: Spec, step: Step, row: str, columns: set[str]) -> Step:
    body = step.operator
    if isinstance(body, BlockCall):
        texts = {
            column: cell_name((row, column)) if column in columns else text
            for column, text in columns_of(spec, body).items()
        }
        return step._replace(operator=body._replace(arguments=texts))
    (column,) = columns
    return step._replace(operator=body.model_copy(update={_field(body): Count(cell_name((row, column)))}))


def _filters(body: Operator) -> tuple[str, Count] | None:
    """The key and value of the count that makes a layer's maps, where the operator has one.

    A count that mentions the classes or the vocabulary is none: it belongs to the data, and the width multiplier leaves
    it alone.
    """
    count = body.filter_count()
    if count is None or any(symbol in count.text for symbol in NEVER_SCALED):
        return None
    return "units" if _field(body) == "argument" else spaced(_field(body)), count


def _field(body: Operator) -> str:
    """The model's field that holds the count."""
    return next(name for name in type(body).model_fields if getattr(body, name) is body.filter_count())
