"""Rich tables for terminals: bars for shares; on a narrow terminal phrases fold and the least important columns go."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from io import StringIO

from rich import box
from rich.console import Console
from rich.table import Column as RichColumn
from rich.table import Table as RichTable
from rich.text import Text

from inception_calc.problems import listed
from inception_calc.report.plain import column_widths, heading_lines
from inception_calc.report.screen import Screen
from inception_calc.report.table import Cell, Table
from inception_calc.report.text import visible

BAR_WIDTH = 10
GAP = 2
"""Spaces between columns, the box's own divider among them."""
NEVER_DROPPED = 9
BLOCK_COLUMNS = 2
"""The importance of columns that stay or go together."""
UNLIMITED = 100_000
NARROWEST_NAME = 8
NARROWEST_PROSE = 20
HEAD_RULE = box.SIMPLE_HEAD
ASCII_HEAD_RULE = box.Box("    \n    \n -- \n    \n -- \n -- \n    \n    \n", ascii=True)
EIGHTHS = " ▏▎▍▌▋▊▉█"


def bar(share: Fraction, full: Fraction, unicode: bool) -> str:
    """A bar as long as the share is of a full one; hatched for what falls, solid else."""
    if share < 0 or not unicode:
        sign = "#" if share >= 0 else "░" if unicode else "-"
        return sign * round(abs(share) / full * BAR_WIDTH)
    eighths = round(share / full * BAR_WIDTH * 8)
    return "█" * (eighths // 8) + (EIGHTHS[eighths % 8] if eighths % 8 else "")


def fitting(table: Table, width: int) -> tuple[Table, bool, list[str]]:
    """The table as far as it fits, whether bars fit too, and the headings (keys, where equal) of what had to go.

    A column is worth more than the bars, and more than phrases in one line. What the user asked for by name goes last.
    The columns of blocks go together, others one by one from the right.
    """
    dropped: list[str] = []
    headings = Counter(column.heading for column in table.columns)
    while (needed := width_needed(table)) > width:
        droppable = [column for column in table.columns if column.importance < NEVER_DROPPED]
        if not droppable:
            break
        lowest = min((column.is_asked, column.importance) for column in droppable)
        gone = [column for column in droppable if (column.is_asked, column.importance) == lowest]
        if lowest[1] > BLOCK_COLUMNS:
            gone = gone[-1:]
        dropped += [
            column.heading if headings[column.heading] == 1 else column.key.replace("_", " ") for column in gone
        ]
        table = table.without(frozenset(column.key for column in gone))
    has_share = any(cell.share is not None for row in table.rows for cell in row)
    return table, has_share and needed + GAP + BAR_WIDTH <= width, dropped


def width_needed(table: Table) -> int:
    """The characters of a line of the table, phrases folded, without bars."""
    widths = zip(table.columns, column_widths(table), strict=True)
    narrow = [min(width, NARROWEST_PROSE) if column.prose else width for column, width in widths]
    return sum(narrow) + GAP * (len(narrow) - 1)


def widths_within(table: Table, limit: int) -> list[int]:
    """The width of each column. Phrases share what the others leave; then names are folded, numbers never are."""
    widths = column_widths(table)
    phrases = sorted((width, index) for index, width in enumerate(widths) if table.columns[index].prose)
    room = limit - GAP * (len(widths) - 1) - sum(widths) + sum(width for width, _ in phrases)
    for left, (width, index) in zip(range(len(phrases), 0, -1), phrases, strict=True):
        widths[index] = min(width, max(NARROWEST_PROSE, room // left))
        room -= widths[index]
    for index, column in enumerate(table.columns):
        if room < 0 and not column.numeric:
            folded = max(min(widths[index], NARROWEST_NAME), widths[index] + room)
            room += widths[index] - folded
            widths[index] = folded
    return widths


def draw_on(screen: Screen, tables: list[Table]) -> str:
    """All tables as a screen shows them, with escape sequences where it has colours."""
    console = Console(
        file=StringIO(),
        force_terminal=screen.colour,
        color_system="standard" if screen.colour else None,
        width=UNLIMITED,  # rich would crop a table that is wider than its console
        legacy_windows=False,
        _environ={},  # what the environment asks for is the screen's affair
    )
    with console.capture() as capture:
        for index, table in enumerate(tables):
            if index:
                console.print()
            _draw(console, table, screen)
    return "\n".join(line.rstrip() for line in capture.get().split("\n"))


def columns_of(table: Table, limit: int) -> list[RichColumn]:
    """Rich's columns, no wider together than the limit where that can be. Short headings stand at the bottom."""
    widths = widths_within(table, limit)
    headings = [
        heading_lines(visible(column.heading), width) for column, width in zip(table.columns, widths, strict=True)
    ]
    height = max(map(len, headings), default=0)
    return [
        RichColumn(
            Text("\n".join([""] * (height - len(lines)) + lines)),
            justify="right" if column.numeric else "left",
            width=folded,
            no_wrap=folded == width,
            overflow="fold",
        )
        for column, lines, width, folded in zip(table.columns, headings, column_widths(table), widths, strict=True)
    ]


def _draw(console: Console, table: Table, screen: Screen) -> None:
    limit = screen.width or UNLIMITED
    shown, bars, dropped = fitting(table, limit)
    columns = columns_of(shown, limit)
    if bars:
        columns.append(RichColumn(Text(""), no_wrap=True))
    drawn = RichTable(
        *columns,
        box=HEAD_RULE if screen.unicode else ASCII_HEAD_RULE,
        show_edge=False,
        pad_edge=False,
        padding=(0, GAP - 1, 0, 0),
        header_style="bold",
    )

    def cells(row: tuple[Cell, ...], style: str = "") -> list[Text]:
        texts = [Text(visible(cell.text), style=style) for cell in row]
        if bars:
            share = next((cell.share for cell in row if cell.share is not None), None)
            texts.append(Text(bar(share, table.full_bar, screen.unicode) if share is not None else "", style="cyan"))
        return texts

    for row in shown.rows:
        drawn.add_row(*cells(row))
    if shown.totals:
        drawn.add_section()
        for row in shown.totals:
            drawn.add_row(*cells(row, "bold"))
    console.print(Text(visible(shown.title), style="bold"), width=limit)
    if shown.rows or shown.totals:
        console.print(drawn)
    notes = list(shown.notes)
    if dropped:
        advice = f"{'--columns chooses, ' if shown.choosable else ''}-f plain shows all"
        notes.append(f"left out at {limit} characters: {listed(dropped)}; {advice}")
    for note in notes:
        console.print(Text(visible(note), style="dim"), width=limit)
