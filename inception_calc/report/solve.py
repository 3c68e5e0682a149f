"""What fits, as a table or JSON."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from inception_calc.analysis.metrics import METRICS
from inception_calc.problems import listed
from inception_calc.report.json_values import indented, quantity
from inception_calc.report.table import EMPTY, Cell, Column, Table
from inception_calc.report.text import exact, with_variant
from inception_calc.solve import Front, Limit, Point, Solution
from inception_calc.solve.model import BOTH, FOUND, LARGEST, NONE, SMALLEST, UNBOUNDED, Step

ALWAYS = ("multiply_adds", "params")


def solution_table(solution: Solution) -> Table:
    """The answer and its neighbours, with their costs."""
    metrics = tuple(dict.fromkeys([*(limit.metric for limit in solution.limits), *ALWAYS]))
    columns = (
        Column("verdict", "", importance=9),
        Column("value", solution.over, numeric=True, importance=9),
        *(Column(metric, METRICS[metric].label, numeric=True, importance=9) for metric in metrics),
    )
    ends = ("fits", "fits") if solution.asks != BOTH else ("smallest", "largest")
    said = ("previous", solution.previous), (ends[0], solution.low), (ends[1], solution.at), ("next", solution.next)
    rows = [
        (
            Cell(verdict, verdict),
            Cell(_value_text(point.value), quantity(point.value)),
            *(Cell(exact(point.counts[metric]), point.counts[metric]) for metric in metrics),
        )
        for verdict, point in said
        if point is not None
    ]
    total = ((Cell("limit", "limit"), EMPTY, *(Cell(_bounds(solution.limits, metric)) for metric in metrics)),)
    shown = rows and solution.limits
    return Table(
        _title(solution), columns, tuple(rows), total if shown else (), tuple(_notes(solution)), _facts(solution)
    )


def _title(solution: Solution) -> str:
    name = with_variant(solution.name, solution.variant)
    limits = limits_text(solution.limits)
    if not solution.limits and solution.low is not None:
        return f"{name}: the smallest {solution.over} that can be built is {_value_text(solution.low.value)}"
    if solution.status == FOUND and solution.at is not None and solution.low is not None:
        values = f"from {_value_text(solution.low.value)} to {_value_text(solution.at.value)}"
        return f"{name}: {solution.over} {values} has {limits}"
    if solution.status == FOUND:
        found = solution.low if solution.at is None else solution.at
        assert found is not None
        return f"{name}: the {solution.asks} {solution.over} with {limits} is {_value_text(found.value)}"
    if solution.status == UNBOUNDED:
        return f"{name}: there is no largest {solution.over} with {limits}"
    return f"{name}: no {solution.over} {f'has {limits}' if limits else 'can be built'}"


def _notes(solution: Solution) -> list[str]:
    notes = [solution.reason] if solution.reason else []
    if solution.gaps:
        runs = listed((_run_text(first, last) for first, last in solution.gaps), all_in="-f json")
        which = {LARGEST: "smaller values break a limit too", SMALLEST: "larger values break a limit too"}
        notes.append(f"not monotone: {which.get(solution.asks, 'values in between break a limit')}, {runs}")
    if solution.status == FOUND and solution.over != "width_multiplier":
        notes += _unbuildable(solution.at, solution.next) + _unbuildable(solution.previous, solution.low)
    for step in (solution.low_step, solution.step):
        if step is not None:
            notes.append(f"the same network comes out for every {solution.over} {_step_text(step)}")
    if solution.over == "width_multiplier" and solution.status == FOUND and not (solution.step or solution.low_step):
        notes.append("only multipliers that leave every filter count whole; --round 8 allows the ones between")
    return notes + _assumed(solution)


def _assumed(found: Solution | Front) -> list[str]:
    return [f"assumed: {what}" for what in found.assumptions]


def _facts(found: Solution | Front) -> tuple[tuple[str, str], ...]:
    """What spreadsheets repeat on each line."""
    return (("assumptions", "; ".join(found.assumptions)),) if found.assumptions else ()


def _unbuildable(before: Point | None, after: Point | None) -> list[str]:
    """A note on the values between two neighbours, where there are any."""
    if before is None or after is None or after.value == before.value + 1:
        return []
    return [f"no network can be built at {_run_text(before.value + 1, after.value - 1)}"]


def _run_text(first: int | Fraction, last: int | Fraction) -> str:
    return _value_text(first) if first == last else f"{_value_text(first)} to {_value_text(last)}"


def _step_text(step: Step) -> str:
    low = f"{'from' if step.with_low else 'from above'} {_value_text(step.low)}"
    return f"{low} {'up to' if step.with_high else 'to below'} {_value_text(step.high)}"


def limit_text(limit: Limit) -> str:
    """`multiply-adds <= 1.5G`."""
    return f"{METRICS[limit.metric].label} {'>=' if limit.least else '<='} {limit.text}"


def limits_text(limits: Sequence[Limit]) -> str:
    """All limits in words."""
    return listed(map(limit_text, limits))


def _bounds(limits: Sequence[Limit], metric: str) -> str:
    found = [limit for limit in limits if limit.metric == metric]
    return ", ".join(f"{'>=' if limit.least else '<='} {exact(limit.value)}" for limit in found)


def _value_text(value: int | Fraction) -> str:
    """`222`, or a fraction with its decimals, `3/4 (0.75)`."""
    if isinstance(value, int):
        return exact(value)
    decimals = f"{float(value):.6g}"
    return f"{value} ({decimals})" if Fraction(decimals) == value else f"{value} (about {decimals})"


def solution_document(solution: Solution) -> str:
    """`{"over", "value", "at": {...}, "next": {"value", ...}}`; fractions are texts such as "3/4".

    `value` is the largest that fits, the smallest where that was asked for; `smallest` and `previous` stand beside it
    under limits from below.
    """
    found = solution.low if solution.asks == SMALLEST else solution.at
    result: dict[str, Any] = {
        "name": solution.name,
        "variant": solution.variant,
        "over": solution.over,
        "limits": _limits(solution.limits),
        "status": solution.status,
        "asked": solution.asks,
        "value": None if found is None else quantity(found.value),
        "at": None if found is None else dict(found.counts),
        "next": _point(solution.next),
        "smallest": _point(solution.low),
        "previous": _point(solution.previous),
        "monotone": not solution.gaps,
    }
    if solution.gaps:
        result["gaps"] = [{"from": quantity(first), "to": quantity(last)} for first, last in solution.gaps]
    for key, step in (("step", solution.step), ("smallest_step", solution.low_step)):
        if step is not None:
            result[key] = {
                "from": quantity(step.low),
                "to": quantity(step.high),
                "from_included": step.with_low,
                "to_included": step.with_high,
            }
    if solution.reason:
        result["reason"] = solution.reason
    if solution.assumptions:
        result["assumptions"] = list(solution.assumptions)
    return indented(result)


def _limits(limits: Sequence[Limit]) -> list[dict[str, Any]]:
    return [{"metric": limit.metric, "min" if limit.least else "max": limit.value} for limit in limits]


def _point(point: Point | None) -> dict[str, Any] | None:
    return None if point is None else {"value": quantity(point.value), **point.counts}


def front_table(front: Front) -> Table:
    """A line for each pair, with its costs."""
    metrics = tuple(dict.fromkeys([*(limit.metric for limit in front.limits), *ALWAYS]))
    columns = (
        *(Column(f"value_{index}", name, numeric=True, importance=9) for index, name in enumerate(front.over, 1)),
        *(Column(metric, METRICS[metric].label, numeric=True, importance=9) for metric in metrics),
    )
    rows = tuple(
        (
            *(Cell(_value_text(value), quantity(value)) for value in pair.values),
            *(Cell(exact(pair.counts[metric]), pair.counts[metric]) for metric in metrics),
        )
        for pair in front.pairs
    )
    total = ((Cell("limit", "limit"), EMPTY, *(Cell(_bounds(front.limits, metric)) for metric in metrics)),)
    name, both = with_variant(front.name, front.variant), " and ".join(front.over)
    limits = limits_text(front.limits)
    title = f"{name}: the largest {both} with {limits}" if rows else f"{name}: no {both} have {limits}"
    notes = [front.reason] if front.reason else ["neither value can be larger without the other being smaller"]
    if "width_multiplier" in front.over and front.pairs and not front.is_rounded:
        notes.append("only multipliers that leave every filter count whole; --round 8 allows the ones between")
    notes += _assumed(front)
    return Table(title, columns, rows, total if rows else (), tuple(notes), _facts(front))


def front_document(front: Front) -> str:
    """`{"over": [A, B], "front": [{"values": {A: ..., B: ...}, "counts": {...}}]}`."""
    result: dict[str, Any] = {
        "name": front.name,
        "variant": front.variant,
        "over": list(front.over),
        "limits": _limits(front.limits),
        "status": FOUND if front.pairs else NONE,
        "front": [
            {"values": dict(zip(front.over, map(quantity, pair.values), strict=True)), "counts": dict(pair.counts)}
            for pair in front.pairs
        ],
    }
    if front.reason:
        result["reason"] = front.reason
    if front.assumptions:
        result["assumptions"] = list(front.assumptions)
    return indented(result)
