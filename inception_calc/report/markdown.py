"""GitHub-flavoured Markdown: a heading, a pipe table, notes. Names are escaped, so none is read as markup."""

from __future__ import annotations

import re

from inception_calc.report.table import Cell, Table
from inception_calc.report.text import visible

SPECIAL = re.compile(
    r"(?P<late>\$|@(?=[A-Za-z0-9])|#(?=[0-9]+(?!\w))|(?<=\bGH)-(?=[0-9])"
    r"|:(?=(?:[\w+-]*[A-Za-z+-][\w+-]*|100|1234):))"
    r"|[\\`*_{}\[\]()#+\-.!|~<>&:@]"
)
"""Marks of Markdown; `late` are those that GitHub looks for in the page that Markdown became: mathematics, people,
issues, emoji, addresses. A backslash is gone by then, so they stand in an element of their own, as GitHub advises.
"""
ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
PLAIN_NUMBER = re.compile(r"[0-9][0-9.,]*[A-Za-z%]?|[0-9]+(x[0-9]+)+(/[0-9]+(x[0-9]+)?)?|#?[0-9]+x[0-9]+( [a-z]+)*")


def escaped(text: str) -> str:
    """`text` so that Markdown shows exactly it."""
    shown = visible(text)
    if shown.replace(" ", "").isalnum() or PLAIN_NUMBER.fullmatch(shown):
        return shown
    return SPECIAL.sub(_without_meaning, shown)


def _without_meaning(mark: re.Match[str]) -> str:
    return f"<span>{mark[0]}</span>" if mark["late"] else ENTITIES.get(mark[0], f"\\{mark[0]}")


def code(text: str, in_cell: bool = False) -> str:
    """`text` as a code span, in a cell of a table or elsewhere; escaped where no code span of a cell can hold it."""
    shown = visible(text)
    if in_cell and BAR_IN_CELL in shown:  # a cell ends at a bar behind two backslashes, and loses the one of `\\|`
        return escaped(text)
    ticks = _longer_than_any_in(shown, 1)
    room = " " if shown.startswith(("`", " ")) or shown.endswith(("`", " ")) else ""
    return f"{ticks}{room}{shown.replace('|', BAR_IN_CELL) if in_cell else shown}{room}{ticks}"


BAR_IN_CELL = "\\|"


def fenced(body: str, language: str) -> str:
    """Lines as they are, between fences that none of them can end."""
    ticks = _longer_than_any_in(body, 3)
    return f"{ticks}{language}\n{body}\n{ticks}\n"


def _longer_than_any_in(text: str, least: int) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    return "`" * max(least, longest + 1)


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
