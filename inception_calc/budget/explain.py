"""What explains a number: the edits since the base that raised it, or else the layers that cost most."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from inception_calc.analysis import Analysis, LayerCost
from inception_calc.analysis.metrics import COMPARABLE, Metric
from inception_calc.analysis.model import single_layer
from inception_calc.budget.judgement import Follower, Others, Where
from inception_calc.budget.library import Since
from inception_calc.budget.match import Target
from inception_calc.budget.models import RATIOS
from inception_calc.comparison import Cause, Change
from inception_calc.problems import Location

MOST_EXPLAINED = 3


@dataclass(frozen=True, slots=True)
class Explained:
    """What explains a number, and what it leaves over."""

    where: tuple[Where, ...] = ()
    others: Others | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a network that a number is of, and what is known about how it came to be."""

    analysis: Analysis
    target: Target
    since: Since | None
    """What was edited since the base; None where there is no base or nothing was."""

    def explained(self, name: str, rise: int | None) -> Explained:
        """At most three edits or layers. `rise` is how much more the number is than at the base, where it is known."""
        metric = COMPARABLE[RATIOS.get(name, "multiply_adds" if name == "share" else name)]
        account = self.since.account if self.since is not None else None
        if account is None:
            return Explained(self._dearest(metric))
        if account.unknown:
            return Explained(self._risen(metric) or self._dearest(metric))
        effects = [(self._effect(cause, metric), cause) for cause in account.causes]
        rises = sorted((pair for pair in effects if pair[0] > 0), key=lambda pair: -pair[0])
        if not rises:
            return Explained(self._dearest(metric))
        shown = rises[:MOST_EXPLAINED]
        where = tuple(self._where(cause, effect, metric) for effect, cause in shown)
        left = [effect for effect, cause in effects if effect and all(cause is not one for _, one in shown)]
        shared = 0 if rise is None else rise - sum(effect for effect, _ in effects)
        return Explained(where, Others(len(left), sum(left), shared) if left or shared else None)

    # -- by edits ----------------------------------------------------------------------------------------------------

    def _effect(self, cause: Cause, metric: Metric) -> int:
        """How much more the part costs for an edit; 0 where that is not known."""
        if self.target.kind not in ("row", "layer"):
            cost = cause.cost(metric.name)
            return cost if isinstance(cost, int) else 0
        if not cause.costs:  # a rename
            return 0
        now, then = (self._number(analysis, metric) for analysis in (self.analysis, cause.without))
        return now - then if isinstance(now, int) and isinstance(then, int) else 0

    def _number(self, analysis: Analysis, metric: Metric) -> Any:
        groups = analysis.rows if self.target.kind == "row" else analysis.single_layers
        return next((metric.of_totals(group.totals) for group in groups if group.name == self.target.name), 0)

    def _where(self, cause: Cause, effect: int, metric: Metric) -> Where:
        assert self.since is not None
        rises = _rises((change for change in self.since.follow(cause) if self._has(change)), metric)
        followers = sorted(rises, key=lambda pair: -abs(pair[0]))
        return Where(
            cause.edit.name,
            cause.edit.location,
            effect,
            cause=cause,
            follows=tuple(Follower(change.layer, rise) for rise, change in followers),
        )

    # -- by layers ---------------------------------------------------------------------------------------------------

    def _risen(self, metric: Metric) -> tuple[Where, ...]:
        """The layers that rose most since the base; where edits are not known, nor what follows from them."""
        assert self.since is not None
        rises = _rises((change for change in self.since.changes() if self._has(change)), metric)
        risen = sorted((pair for pair in rises if pair[0] > 0), key=lambda pair: -pair[0])
        shown = risen[:MOST_EXPLAINED]
        edits = [pair for pair in risen if pair[1].kind != "moved along"]
        if edits and edits[0] not in shown:  # a layer that only sees another input rose because of an edit: show one
            shown[-1] = edits[0]
        return tuple(
            Where(change.layer, change.location, rise if metric.is_sum else None, change) for rise, change in shown
        )

    def _has(self, change: Change) -> bool:
        return self._is_inside(change.row, change.layer)

    def _is_inside(self, row: str, layer: str) -> bool:
        kind = self.target.kind
        return self.target.name == (row if kind == "row" else layer) if kind in ("row", "layer") else True

    def _dearest(self, metric: Metric) -> tuple[Where, ...]:
        """The layers that cost most, with their share of the part."""
        if not metric.is_sum:
            return ()
        inside = [cost for cost in self.analysis.layers if self._is_inside(cost.layer.row, cost.layer.name)]
        costs = [(metric.of_totals(single_layer(cost)), cost) for cost in inside]
        numbers = [(number, cost) for number, cost in costs if isinstance(number, int) and number > 0]
        whole = sum(number for number, _ in numbers)
        numbers.sort(key=lambda pair: -pair[0])
        return tuple(
            Where(cost.layer.name, self._place(cost), number, None, Fraction(number, whole))
            for number, cost in numbers[:MOST_EXPLAINED]
        )

    def _place(self, cost: LayerCost) -> Location:
        return self.analysis.origin.place_in_row(cost.layer)


def guilty(where: tuple[Where, ...]) -> Where | None:
    """What was edited first, else the first layer that was, rather than one that only sees another input."""
    edited = (
        found
        for found in where
        if found.cause is not None or (found.change is not None and found.change.kind != "moved along")
    )
    return next(edited, where[0] if where else None)


def _rises(changes: Iterable[Change], metric: Metric) -> list[tuple[int, Change]]:
    """How much more of a metric each layer has; where layers have none of it, multiply-adds tell which matter."""
    found = []
    for change in changes:
        before, after = (0 if totals is None else metric.of_totals(totals) for totals in change.totals)
        if isinstance(before, int) and isinstance(after, int) and metric.is_sum:
            found.append((after - before, change))
        elif isinstance(change.multiply_adds, int):
            found.append((change.multiply_adds, change))
    return [pair for pair in found if pair[0]]
