"""The layers that explain a number: what rose since the base, or else what costs most."""

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from inception_calc.analysis import LayerCost
from inception_calc.analysis.metrics import COMPARABLE, Metric
from inception_calc.analysis.model import summed
from inception_calc.budget.judgement import Where
from inception_calc.budget.match import Target
from inception_calc.budget.models import RATIOS
from inception_calc.comparison import Change
from inception_calc.problems import Stop

if TYPE_CHECKING:
    from inception_calc.budget.judge import Case

MOST_EXPLAINED = 3


def explained(case: "Case", name: str, target: Target) -> tuple[Where, ...]:
    """At most three layers: those that rose most since the base, where it is known and anything rose."""
    metric = COMPARABLE[RATIOS.get(name, "multiply_adds" if name == "share" else name)]
    rises = [(_rise(change, metric), change) for change in _changes(case) if _inside(change, target)]
    rises = sorted((pair for pair in rises if pair[0] > 0), key=lambda pair: -pair[0])
    if not rises:
        return _dearest(case, metric, target)
    shown = rises[:MOST_EXPLAINED]
    edits = [pair for pair in rises if pair[1].kind != "moved along"]
    if edits and edits[0] not in shown:  # a layer that only sees another input rose because of an edit: show one
        shown[-1] = edits[0]
    return tuple(
        Where(change.layer, change.location, rise if metric.is_sum else None, change) for rise, change in shown
    )


def guilty(where: tuple[Where, ...]) -> Where | None:
    """The first layer that was edited, rather than one that only sees another input; else the first."""
    edited = (found for found in where if found.change is not None and found.change.kind != "moved along")
    return next(edited, where[0] if where else None)


def _changes(case: "Case") -> list[Change]:
    """Since the base; a comparison of variants or sizes has none, and where it cannot be read nothing is known."""
    is_range = case.budget.input is not None and not case.budget.input.is_fixed
    if case.budget.compare is not None or is_range or case.spec.file is None:
        return []
    try:
        return case.library.changes(case.spec, case.variant, case.setting)
    except Stop:
        return []


def _inside(change: Change, target: Target) -> bool:
    return target.kind in ("total", "compare") or target.name == (change.row if target.kind == "row" else change.layer)


def _rise(change: Change, metric: Metric) -> int:
    """How much more of a metric a layer has; where layers have none of it, multiply-adds tell which matter."""
    before, after = (0 if totals is None else metric.of_totals(totals) for totals in change.totals)
    if isinstance(before, int) and isinstance(after, int) and metric.is_sum:
        return after - before
    return change.multiply_adds if isinstance(change.multiply_adds, int) else 0


def _dearest(case: "Case", metric: Metric, target: Target) -> tuple[Where, ...]:
    """The layers that cost most, with their share of the part."""
    if not metric.is_sum:
        return ()
    loaded = case.library.loaded(case.spec, case.variant)
    costs = [(_cost(cost, metric), cost) for cost in case.analysis.layers if _within(cost, target)]
    numbers = [(number, cost) for number, cost in costs if isinstance(number, int) and number > 0]
    whole = sum(number for number, _ in numbers)
    numbers.sort(key=lambda pair: -pair[0])
    found = []
    for number, cost in numbers[:MOST_EXPLAINED]:
        path = cost.layer.path
        location = loaded.location(*path, at_key=isinstance(path[-1], str))
        found.append(Where(cost.layer.name, location, number, None, Fraction(number, whole)))
    return tuple(found)


def _within(cost: LayerCost, target: Target) -> bool:
    layer = cost.layer
    return target.kind in ("total", "compare") or target.name == (layer.row if target.kind == "row" else layer.name)


def _cost(cost: LayerCost, metric: Metric) -> Any:
    return metric.of_totals(summed((cost,), 0, 0))
