"""The verdicts on a printed number, and what each rests on. Values only: `report.audit` makes the sentences."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from inception_calc.audit.column_rules import ColumnRule, Quantities, ways_of
from inception_calc.audit.contradictions import Evidence
from inception_calc.audit.numbers import EXACT, ROUNDED, TRUNCATED, PrintedNumber
from inception_calc.audit.single_changes import Change
from inception_calc.dims import Shape

Verdict = Literal["reproduced", "truncated", "explained", "contradicted", "unexplained"]
VERDICTS: tuple[Verdict, ...] = ("reproduced", "truncated", "explained", "contradicted", "unexplained")
"""In the order of precedence where more than one fits."""

Value = int | Fraction | Shape


@dataclass(frozen=True, slots=True)
class Reproduced:
    """The count gives the printed text, in these roundings of these quantities (several fit equally).

    Where nothing but truncation gives it, the number says less: up to a whole unit of its last digit is left out.
    """

    roundings: tuple[str, ...]
    quantities: tuple[str, ...] = ()
    suffix: str = ""
    unit: int = 1
    is_exception: bool = False
    """The column's own rule does not give this cell."""
    other_units: tuple[int, ...] = ()
    """What the suffix may stand for as well: these units give as many cells of the column, and this one."""
    digits: int = field(default=0, compare=False)
    """How many digits are printed."""
    why: str = ""
    """What the spec says about a number that says little."""

    @property
    def is_truncated(self) -> bool:
        """Nothing but truncation gives the printed text."""
        return self.roundings == (TRUNCATED,)

    @property
    def says_little(self) -> bool:
        """One digit, truncated: anything up to twice the printed number may be printed so."""
        return self.is_truncated and self.digits == 1


@dataclass(frozen=True, slots=True)
class Compared:
    """The count stands to the printed number as the source says: about, fewer than, more than."""

    says: str


@dataclass(frozen=True, slots=True)
class Explained:
    """A written reason that the program confirms: under `variant`, or by `formula`, the printed text comes out."""

    why: str
    variant: str
    formula: str
    value: Value
    by: Reproduced
    others: tuple["Explained", ...] = ()
    """Further reasons that give the same printed text: they fit equally, so none is proven."""


@dataclass(frozen=True, slots=True)
class Contradicted:
    """The source's own table disagrees, or, for a claim, its exact count. `why` is what the spec says about it."""

    evidence: Evidence | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Unexplained:
    """Nothing confirms the printed number.

    `guess` is a value that would give it, where the spec names one; `changes` are single changes of the row that
    would give all its counts.
    """

    why: str
    is_marked: bool
    """The spec itself says `unexplained: true`."""
    guess: Value | None = None
    changes: tuple[Change, ...] = ()


Finding = Reproduced | Compared | Explained | Contradicted | Unexplained


def verdict_of(finding: Finding) -> Verdict:
    """The finding in one word."""
    if isinstance(finding, Reproduced | Compared):
        return "truncated" if isinstance(finding, Reproduced) and finding.is_truncated else "reproduced"
    if isinstance(finding, Explained):
        return "explained"
    return "contradicted" if isinstance(finding, Contradicted) else "unexplained"


def reproduction(
    printed: PrintedNumber, quantities: Quantities, units: Mapping[str, int], rule: ColumnRule | None = None
) -> Reproduced | None:
    """How the quantities give the printed number: exactly, else by the column's rule, else by whatever fits."""
    ways = ways_of(printed, quantities, units)
    if not ways:
        return None
    exact = {way for way in ways if way.rounding == EXACT}
    by_rule = ways & rule.ways if rule else ways
    chosen = exact or by_rule or ways
    if all(way.rounding == TRUNCATED for way in chosen):
        chosen |= {way for way in ways if way.rounding == ROUNDED}  # the column's rule takes nothing from a cell
    roundings = (EXACT,) if exact else tuple(r for r in (ROUNDED, TRUNCATED) if any(w.rounding == r for w in chosen))
    return Reproduced(
        roundings,
        tuple(name for name in quantities if any(way.quantity == name for way in chosen)),
        printed.suffix,
        printed.unit(units),
        bool(rule and rule.by_rule > 1 and not by_rule and not exact),
        tuple(
            printed.unit(other)
            for other in (rule.rivals if rule and printed.suffix else ())
            if printed.unit(other) != printed.unit(units) and ways_of(printed, quantities, other)
        ),
        printed.known_digits,
    )


BOUNDS = ("fewer than", "less than", "more than")
"""The words that no rounding may stand in for: 1.2 is not fewer than 1, though it is 1 truncated."""

ABOUT = Fraction(1, 10)
"""How far off `about` may be."""


def comparison(printed: PrintedNumber, says: str | None, value: Value, units: Mapping[str, int]) -> Compared | None:
    """The comparison that the source's word makes, where it holds."""
    if says is None or isinstance(value, Shape):
        return None
    shown = printed.value(units)
    holds = {
        "about": abs(value - shown) < ABOUT * abs(shown),
        "fewer than": value < shown,
        "less than": value < shown,
        "more than": value > shown,
    }
    return Compared(says) if holds.get(says) else None
