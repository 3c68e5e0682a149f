"""HTML: one page that needs nothing else, with a table for each spec; every name is escaped, so none is markup.

All characters beyond ASCII are written as references, so the page reads the same in any encoding.
"""

from __future__ import annotations

from html import escape

from inception_calc.report.table import Cell, Column, Table
from inception_calc.report.text import visible

STYLE = """\
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: #1a1a1a; background: #fff; }
  table { border-collapse: collapse; margin-bottom: .5rem; font-variant-numeric: tabular-nums; }
  caption { text-align: left; font-weight: 600; padding-bottom: .5rem; }
  th, td { padding: .15rem .7rem; text-align: left; vertical-align: top; white-space: nowrap; }
  thead th { vertical-align: bottom; white-space: normal; border-bottom: 1px solid #888; }
  tbody th { font-weight: 400; }
  tfoot th, tfoot td { font-weight: 600; border-top: 1px solid #888; }
  .number { text-align: right; }
  .prose { white-space: normal; min-width: 16rem; max-width: 36rem; }
  .centred th, .centred td { text-align: center; }
  .share { background: linear-gradient(#bcd7ee, #bcd7ee) right / var(--share) 100% no-repeat; }
  .falls { background-image: repeating-linear-gradient(135deg, #b9dcc2 0 3px, #fff 3px 6px); }
  ul { padding-left: 1.2rem; margin-top: 0; color: #555; }"""

SECTIONS = """\
  h1 { font-size: 1.2rem; }
  section { margin-bottom: 1.2rem; padding-left: .7rem; border-left: 4px solid #888; max-width: 60rem; }
  section h2 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
  section li { white-space: pre-wrap; }
  section.fail { border-color: #b3261e; }
  section.undecided { border-color: #8e24aa; }
  section.warn { border-color: #c77700; }
  section.pass { border-color: #2e7d32; }"""
"""What pages with a heading and sections need besides; the colour of a section is its verdict."""


def escaped(text: str) -> str:
    """`text` so that a browser shows exactly it, as content or as an attribute."""
    return escape(visible(text)).encode("ascii", "xmlcharrefreplace").decode("ascii")


def draw(table: Table) -> str:
    """The table as a `table` element and a list of notes."""
    full = table.full_bar

    def cell_element(column: Column, cell: Cell, *, names_row: bool) -> str:
        kinds = ["number"] if column.numeric else ["prose"] if column.prose else []
        style = ""
        if cell.share is not None:
            kinds += ["share", "falls"] if cell.share < 0 else ["share"]
            style = f' style="--share: {float(abs(cell.share) / full):.1%}"'
        kind = f' class="{" ".join(kinds)}"' if kinds else ""
        if names_row:
            return f'<th scope="row"{kind}>{escaped(cell.text)}</th>'
        return f"<td{kind}{style}>{escaped(cell.text)}</td>"

    def row_element(row: tuple[Cell, ...]) -> str:
        cells = zip(table.columns, row, strict=True)
        return "<tr>" + "".join(cell_element(*pair, names_row=index == 0) for index, pair in enumerate(cells)) + "</tr>"

    headings = "".join(
        f'<th scope="col" class="number">{escaped(column.heading)}</th>'
        if column.numeric
        else f'<th scope="col">{escaped(column.heading)}</th>'
        for column in table.columns
    )
    parts = [
        '<table class="centred">' if table.centred else "<table>",
        f"<caption>{escaped(table.title)}</caption>",
        f"<thead>\n<tr>{headings}</tr>\n</thead>",
        "<tbody>",
        *map(row_element, table.rows),
        "</tbody>",
    ]
    if table.totals:
        parts += ["<tfoot>", *map(row_element, table.totals), "</tfoot>"]
    parts.append("</table>")
    if table.notes:
        parts += ["<ul>", *(f"<li>{escaped(note)}</li>" for note in table.notes), "</ul>"]
    return "\n".join(parts) + "\n"


def page(title: str, body: str, style: str = STYLE) -> str:
    """A whole page around some elements."""
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escaped(title)}</title>\n'
        f"<style>\n{style}\n</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )


def draw_all(tables: list[Table]) -> str:
    """One page with all tables."""
    return page(", ".join(table.title for table in tables[:3]), "\n".join(map(draw, tables)))
