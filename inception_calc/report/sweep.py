"""What a sweep found: a table for people, one JSON document for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from inception_calc.analysis import CONVENTION
from inception_calc.analysis.metrics import METRICS
from inception_calc.problems import listed
from inception_calc.report.json_values import quantity
from inception_calc.report.table import EMPTY, Cell, Column, Table
from inception_calc.report.text import exact, percent, with_variant
from inception_calc.sweep.answer import Answer
from inception_calc.sweep.nearest import Nearest
from inception_calc.sweep.points import Point
from inception_calc.sweep.question import Question
from inception_calc.sweep.values import Value

SHOWN = 20
"""Lines of a table, where nobody says how many."""


def answer_table(answer: Answer) -> Table:
    """A line for each network: what was set, and what it costs."""
    asked, networks = answer.setup.asked, answer.setup.networks
    columns = (
        *(Column(f"set_{place}", axis.name, numeric=axis.name != "variant", importance=9)
          for place, axis in enumerate(answer.axes)),
        *(Column(metric, METRICS[metric].label, numeric=True, importance=9) for metric in asked.metrics),
    )  # fmt: skip
    limit = SHOWN if asked.top is None else asked.top
    rows = tuple(_cells(answer, point) for point in islice(answer.networks(), limit))
    limits = ((*(EMPTY for _ in answer.axes), *(Cell(_bounds(asked, metric)) for metric in asked.metrics)),)
    if rows and answer.axes and asked.limits:
        limits = ((Cell("limit", "limit"), *limits[0][1:]),)
    name = with_variant(networks.name, networks.first.variant)
    return Table(
        f"{name}: {_verdict(answer)}",
        columns,
        rows,
        limits if rows and asked.limits else (),
        tuple(_notes(answer, len(rows))),
    )


def _cells(answer: Answer, point: Point) -> tuple[Cell, ...]:
    return (
        *(Cell(str(value), value if isinstance(value, str) else quantity(value)) for value in answer.values(point)),
        *(Cell(exact(count), count) for count in point.metrics),
    )


def _verdict(answer: Answer) -> str:
    found, size = answer.found, answer.setup.space.size
    what = "the networks" if not answer.setup.asked.is_bounded else "networks that fit"
    if found.refused.count == size:
        return f"none of {counted_points(size)} is a network"
    return f"{exact(found.fit)} of {counted_points(size)} are {what}"


def counted_points(size: int) -> str:
    """`1 point`, `24 points`."""
    return f"{exact(size)} point{'' if size == 1 else 's'}"


def _bounds(asked: Question, metric: str) -> str:
    found = [limit for limit in asked.limits if limit.metric == metric]
    return ", ".join(f"{'>=' if limit.least else '<='} {exact(limit.value)}" for limit in found)


def _notes(answer: Answer, shown: int) -> Iterator[str]:
    found, asked = answer.found, answer.setup.asked
    if answer.nearest is not None:
        yield nearest_text(answer, answer.nearest)
    if asked.relations:
        yield f"where {listed(relation.text for relation in asked.relations)}"
    more = answer.kept - shown
    if more > 0:
        kind = "on the front" if asked.pareto else "that fit"
        yield f"{exact(more)} more {kind}: --top N, or -o FILE.csv for all"
    if asked.pareto:
        keys = listed(key.text for key in asked.pareto)
        yield f"the front: no other network is as good in {keys} and better in one"
    if found.refused.count:
        yield f"{counted_points(found.refused.count)} {'is' if found.refused.count == 1 else 'are'} no network"
        for words, count, first in answer.reasons():
            example = f", first at {values_text(answer, first)}" if first is not None else ""
            yield f"  {exact(count)}: {words}{example}"
    if found.counted:
        yield f"{counted_points(found.counted)} without a closed form: the counting core decided"
    yield saved_text(answer)


def saved_text(answer: Answer) -> str:
    """How many points were worked out one by one."""
    found, size = answer.found, answer.setup.space.size
    if found.evaluated >= size:
        return f"{counted_points(size)} worked out"
    return f"{exact(found.evaluated)} of {counted_points(size)} worked out one by one; bounds decided the others"


def values_text(answer: Answer, point: Point) -> str:
    """`3a.3x3 reduce = 64, size = 192`."""
    return ", ".join(f"{axis.name} = {value}" for axis, value in zip(answer.axes, answer.values(point), strict=True))


def nearest_text(answer: Answer, near: Nearest) -> str:
    """Which network comes nearest, and what it breaks."""
    (point,) = answer.points([near.number])
    worst, *others = near.breaches
    value = f"{exact(worst.value)}, {percent(worst.part)} off" if "<=" in worst.name or ">=" in worst.name else "broken"
    also = f"; it breaks {listed(breach.name for breach in others)} too" if others else ""
    least = "" if near.is_sure else " (of those looked at)"
    return f"nearest{least}: {values_text(answer, point)}; the hard one is {worst.name}: {value}{also}"


# ---------------------------------------------------------------------------------------------------------------------
# JSON


def space_record(answer: Answer) -> dict[str, Any]:
    """Size and how many fit; what is no network; how it was decided."""
    found = answer.found
    return {
        "size": answer.setup.space.size,
        "fit": found.fit,
        "refused": {
            "count": found.refused.count,
            "reasons": [
                {"what": words, "count": count, "first": None if first is None else set_record(answer, first)}
                for words, count, first in answer.reasons()
            ],
        },
        "evaluated": found.evaluated,
        "counted": found.counted,
    }


def head_record(answer: Answer) -> dict[str, Any]:
    """What the networks are of, what was asked, and how it is counted."""
    networks = answer.setup.networks
    return {
        "name": networks.name,
        "source": networks.first.source,
        "variant": networks.first.variant,
        "convention": {"multiply_adds": CONVENTION},
        "axes": [
            {"name": axis.name, "kind": axis.kind, "sets": list(axis.targets), "values": len(axis)}
            for axis in answer.axes
        ],
        "question": question_record(answer.setup.asked),
    }


def question_record(asked: Question) -> dict[str, Any]:
    """What was asked."""
    return {
        "limits": [{"metric": one.metric, "min" if one.least else "max": one.value} for one in asked.limits],
        "where": [relation.text for relation in asked.relations],
        "pareto": [key.text for key in asked.pareto],
        "sort": [key.text for key in asked.sort],
        "top": asked.top,
    }


def set_record(answer: Answer, point: Point) -> dict[str, Any]:
    """Axis -> value."""
    return {axis.name: json_value(value) for axis, value in zip(answer.axes, answer.values(point), strict=True)}


def json_value(value: Value) -> int | str:
    """A value in JSON; fractions are texts such as "3/4"."""
    return value if isinstance(value, str) else quantity(value)


def network_record(answer: Answer, point: Point) -> dict[str, Any]:
    """`{"set": {...}, "params": ..., "multiply_adds": ...}`."""
    return {"set": set_record(answer, point), **dict(zip(answer.setup.asked.metrics, point.metrics, strict=True))}


def document(answer: Answer) -> Iterator[str]:
    """The JSON document in pieces: one line for each network, so that a million do not sit in memory."""
    yield f'{{"space": {json.dumps(space_record(answer))},\n'
    for key, value in head_record(answer).items():
        yield f" {json.dumps(key)}: {json.dumps(value)},\n"
    if answer.nearest is not None:
        yield f' "nearest": {json.dumps(nearest_record(answer, answer.nearest))},\n'
    yield ' "networks": ['
    before = "\n  "
    for point in answer.networks():
        yield f"{before}{json.dumps(network_record(answer, point))}"
        before = ",\n  "
    yield "\n ]}\n" if before != "\n  " else "]}\n"


def nearest_record(answer: Answer, near: Nearest) -> dict[str, Any]:
    """The nearest network and what it breaks, the hard one first."""
    (point,) = answer.points([near.number])
    breaks = [{"limit": one.name, "value": one.value, "part": float(one.part)} for one in near.breaches]
    return {**network_record(answer, point), "breaks": breaks, "sure": near.is_sure}


def lines(answer: Answer) -> Iterator[str]:
    """JSON Lines: one object for each network."""
    for point in answer.networks():
        yield json.dumps(network_record(answer, point)) + "\n"


def records(answer: Answer) -> Iterator[list[str]]:
    """The lines of CSV and TSV: a header, then the name, values, metrics and the convention of each network."""
    from inception_calc.report.csv import safe

    networks, asked = answer.setup.networks, answer.setup.asked
    yield ["name", "file_variant", *(safe(axis.name) for axis in answer.axes), *asked.metrics, "convention"]
    before, after = [safe(networks.name), safe(networks.first.variant)], [CONVENTION]
    for point in answer.networks():
        values = (safe(value) if isinstance(value, str) else str(value) for value in answer.values(point))
        yield [*before, *values, *map(str, point.metrics), *after]


def csv_lines(answer: Answer) -> Iterator[str]:
    """CSV as of tables."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for record in records(answer):
        writer.writerow(record)
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def tsv_lines(answer: Answer) -> Iterable[str]:
    """TSV as of tables."""
    from inception_calc.report.tsv import field

    return ("\t".join(map(field, record)) + "\n" for record in records(answer))
