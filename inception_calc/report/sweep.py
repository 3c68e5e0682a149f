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
from inception_calc.report.text import exact, percent, ratio, short, with_variant
from inception_calc.sweep.answer import Answer
from inception_calc.sweep.findings import Found
from inception_calc.sweep.nearest import Nearest
from inception_calc.sweep.points import Point
from inception_calc.sweep.question import Question
from inception_calc.sweep.sample import CONFIDENCE
from inception_calc.sweep.values import Value

MOST_READ = 10**18
MOST_PERCENT = 10
"""So many times a limit and more are no percentage."""
SHOWN = 20
"""Lines of a table, where nobody says how many."""


def answer_table(answer: Answer) -> Table:
    """A line for each network: what was set, and what it costs."""
    asked, networks = answer.setup.asked, answer.setup.networks
    columns = (
        *(Column(f"set_{place}", axis.name, numeric=axis.name != "variant", importance=7)
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
    found, size, estimate = answer.found, answer.setup.space.size, answer.estimate
    if estimate is not None:
        interval = f"{many(estimate.low)} to {many(estimate.high)}"
        about = f"about {many(estimate.value)} fit" if estimate.value else "none fits that was met"
        return f"of {counted_points(size)} {about} ({CONFIDENCE:.0%} sure: {interval})"
    if found.refused.count == size:
        return f"none of {counted_points(size)} is a network"
    if found.fit == 1:
        return f"1 of {counted_points(size)} is a network{' that fits' * answer.setup.asked.is_bounded}"
    return f"{exact(found.fit)} of {counted_points(size)} are networks{' that fit' * answer.setup.asked.is_bounded}"


def counted_points(size: int) -> str:
    """`1 point`, `24 points`."""
    return f"{many(size)} point{'' if size == 1 else 's'}"


def many(number: int) -> str:
    """All digits, or for numbers that nobody reads the first ones: `1.56e30`."""
    if number < MOST_READ:
        return exact(number)
    digits = str(number)
    return f"{digits[0]}.{digits[1:3]}e{len(digits) - 1}"


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
    if answer.sampled is not None:
        yield f"{exact(answer.kept)} of those that fit, each as likely as any other"
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
    if answer.estimate is not None:
        draws = f"{exact(answer.estimate.draws)} draws"
        return f"bounds decided {exact(found.fit)} that fit; the rest is estimated from {draws}"
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
    if worst.is_relation:
        value = f"the sides differ by {exact(abs(worst.value))}"
    else:
        off = percent(worst.part) if worst.part < MOST_PERCENT else f"{ratio(worst.part)} times the limit"
        value = f"{exact(worst.value)}, {off} off"
    also = f"; it breaks {listed(breach.name for breach in others)} too" if others else ""
    least = "" if near.is_sure else " (of those looked at)"
    return f"nearest{least}: {values_text(answer, point)}; the hard one is {worst.name}: {value}{also}"


def progress_text(size: int, first: int, position: int, found: Found, seconds: float) -> str:
    """`34%, 3.20G a second, 1,204 found, 12 s left`."""
    rate = (position - first) / max(seconds, 1e-6)
    left = (size - position) / rate if rate else 0
    done = position * 100 // size
    return f"{done}%, {short(int(rate))} a second, {exact(found.fit)} found, {seconds_text(left)} left"


def time_text(answer: Answer, rate: float) -> str:
    """How long a full sweep would take here."""
    seconds = answer.setup.space.size / rate
    return f"going through all takes about {seconds_text(seconds)} here, at {short(int(rate))} points a second"


TIMES = ((10, 1, "s"), (120, 1, "s"), (7200, 60, "min"), (172_800, 3600, "h"), (10**8, 86_400, "days"))
"""Below so many seconds, the unit that they are said in."""


def seconds_text(seconds: float) -> str:
    """`0.3 s`, `12 s`, `5 min`, `3 h`, `40 days`, `2.1e+09 years`."""
    for most, size, unit in TIMES:
        if seconds < most:
            return f"{seconds / size:.{1 if most == 10 else 0}f} {unit}"
    return f"{seconds / 31_557_600:.2g} years"


# ---------------------------------------------------------------------------------------------------------------------
# JSON


def space_record(answer: Answer) -> dict[str, Any]:
    """Size and how many fit; what is no network; how it was decided."""
    found = answer.found
    if answer.estimate is not None:
        one = answer.estimate
        interval = {"low": one.low, "high": one.high, "confidence": CONFIDENCE, "draws": one.draws}
        return {
            "size": answer.setup.space.size,
            "fit": None,
            "estimate": {"fit": one.value, **interval},
            "refused": {"count": None, "at_least": found.refused.count, "reasons": []},
        }
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
