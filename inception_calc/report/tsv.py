r"""TSV (IANA text/tab-separated-values): the lines of CSV with tabs between, and no quoting.

A tab or a line break in a name is written out (`\x09`), so that each field stays one field.
"""

from __future__ import annotations

from inception_calc.report.csv import records
from inception_calc.report.table import Table


def field(text: str) -> str:
    """`text` so that programs which expect quoting do not take its first character for a quote."""
    return f"'{text}" if text.startswith('"') else text


def draw_all(tables: list[Table]) -> str:
    """All tables under one header."""
    return "".join("\t".join(map(field, record)) + "\n" for record in records(tables))
