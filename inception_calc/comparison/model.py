"""What a comparison says, as values: subjects, ratios, parts that differ, and the changes behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from inception_calc.analysis import CONVENTION, Analysis, Totals
from inception_calc.dims import Dim
from inception_calc.problems import Location

if TYPE_CHECKING:
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
    setting: Mapping[str, Any] = field(default_factory=dict)
    """The arguments of `analyze` that it was counted with."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that somebody edited in a spec."""

    kind: str
    """added, removed, renamed, moved or changed."""
    what: str
    """cell, setting, operator, step, branch, row, head, block, columns, default, symbol, input or choice."""
    name: str
    """Where, in words: `4e`, or `block inception, 3x3, step 2`."""
    field: str
    """What was changed there: a column, a setting, `operator`, `name`, `place`, or `what` itself."""
    before: str | None
    after: str | None
    location: Location | None
    """In the new spec; of what was removed, where it stood."""
    before_location: Location | None
    """In the old one; None for what was added."""
    row: str = ""
    """The row that it stands in; empty for what several rows share."""


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
    renamed_from: str | None = None
    """Its name in the reference, where that is another one, whatever else changed about it."""


@dataclass(frozen=True, slots=True)
class Cause:
    """An edit with the whole cost that follows from it: the new network, less the new one without this edit."""

    edits: tuple[Edit, ...]
    """The edit; after it those that it cannot be taken back without, because no network would be left."""
    costs: Mapping[str, Dim]
    """Metric -> the cost; only metrics that are known on both sides."""
    without: Analysis
    """The new network without these edits; the new network itself for a rename, which costs nothing."""

    @property
    def edit(self) -> Edit:
        """What was edited."""
        return self.edits[0]

    def cost(self, metric: str) -> Dim:
        """The cost by a metric, 0 where that is not known."""
        return self.costs.get(metric, 0)


@dataclass(frozen=True, slots=True)
class Account:
    """What a difference comes from. Costs of several causes need not add up to it: `shared` is the rest."""

    causes: tuple[Cause, ...] = ()
    """Most multiply-adds first, then params; what costs nothing in the order of the file."""
    silent: tuple[Edit, ...] = ()
    """Edits that change no layer."""
    shared: Mapping[str, Dim] = field(default_factory=dict)
    """Metric -> the difference less the sum of all causes, where that is not 0: what edits do to one another."""
    unknown: str = ""
    """Why no causes are told; empty where they are."""


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
    accounts: tuple[Account, ...] = ()
    """What was edited, for each subject after the first."""

    @property
    def is_same(self) -> bool:
        """True where no layer differs; renamed layers count as a difference."""
        return not self.changes
