"""What fits, as a table or JSON."""

from fractions import Fraction
from typing import Any

from inception_calc.analysis.metrics import METRICS
from inception_calc.problems import listed
from inception_calc.report.json_values import indented, quantity
from inception_calc.report.table import EMPTY, Cell, Column, Table
from inception_calc.report.text import exact, with_variant
from inception_calc.solve import Limit, Point, Solution
from inception_calc.solve.model import FOUND, UNBOUNDED, Step

ALWAYS = ("multiply_adds", "params")


def solution_table(solution: Solution) -> Table:
    """The answer and its neighbour, with their costs."""
    metrics = tuple(dict.fromkeys([*(limit.metric for limit in solution.limits), *ALWAYS]))
    columns = (
        Column("verdict", "", importance=9),
        Column("value", solution.over, numeric=True, importance=9),
        *(Column(metric, METRICS[metric].label, numeric=True, importance=9) for metric in metrics),
    )
    rows = [
        (
            Cell(verdict, verdict),
            Cell(_value_text(point.value), quantity(point.value)),
            *(Cell(exact(point.counts[metric]), point.counts[metric]) for metric in metrics),
        )
        for verdict, point in (("fits", solution.at), ("next", solution.next))
        if point is not None
    ]
    total = ((Cell("limit", "limit"), EMPTY, *(Cell(_bounds(solution, metric)) for metric in metrics)),)
    return Table(_title(solution), columns, tuple(rows), total if rows else (), tuple(_notes(solution)))


def _title(solution: Solution) -> str:
    name = with_variant(solution.name, solution.variant)
    limits = listed(limit_text(limit) for limit in solution.limits)
    if solution.status == FOUND and solution.at is not None:
        return f"{name}: the largest {solution.over} with {limits} is {_value_text(solution.at.value)}"
    if solution.status == UNBOUNDED:
        return f"{name}: there is no largest {solution.over} with {limits}"
    return f"{name}: no {solution.over} has {limits}"


def _notes(solution: Solution) -> list[str]:
    notes = [solution.reason] if solution.reason else []
    if solution.gaps:
        runs = listed((_run_text(first, last) for first, last in solution.gaps), all_in="-f json")
        notes.append(f"not monotone: smaller values break a limit too, {runs}")
    if solution.status == FOUND and solution.over != "width_multiplier":
        notes += _unbuildable(solution)
    if solution.step is not None:
        notes.append(f"the same network comes out for every {solution.over} {_step_text(solution.step)}")
    elif solution.over == "width_multiplier" and solution.status == FOUND:
        notes.append("only multipliers that leave every filter count whole; --round 8 allows the ones between")
    return notes


def _unbuildable(solution: Solution) -> list[str]:
    """A note on the values between the answer and the next network, where there are any."""
    if solution.at is None or solution.next is None or solution.next.value == solution.at.value + 1:
        return []
    first, last = solution.at.value + 1, solution.next.value - 1
    return [f"no network can be built at {_run_text(first, last)}"]


def _run_text(first: int | Fraction, last: int | Fraction) -> str:
    return _value_text(first) if first == last else f"{_value_text(first)} to {_value_text(last)}"


def _step_text(step: Step) -> str:
    low = f"{'from' if step.with_low else 'from above'} {_value_text(step.low)}"
    return f"{low} {'up to' if step.with_high else 'to below'} {_value_text(step.high)}"


def limit_text(limit: Limit) -> str:
    """`multiply-adds <= 1.5G`."""
    return f"{METRICS[limit.metric].label} {'>=' if limit.least else '<='} {limit.text}"


def _bounds(solution: Solution, metric: str) -> str:
    limits = [limit for limit in solution.limits if limit.metric == metric]
    return ", ".join(f"{'>=' if limit.least else '<='} {exact(limit.value)}" for limit in limits)


def _value_text(value: int | Fraction) -> str:
    """`222`, or a fraction with its decimals, `3/4 (0.75)`."""
    if isinstance(value, int):
        return exact(value)
    decimals = f"{float(value):.6g}"
    return f"{value} ({decimals})" if Fraction(decimals) == value else f"{value} (about {decimals})"


def solution_document(solution: Solution) -> str:
    """`{"over", "value", "at": {...}, "next": {"value", ...}}`; fractions are texts such as "3/4"."""
    result: dict[str, Any] = {
        "name": solution.name,
        "variant": solution.variant,
        "over": solution.over,
        "limits": [{"metric": limit.metric, "min" if limit.least else "max": limit.value} for limit in solution.limits],
        "status": solution.status,
        "value": None if solution.at is None else quantity(solution.at.value),
        "at": None if solution.at is None else dict(solution.at.counts),
        "next": _point(solution.next),
        "monotone": not solution.gaps,
    }
    if solution.gaps:
        result["gaps"] = [{"from": quantity(first), "to": quantity(last)} for first, last in solution.gaps]
    if solution.step is not None:
        result["step"] = {
            "from": quantity(solution.step.low),
            "to": quantity(solution.step.high),
            "from_included": solution.step.with_low,
            "to_included": solution.step.with_high,
        }
    if solution.reason:
        result["reason"] = solution.reason
    return indented(result)


def _point(point: Point | None) -> dict[str, Any] | None:
    return None if point is None else {"value": quantity(point.value), **point.counts}
