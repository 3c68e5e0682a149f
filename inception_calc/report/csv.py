"""CSV (RFC 4180): one header, exact integers, the spec's name, variant and counting convention on each line.

A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV injection").
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from fractions import Fraction

from inception_calc.dims import formula_text
from inception_calc.report.table import Cell, Table
from inception_calc.report.text import visible

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # noqa: RUF001 - wide ones start a formula too
NUMBER = re.compile(r"[+-]\d+(\.\d+)?%?", re.ASCII)
"""A number with a sign is what a spreadsheet takes it for."""
LAST_FACTS = (
    "test_time_models",
    "test_time_crops",
    "test_time_multiply_adds",
    "sliding_crops",
    "sliding_multiply_adds",
    "incomplete",
    "assumptions",
    "convention",
)
"""The facts of the whole, the same on all lines, stand at their end."""


def safe(text: str) -> str:
    """`text` so that no spreadsheet takes it for a formula."""
    shown = visible(text)
    return f"'{shown}" if shown.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(shown) else shown


def value_text(cell: Cell) -> str:
    """A cell's exact value; of a ratio the nearest double, six digits of a measured number."""
    if cell.value is None:
        return ""
    if isinstance(cell.value, Fraction):
        return formula_text(int(cell.value)) if cell.value.denominator == 1 else repr(float(cell.value))
    if isinstance(cell.value, float):
        return f"{round(cell.value, 9):.6g}"
    return safe(cell.value) if isinstance(cell.value, str) else formula_text(cell.value)


def records(tables: list[Table]) -> Iterator[list[str]]:
    """The header, then a line for each row and total of all tables; columns that a table lacks are empty."""
    facts = list(dict.fromkeys(name for table in tables for name, _ in table.facts))
    keys = list(dict.fromkeys(column.key for table in tables for column in table.columns))
    before, after = [fact for fact in facts if fact not in LAST_FACTS], [fact for fact in LAST_FACTS if fact in facts]
    yield [*before, *map(safe, keys), *after]
    for table in tables:
        known = {name: safe(text) for name, text in table.facts}
        for row in (*table.rows, *table.totals):
            values = {column.key: value_text(cell) for column, cell in zip(table.columns, row, strict=True)}
            yield [
                *(known.get(fact, "") for fact in before),
                *(values.get(key, "") for key in keys),
                *(known.get(fact, "") for fact in after),
            ]


def draw_all(tables: list[Table]) -> str:
    """All tables under one header."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(records(tables))
    return out.getvalue()
