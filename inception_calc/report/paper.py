"""`--style paper`: the columns of GoogLeNet's Table 1, in its words and its units.

Type, patch size/stride, output size, depth, the columns of the blocks, params, ops. What K and M stand for is the
source's own affair (`source.units`): in Table 1's params column K is 1024.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from inception_calc.analysis import Analysis
from inception_calc.analysis.in_use import InUse
from inception_calc.report.cost_table import cost_table
from inception_calc.report.table import Cell, Table
from inception_calc.report.view import View

COLUMNS = ("type", "patch", "output", "depth", "cells", "params", "multiply_adds")
PRINTED_AS = {"params": "params", "multiply_adds": "ops"}
"""Our columns that papers print with units, and the papers' words for them."""


def paper_table(analysis: Analysis, view: View, in_use: InUse | None = None) -> Table:
    """The rows of an analysis as a paper prints them, its totals below."""
    table = cost_table(analysis, view._replace(by="row", columns=COLUMNS), in_use)
    columns = (column._replace(is_asked=column.key.startswith("printed_")) for column in table.columns)
    table = table._replace(columns=tuple(columns))
    from inception_calc.analysis.spec_source import spec_of  # other files have no printed table

    units = {} if view.units == "exact" else spec_of(analysis.origin).spec.source.units
    total = table.totals[0]
    totals = ((total[0]._replace(text="total", value="total"), *total[1:]),)
    table = table._replace(totals=totals, centred=True, choosable=False)
    for key, word in PRINTED_AS.items():
        table = _renamed(table, key, word, units.get(word, {}))
    notes = [
        f"{word}: {', '.join(f'{letter} is {size:,}' for letter, size in sizes.items())}"
        for word, sizes in units.items()
        if word in PRINTED_AS.values()
    ]
    return table._replace(notes=(*table.notes, *notes))


def paper_number(value: int, units: Mapping[str, int]) -> str:
    """A number in a source's own units: 2.7K, 159K, 1388K, without decimals from 10 on."""
    fitting = {size: letter for letter, size in units.items() if size <= abs(value)}
    if not fitting:
        return str(value)
    size = max(fitting)
    quotient = Fraction(value, size)
    if abs(quotient) >= 10:
        return f"{round(quotient)}{fitting[size]}"
    tenths = round(quotient * 10)
    return f"{tenths // 10}{f'.{tenths % 10}' if tenths % 10 else ''}{fitting[size]}"


def _renamed(table: Table, key: str, heading: str, units: Mapping[str, int]) -> Table:
    """The table with a column under the paper's word, its numbers in the paper's units."""
    index = next(index for index, column in enumerate(table.columns) if column.key == key)

    def cells(rows: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[Cell, ...], ...]:
        return tuple((*row[:index], _written(row[index], units), *row[index + 1 :]) for row in rows)

    columns = list(table.columns)
    columns[index] = columns[index]._replace(heading=heading)
    return table._replace(columns=tuple(columns), rows=cells(table.rows), totals=cells(table.totals))


def _written(cell: Cell, units: Mapping[str, int]) -> Cell:
    """The cell in the source's units; empty cells, formulas and sources without units stay as they are."""
    if not cell.text or not isinstance(cell.value, int) or not units:
        return cell
    return cell._replace(text=paper_number(cell.value, units))
