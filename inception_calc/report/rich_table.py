"""Rich tables for terminals: bars for shares; on a narrow terminal the least important columns are left out."""

from __future__ import annotations

from fractions import Fraction

from rich import box
from rich.console import Console
from rich.table import Column as RichColumn
from rich.table import Table as RichTable
from rich.text import Text

from inception_calc.problems import listed
from inception_calc.report.plain import column_widths, heading_lines
from inception_calc.report.table import Cell, Table
from inception_calc.report.text import visible

BAR_WIDTH = 10
EIGHTHS = " ▏▎▍▌▋▊▉█"


def bar(share: Fraction, full: Fraction, unicode: bool) -> str:
    """A bar as long as the share is of the largest one."""
    if not unicode:
        return "#" * round(share / full * BAR_WIDTH)
    eighths = round(share / full * BAR_WIDTH * 8)
    return "█" * (eighths // 8) + (EIGHTHS[eighths % 8] if eighths % 8 else "")


def fitting(table: Table, width: int, with_bars: bool) -> tuple[Table, bool, list[str]]:
    """The table as far as it fits: first the bars go, then the least important columns; their headings are said."""
    dropped: list[str] = []

    def needed(candidate: Table, bars: bool) -> int:
        widths = column_widths(candidate)
        return sum(widths) + 2 * len(widths) + (BAR_WIDTH + 1 if bars else 0)

    has_share = any(column.key == "share" for column in table.columns)
    bars = with_bars and has_share
    while needed(table, bars) > width:
        droppable = [column for column in table.columns if column.importance < 9]
        lowest = min((column.importance for column in droppable), default=9)
        if bars and lowest >= 5:
            bars = False
            continue
        if not droppable:
            break
        gone = [column for column in droppable if column.importance == lowest]
        if lowest > 2:  # the columns of blocks go together, others one by one from the right
            gone = gone[-1:]
        dropped += [column.heading for column in gone]
        table = table.without(frozenset(column.key for column in gone))
    return table, bars, dropped


def draw_on(console: Console, tables: list[Table]) -> None:
    """Draws all tables on a console."""
    for index, table in enumerate(tables):
        if index:
            console.print()
        _draw(console, table)


def _draw(console: Console, table: Table) -> None:
    unicode = console.encoding.lower().startswith("utf")
    shown, bars, dropped = fitting(table, console.width, with_bars=True)
    widths = column_widths(shown)
    columns = [
        RichColumn(
            Text("\n".join(heading_lines(visible(column.heading), width))),
            justify="right" if column.numeric else "left",
            no_wrap=True,
            vertical="bottom",
        )
        for column, width in zip(shown.columns, widths, strict=True)
    ]
    if bars:
        columns.append(RichColumn(Text(""), no_wrap=True))
    drawn = RichTable(
        *columns,
        box=box.SIMPLE_HEAD if unicode else box.ASCII_DOUBLE_HEAD,
        show_edge=False,
        pad_edge=False,
        show_footer=False,
        padding=(0, 2, 0, 0),
        header_style="bold",
    )
    full = max((cell.share for row in shown.rows for cell in row if cell.share is not None), default=Fraction(1))

    def cells(row: tuple[Cell, ...], style: str = "") -> list[Text]:
        texts = [Text(visible(cell.text), style=style) for cell in row]
        if bars:
            share = next((cell.share for cell in row if cell.share is not None), None)
            texts.append(Text(bar(share, full, unicode) if share is not None else "", style="cyan"))
        return texts

    for row in shown.rows:
        drawn.add_row(*cells(row))
    if shown.totals:
        drawn.add_section()
        for row in shown.totals:
            drawn.add_row(*cells(row, "bold"))
    console.print(Text(visible(shown.title), style="bold"))
    console.print(drawn, crop=False, overflow="ignore", soft_wrap=True)
    for note in shown.notes:
        console.print(Text(visible(note), style="dim"))
    if dropped:
        text = f"left out at {console.width} characters: {listed(dropped)}; --columns chooses"
        console.print(Text(visible(text), style="dim"))
