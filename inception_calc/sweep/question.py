"""What is asked of a space: limits on metrics, relations between columns, an order, a front."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from inception_calc.analysis.metrics import METRICS
from inception_calc.analysis.units import read_amount
from inception_calc.dims import Dim, evaluated, parse
from inception_calc.dims.expression import names
from inception_calc.graph.cells import Cell
from inception_calc.problems import Fault, InputError, Location, Problem, listed, nearest
from inception_calc.solve import Limit

COUNTED = {name: metric for name, metric in METRICS.items() if name != "arithmetic_intensity"}
"""The whole numbers of a network."""
ALWAYS = ("params", "multiply_adds")
"""The two that are said whatever is asked."""
WITHIN = re.compile(r"(?P<middle>[^±]*?)\s*(?:±|\+-|\+/-)\s*(?P<width>[^±%]*)(?P<percent>%?)")
COMPARISON = re.compile(r"<=|>=|==|=<|=>|!=|<|>|=")
RELATIONS = {"<=": (None, 0), ">=": (0, None), "==": (0, 0), "<": (None, -1), ">": (1, None)}
"""Mark -> what the left side minus the right side, made whole, may be."""


class Key(NamedTuple):
    """A metric that puts networks in order, or that a front is made of; the largest first where it is `falling`."""

    metric: str
    falling: bool = False

    @property
    def text(self) -> str:
        """As it is typed."""
        return f"-{self.metric}" if self.falling else self.metric


@dataclass(frozen=True, slots=True)
class Relation:
    """Two expressions of columns, cells and symbols, and the mark between them."""

    text: str
    left: str
    mark: str
    right: str

    def differences(self, values: Mapping[str, Dim], cells: Mapping[str, Cell]) -> list[tuple[str, Dim]]:
        """The left side minus the right side: of the network, or, where a column is named without its row, of every
        row that has all such columns, with its name. `values` are those of cells and symbols. A `Fault` where a name
        means nothing.
        """
        named = {name.text for side in (self.left, self.right) for name in names(parse(side))}
        rows: dict[str, dict[str, Dim]] = {}
        for name, (row, column) in cells.items():
            if name in values:
                rows.setdefault(row, {})[column] = values[name]
        columns = {column for row in rows.values() for column in row}
        alone = {name for name in named if name not in values and name in columns}
        unknown = sorted(named - alone - values.keys())
        if unknown:
            hint = nearest(unknown[0], [*values, *columns])
            raise Fault("unknown-symbol", f"'{unknown[0]}' is no column, cell or symbol with a number here", fix=hint)
        if not alone:
            return [("", self._difference(values))]
        found = [(name, self._difference({**values, **row})) for name, row in rows.items() if alone <= row.keys()]
        if not found:
            what = f"no row has {listed(sorted(alone))} together"
            raise Fault("unknown-symbol", what, fix="name the row: '3a.3x3'")
        return found

    def _difference(self, values: Mapping[str, Dim]) -> Dim:
        return evaluated(self.left, values) - evaluated(self.right, values)


@dataclass(frozen=True)
class Question:
    """What is asked of the networks of a space."""

    limits: tuple[Limit, ...] = ()
    relations: tuple[Relation, ...] = ()
    columns: tuple[str, ...] = ()
    """Metrics to show besides those that are asked about."""
    sort: tuple[Key, ...] = ()
    pareto: tuple[Key, ...] = ()
    top: int | None = None

    @property
    def is_bounded(self) -> bool:
        """Whether a network may be one that is not asked for."""
        return bool(self.limits or self.relations)

    @property
    def metrics(self) -> tuple[str, ...]:
        """Every metric that is shown."""
        keys = (key.metric for key in (*self.pareto, *self.sort))
        return tuple(dict.fromkeys([*ALWAYS, *(limit.metric for limit in self.limits), *keys, *self.columns]))

    def without_order(self) -> Question:
        """All networks that fit, in the order of the space."""
        return replace(self, sort=(), pareto=(), top=None)

    @property
    def keys(self) -> tuple[Key, ...]:
        """What networks are compared by while they are looked for."""
        return self.pareto or self.sort


def read_metric(text: str, option: str) -> str:
    """A metric that is counted for whole networks; raises `InputError`."""
    if text not in COUNTED:
        fix = nearest(text, COUNTED) or f"use {listed(COUNTED, all_in='`inception-calc sweep --help`')}"
        raise InputError(Problem("bad-usage", f"{option}: there is no metric '{text}'", None, fix, about=text))
    return text


def read_keys(text: str, option: str) -> tuple[Key, ...]:
    """`-params,multiply_adds`: the largest params first, the fewest multiply-adds first."""
    keys = tuple(
        Key(read_metric(part.strip().lstrip("-+"), option), part.strip().startswith("-")) for part in text.split(",")
    )
    if len({key.metric for key in keys}) < len(keys):
        raise InputError(Problem("bad-usage", f"{option}: '{text}' names a metric twice", None, "leave one out"))
    return keys


def read_within(text: str) -> tuple[Limit, Limit]:
    """The limits from below and from above that `params=6M±2%` states; raises `InputError`."""
    metric, equals, rest = text.partition("=")
    match = WITHIN.fullmatch(rest.strip())
    if not equals or match is None:
        what = f"--within: '{text}' is no METRIC=VALUE±WIDTH"
        raise InputError(Problem("bad-limit", what, None, "write --within params=6M±2% (or 6M+-2%)"))
    read_metric(metric, "--within")
    in_bytes = COUNTED[metric].in_bytes
    try:
        middle = read_amount(match["middle"], in_bytes)
        width = middle * read_percent(match["width"]) if match["percent"] else read_amount(match["width"], in_bytes)
    except Fault as fault:
        raise InputError(Problem("bad-limit", f"--within: {fault.what}", None, fault.fix)) from None
    low, high = max(Fraction(0), middle - width).__ceil__(), (middle + width).__floor__()
    return Limit(metric, low, rest, least=True), Limit(metric, high, rest)


def read_percent(text: str) -> Fraction:
    """A percentage as a part of one."""
    number = text.strip()
    whole, _, part = number.partition(".")
    if not (number.isascii() and (whole + part).isdigit() and len(number) < 12):
        raise Fault("bad-number", f"'{text}%' is no percentage", fix="write 6M±2%")
    return Fraction(number) / 100


def read_relation(text: str) -> Relation:
    """The relation that a text states, `'3x3' >= 2 * '3x3 reduce'`; raises `InputError` with the place in it."""
    marks = [match for match in COMPARISON.finditer(text) if text[: match.start()].count("'") % 2 == 0]
    if len(marks) != 1 or marks[0].group() not in RELATIONS:
        what = "a relation has one of <= >= == < > between two expressions"
        raise _relation_error(text, Fault("bad-relation", what, fix="write \"'3x3' >= 2 * '3x3 reduce'\""))
    (mark,) = marks
    left, right = text[: mark.start()], text[mark.end() :]
    for part, offset in ((left, 0), (right, mark.end())):
        try:
            parse(part)
        except Fault as fault:
            start, width = fault.span or (0, len(part))
            fault.span = (start + offset, width)
            raise _relation_error(text, fault) from None
    return Relation(text, left, mark.group(), right)


def _relation_error(text: str, fault: Fault) -> InputError:
    start, width = fault.span or (0, len(text))
    return InputError(
        Problem(fault.code, fault.what, Location("--where", 1, start + 1, max(width, 1), text), fault.fix)
    )
