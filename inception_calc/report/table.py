"""What a table says, before any format draws it."""

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from inception_calc.dims import Dim


class Column(NamedTuple):
    """A column: `key` for machines, `heading` for people."""

    key: str
    heading: str
    numeric: bool = False
    importance: int = 5
    """On a narrow terminal the lowest goes first; 9 never goes."""
    prose: bool = False
    """Holds phrases, which are folded where room is short, before any column goes."""
    is_asked: bool = False
    """The user asked for it by name: it goes after all that nobody asked for."""


class Cell(NamedTuple):
    """A cell: `text` for people; `value` for machines, a float only where it was measured; `share` (of one) where a bar
    may be drawn, negative for what falls.
    """

    text: str = ""
    value: Dim | Fraction | float | str | None = None
    share: Fraction | None = None


EMPTY = Cell()


class Table(NamedTuple):
    """A title, columns, rows, totals and notes. All texts are as the spec has them; formats make them safe."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[tuple[Cell, ...], ...] = ()
    notes: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    """What machine formats repeat on each line: the name, the variant, the counting convention."""
    centred: bool = False
    """Set each cell in the middle of its column, as papers do, where the format sets type."""
    choosable: bool = False
    """The command that shows it lets its user choose the columns."""
    is_of_one: bool = False
    """A full bar is one, or more where a share is; else the longest bar is full."""

    @property
    def full_bar(self) -> Fraction:
        """The share that fills its cell."""
        sizes = [abs(cell.share) for row in self.rows for cell in row if cell.share]
        return max([*sizes, Fraction(1)] if self.is_of_one or not sizes else sizes)

    def without(self, keys: frozenset[str]) -> "Table":
        """The table without some columns."""
        kept = [index for index, column in enumerate(self.columns) if column.key not in keys]
        return self._replace(
            columns=tuple(self.columns[index] for index in kept),
            rows=tuple(tuple(row[index] for index in kept) for row in self.rows),
            totals=tuple(tuple(row[index] for index in kept) for row in self.totals),
        )

    def spelled(self, spell: Callable[[str], str]) -> "Table":
        """The table with every text that people read put through `spell`."""

        def cells(rows: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[Cell, ...], ...]:
            return tuple(tuple(cell._replace(text=spell(cell.text)) for cell in row) for row in rows)

        return self._replace(
            title=spell(self.title),
            columns=tuple(column._replace(heading=spell(column.heading)) for column in self.columns),
            rows=cells(self.rows),
            totals=cells(self.totals),
            notes=tuple(map(spell, self.notes)),
        )
