"""What a comparison says, as values: subjects, ratios, parts that differ, and the changes behind them."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from inception_calc.analysis import CONVENTION, Analysis, Totals
from inception_calc.dims import Dim
from inception_calc.problems import Location
from inception_calc.spec_file import LoadedSpec


@dataclass(frozen=True, slots=True)
class Subject:
    """One network of a comparison, under the name that the user gave it."""

    name: str
    analysis: Analysis
    loaded: LoadedSpec | None = None
    """Where its values stand; None for a network that is no spec."""
    convention: str = CONVENTION
    """How its multiply-adds were counted."""


@dataclass(frozen=True, slots=True)
class Change:
    """One layer that differs from the reference.

    `multiply_adds` and `params` are differences, after minus before; summed over all changes of a subject they are
    the difference of the totals.
    """

    kind: str
    """added, removed, renamed, changed, or moved along (only what enters the layer is different)."""
    row: str
    layer: str
    field: str
    before: str | None
    after: str | None
    multiply_adds: Dim
    params: Dim
    location: Location | None
    subject: int
    totals: tuple[Totals | None, Totals | None]
    """The layer's own costs before and after, for other metrics."""


@dataclass(frozen=True, slots=True)
class Part:
    """A row, layer or kind with its totals in each subject; None where a subject has no such part."""

    name: str
    totals: tuple[Totals | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All subjects against the first, which is the reference."""

    subjects: tuple[Subject, ...]
    ratios: Mapping[str, tuple[Fraction | None, ...]]
    """Metric -> each subject's value over the reference's; None where one is unknown, or the reference is 0."""
    changes: tuple[Change, ...]
    by: str
    parts: tuple[Part, ...]
    """The parts in the order of the reference, new ones last; empty where `by` is total."""

    @property
    def is_same(self) -> bool:
        """True where no layer differs; renamed layers count as a difference."""
        return not self.changes
