"""What the table prints of a row beside its numbers: label, patch, the cells of a block's columns and their order."""

from inception_calc.dims import Count, Dim, Scope
from inception_calc.dims.scope import UNSCALED
from inception_calc.graph.cells import ColumnUses, columns_of
from inception_calc.ops.register import BODIES
from inception_calc.ops.step import BlockCall
from inception_calc.problems import Fault
from inception_calc.spec import Block, Row, Spec

MOST_ORDERED_COLUMNS = 40
"""No table on paper has more columns; hostile specs must not make their order expensive."""


def block_of(spec: Spec, row: Row) -> Block | None:
    """The block that a row calls."""
    body = row.step.operator
    return spec.blocks[body.block] if isinstance(body, BlockCall) else None


def label_of(row: Row, block: Block | None, scope: Scope) -> str:
    """What the first column prints: what the row says, else its block, else the operator's name."""
    written = row.label or (block.label if block else None)
    if written:
        return written
    body = row.step.operator
    if isinstance(body, BlockCall):
        return body.block
    if body.key == "dropout":
        try:
            return f"dropout ({float(100 * scope.decimal(body.argument)):g}%)"  # type: ignore[attr-defined]
        except Fault:  # reported when the layer is made
            return body.key
    return body.key


def patch_of(row: Row, block: Block | None, first: str) -> str:
    """What the second column prints: what the row says, else its block, else `first`, the patch of its first layer."""
    if row.patch is not None:
        return row.patch
    body = row.step.operator
    if isinstance(body, BlockCall):
        return (block.patch or "") if block else ""
    return "" if body.key in BODIES else first


def cell_texts(spec: Spec, row: Row, scope: Scope, uses: ColumnUses) -> dict[str, Dim | str]:
    """Column -> value of a row that calls a block; a text where it is no count.

    A column that makes filters follows the width multiplier as they do.
    """
    body = row.step.operator
    if not isinstance(body, BlockCall):
        return {}
    cells: dict[str, Dim | str] = {}
    for column, text in columns_of(spec, body).items():
        count = Count(text)
        scaled = scope.scaling != UNSCALED and column in uses.filters(body.block)
        try:
            cells[column] = scope.scaled(count, column) if scaled else scope.count(count, column, 0)
        except Fault:
            cells[column] = text
    return cells


def merged_order(lists: list[tuple[str, ...]]) -> tuple[str, ...]:
    """The columns of all blocks, joined by name, so that each block's own order holds (rule 26).

    GoogLeNet's third row has two of the module's six columns, yet Table 1 starts with the module's first. Where
    blocks contradict each other, the order of first appearance decides.
    """
    lists = list(dict.fromkeys(lists))
    order: list[str] = []
    waiting = list(dict.fromkeys(column for columns in lists for column in columns))
    if len(waiting) > MOST_ORDERED_COLUMNS:
        return tuple(waiting)
    while waiting:
        ready = [
            column
            for column in waiting
            if not any(column in columns and set(columns[: columns.index(column)]) - set(order) for columns in lists)
        ]
        chosen = (ready or waiting)[0]
        order.append(chosen)
        waiting.remove(chosen)
    return tuple(order)
