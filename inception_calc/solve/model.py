"""What a search found."""

from collections.abc import Iterable, Mapping
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


LARGEST, SMALLEST, BOTH = "largest", "smallest", "both"
"""What is asked for: with limits from above the largest value, with limits from below (or none) the smallest."""


def asked(limits: Iterable[Limit]) -> str:
    """What some limits ask for."""
    sides = {limit.least for limit in limits}
    return SMALLEST if sides <= {True} else LARGEST if sides == {False} else BOTH


@dataclass(frozen=True, slots=True)
class Solution:
    """The values that keep to every limit: the largest, the smallest, or both, and their neighbours that do not."""

    name: str
    variant: str
    over: str
    limits: tuple[Limit, ...]
    status: str
    at: Point | None = None
    """The largest value that fits, where it is asked for."""
    next: Point | None = None
    """The first value after it that can be built."""
    low: Point | None = None
    """The smallest value that fits, where it is asked for."""
    previous: Point | None = None
    """The last value before it that can be built."""
    gaps: tuple[Run, ...] = ()
    """Values between others that fit that break a limit, first and last of each run; the cost is not monotone there."""
    step: Step | None = None
    """With rounded widths: all multipliers that give the network of the largest value."""
    low_step: Step | None = None
    """The same for the smallest value."""
    reason: str = ""
    """Why nothing fits, why everything does, or why nothing smaller can be built."""
    assumptions: tuple[str, ...] = ()
    """What was assumed about a file that others wrote."""

    @property
    def asks(self) -> str:
        """What was asked for."""
        return asked(self.limits)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two values, and what the network costs there."""

    values: tuple[int | Fraction, int | Fraction]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Front:
    """All pairs of values that fit and of which neither can be larger without the other being smaller."""

    name: str
    variant: str
    over: tuple[str, str]
    limits: tuple[Limit, ...]
    pairs: tuple[Pair, ...]
    is_rounded: bool = False
    """Whether filter counts were rounded."""
    reason: str = ""
    """Why there is none."""
    assumptions: tuple[str, ...] = ()
    """What was assumed about a file that others wrote."""
