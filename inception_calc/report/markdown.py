"""GitHub-flavoured Markdown: a heading, a pipe table, notes. Names are escaped, so none is read as markup."""

from __future__ import annotations

import re

from inception_calc.report.table import Cell, Table
from inception_calc.report.text import visible

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>&:@])")
PLAIN_NUMBER = re.compile(r"[0-9][0-9.,]*[A-Za-z%]?|[0-9]+(x[0-9]+)+(/[0-9]+(x[0-9]+)?)?|#?[0-9]+x[0-9]+( [a-z]+)*")


def escaped(text: str) -> str:
    """`text` so that Markdown shows exactly it."""
    shown = visible(text)
    if shown.replace(" ", "").isalnum() or PLAIN_NUMBER.fullmatch(shown):
        return shown
    return SPECIAL.sub(lambda match: {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(match[1], f"\\{match[1]}"), shown)


def draw(table: Table) -> str:
    """The table as Markdown."""

    def line(texts: list[str]) -> str:
        return f"| {' | '.join(texts)} |"

    def bold(cell: Cell) -> str:
        return f"**{escaped(cell.text)}**" if cell.text else ""

    parts = [f"### {escaped(table.title)}", ""]
    parts.append(line([escaped(column.heading) for column in table.columns]))
    parts.append(line(["---:" if column.numeric else "---" for column in table.columns]))
    parts += [line([escaped(cell.text) for cell in row]) for row in table.rows]
    parts += [line([bold(cell) for cell in row]) for row in table.totals]
    if table.notes:
        parts += ["", *(f"- {escaped(note)}" for note in table.notes)]
    return "\n".join(parts) + "\n"


def draw_all(tables: list[Table]) -> str:
    """Several tables, an empty line between them."""
    return "\n".join(draw(table) for table in tables)
