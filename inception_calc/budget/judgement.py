"""What a check found, as values: one judgement for each limit and thing it was held against."""

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from inception_calc.analysis import Analysis
from inception_calc.budget.selection import Held
from inception_calc.budget.selector import COUNT
from inception_calc.comparison import Cause, Change
from inception_calc.problems import Location, Problem

PASS, WARN, FAIL, UNDECIDED = "pass", "warn", "fail", "undecided"
"""Verdicts."""
ORDER = (FAIL, UNDECIDED, WARN, PASS)
"""Worst first; where one answer is no and another undecided, no wins."""
EXIT_CODES = {PASS: 0, WARN: 0, FAIL: 1, UNDECIDED: 3}


class Follower(NamedTuple):
    """A layer that costs more, or less, only because of an edit elsewhere."""

    layer: str
    amount: int


@dataclass(frozen=True, slots=True)
class Where:
    """What explains a number: an edit since the base with the whole cost that follows from it; or a layer, by what
    changed about it or by its share of the cost.
    """

    layer: str
    """The layer, or where the edit was made."""
    location: Location | None
    amount: int | None
    """The rise since the base, or the cost; None for metrics that are no sum over layers."""
    change: Change | None = None
    share: Fraction | None = None
    cause: Cause | None = None
    follows: tuple[Follower, ...] = ()
    """Of an edit: the layers that only see another input, the largest first."""


@dataclass(frozen=True, slots=True)
class Others:
    """What the edits in `where` leave over."""

    edits: int
    """Edits that are not told, and what they cost together."""
    amount: int
    shared: int
    """What all edits do to one another: the rise less the sum of their costs."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One limit held against one thing."""

    id: str
    verdict: str
    status: str
    """Why: within, over, risen, other count, was over already, reference risen, stale limit, new, waived, waiver
    expired, waiver too long, long waiver, waiver not needed, undecided, off, nothing to judge."""
    spec: str
    """The file, from the folder of the budget file; or what the user typed."""
    section: str = ""
    """max or change."""
    metric: str = ""
    unit: str = "count"
    part: str = "total"
    """total, row, layer or compare."""
    name: str = ""
    """Of the row or layer."""
    value: Fraction | int | None = None
    limit: Fraction | int | None = None
    limit_text: str = ""
    base: Fraction | int | None = None
    base_name: str = ""
    where: tuple[Where, ...] = ()
    others: Others | None = None
    message: str = ""
    """What the budget's author says."""
    how: str = ""
    """How the value was found, or why the verdict is what it is."""
    problem: Problem | None = None
    """Why nothing can be decided."""
    location: Location | None = None
    """The guilty place."""
    limit_location: Location | None = None
    proposal: str = ""
    """A tighter limit, for one that went stale."""
    at_least: bool = False
    """Whether the value is only the least that it can be: some nodes of a model are not known."""

    @property
    def margin(self) -> Fraction | int | None:
        """What is left to the limit; negative where it is broken, by as much as a pinned number is missed."""
        if self.section == COUNT and isinstance(self.value, int) and isinstance(self.limit, int):
            return -abs(self.value - self.limit)
        return None if self.value is None or self.limit is None else self.limit - self.value

    @property
    def change(self) -> Fraction | int | None:
        """The rise over the base."""
        return None if self.value is None or self.base is None else self.value - self.base


@dataclass(frozen=True, slots=True)
class Report:
    """A whole check, the worst first."""

    judgements: tuple[Judgement, ...]
    source: str
    """The budget file, or what stands for it."""
    base: str = ""
    """The base's name, where one was asked for and found, and why it is this one."""
    base_why: str = ""
    convention: str = ""
    notes: tuple[str, ...] = ()
    specs: tuple[tuple[str, Analysis], ...] = ()
    """What was counted: each spec's name and its costs, once for each variant and setting."""
    held: tuple[Held, ...] = ()
    """What each selector holds in each spec."""

    @property
    def verdict(self) -> str:
        """The worst verdict."""
        return next((word for word in ORDER if any(j.verdict == word for j in self.judgements)), UNDECIDED)

    @property
    def exit_code(self) -> int:
        """What the command ends with."""
        return EXIT_CODES[self.verdict]

    def of(self, *verdicts: str) -> tuple[Judgement, ...]:
        """The judgements with these verdicts, in order."""
        return tuple(judgement for judgement in self.judgements if judgement.verdict in verdicts)
