"""What a search found."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from inception_calc.solve.limit import Limit

Run = tuple[int | Fraction, int | Fraction]
"""First and last value."""

FOUND, NONE, UNBOUNDED = "found", "no solution", "unbounded"


@dataclass(frozen=True, slots=True)
class Point:
    """A value and what the network costs there."""

    value: int | Fraction
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Step:
    """The width multipliers from `low` to `high` that give one and the same network; ends belong to it or not."""

    low: int | Fraction
    high: int | Fraction
    with_low: bool
    with_high: bool


@dataclass(frozen=True, slots=True)
class Solution:
    """The largest value that keeps to every limit, and the next one that can be built and does not."""

    name: str
    variant: str
    over: str
    limits: tuple[Limit, ...]
    status: str
    at: Point | None = None
    next: Point | None = None
    gaps: tuple[Run, ...] = ()
    """Values below the answer that break a limit, first and last of each run; the cost is not monotone there."""
    step: Step | None = None
    """With rounded widths: all multipliers that give the network of the answer."""
    reason: str = ""
    """Why nothing fits, or why everything does."""
