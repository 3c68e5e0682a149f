"""The rule of a printed column, found rather than assumed: which unit and which rounding give most of its cells.

GoogLeNet's params column follows from nothing with K = 1000; with K = 1024, truncation gives most cells.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from inception_calc.audit.numbers import BINARY, DECIMAL, ROUNDED, TRUNCATED, PrintedNumber

Quantities = Mapping[str, int | Fraction]
"""What a cell may count, by name: a params cell `params` (with biases) or `weights` alone."""


class Way(NamedTuple):
    """A quantity and the rounding with which it gives a cell."""

    quantity: str
    rounding: str


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """What the column `what` follows. `ways` are those that give most cells; several fit equally well."""

    what: str
    units: Mapping[str, int]
    ways: frozenset[Way]
    by_rule: int
    """Cells that one of the best ways gives."""
    by_unit: int
    """Cells that any quantity and rounding gives with these units."""
    cells: int
    suffixes: tuple[str, ...]
    declared: bool | None
    """Whether the spec's `source.units` says the same units; None where it says nothing about them."""
    rivals: tuple[Mapping[str, int], ...] = ()
    """Other units that give as many cells."""


def ways_of(printed: PrintedNumber, quantities: Quantities, units: Mapping[str, int]) -> frozenset[Way]:
    """The ways in which the quantities give the printed cell."""
    return frozenset(
        Way(name, rounding) for name, value in quantities.items() for rounding in printed.roundings(value, units)
    )


def find_rule(what: str, cells: Sequence[tuple[PrintedNumber, Quantities]], declared: Mapping[str, int]) -> ColumnRule:
    """The rule that gives most of the cells. Where units tie, what the spec declares wins, then powers of ten."""
    suffixes = tuple(dict.fromkeys(printed.suffix for printed, _ in cells if printed.suffix))
    candidates = [{**DECIMAL, **declared}, DECIMAL, BINARY]
    found = [[ways_of(printed, quantities, units) for printed, quantities in cells] for units in candidates]
    given = [sum(map(bool, ways)) for ways in found]
    most_given = max(given)
    best = given.index(most_given)
    units, ways = candidates[best], found[best]
    counted = {
        way: sum(way in cell for cell in ways)
        for name in dict.fromkeys(name for _, quantities in cells for name in quantities)
        for way in (Way(name, ROUNDED), Way(name, TRUNCATED))
    }
    most = max(counted.values(), default=0)
    rivals: list[Mapping[str, int]] = []
    for other, count in zip(candidates, given, strict=True):
        if count == most_given and all(any(other[s] != known[s] for s in suffixes) for known in (units, *rivals)):
            rivals.append(other)
    said = [suffix for suffix in suffixes if suffix in declared]
    return ColumnRule(
        what,
        units,
        frozenset(way for way, count in counted.items() if count == most and most),
        most,
        given[best],
        len(cells),
        suffixes,
        all(declared[suffix] == units[suffix] for suffix in said) if said else None,
        tuple(rivals) if most_given else (),
    )
