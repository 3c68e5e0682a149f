"""Plain text: columns lined up with spaces, headings in as few lines as they need, never cropped."""

from __future__ import annotations

from inception_calc.report.table import Cell, Table
from inception_calc.report.text import cell_width, padded, visible

GAP = "  "


def heading_lines(heading: str, width: int) -> list[str]:
    """A heading broken at spaces so that no line is wider than `width`, if its words allow it."""
    lines: list[str] = []
    for word in heading.split(" "):
        if lines and cell_width(lines[-1]) + 1 + cell_width(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def column_widths(table: Table) -> list[int]:
    """How wide each column must be: its widest cell, or the longest word of its heading."""
    cells = [*table.rows, *table.totals]
    return [
        max(
            [cell_width(visible(row[index].text)) for row in cells]
            + [cell_width(word) for word in visible(column.heading).split(" ")]
        )
        for index, column in enumerate(table.columns)
    ]


def draw(table: Table) -> str:
    """The table as lines of text; a table without rows is its title and its notes."""
    if not table.rows and not table.totals:
        return "\n".join(map(visible, (table.title, *table.notes))) + "\n"
    widths = column_widths(table)
    numeric = [column.numeric for column in table.columns]
    headings = [
        heading_lines(visible(column.heading), width) for column, width in zip(table.columns, widths, strict=True)
    ]
    height = max(map(len, headings), default=0)

    def line(texts: list[str]) -> str:
        return GAP.join(map(padded, texts, widths, numeric)).rstrip()

    def cells(row: tuple[Cell, ...]) -> str:
        return line([visible(cell.text) for cell in row])

    rule = "-" * (sum(widths) + len(GAP) * (len(widths) - 1))
    head = [line([([""] * (height - len(lines)) + lines)[level] for lines in headings]) for level in range(height)]
    parts = [visible(table.title), rule, *head, rule, *map(cells, table.rows)]
    if table.totals:
        parts += [rule, *map(cells, table.totals)]
    parts.append(rule)
    parts += [visible(note) for note in table.notes]
    return "\n".join(parts) + "\n"


def draw_all(tables: list[Table]) -> str:
    """Several tables, an empty line between them."""
    return "\n".join(draw(table) for table in tables)
