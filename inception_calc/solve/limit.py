"""Limits as they are typed: `multiply_adds=1.5G`, `param_bytes=8MiB`; the numbers are those of budgets."""

from collections.abc import Mapping
from typing import NamedTuple

from inception_calc.analysis.metrics import COMPARABLE, Metric
from inception_calc.analysis.units import read_amount
from inception_calc.problems import Fault, InputError, Problem, listed, nearest

LIMITABLE = {name: one for name, one in COMPARABLE.items() if not one.is_structural}
"""What may be limited: the numbers that a size or a width changes."""


class Limit(NamedTuple):
    """A bound on one count, from above or (`least`) from below."""

    metric: str
    value: int
    text: str
    least: bool = False

    def holds(self, count: int) -> bool:
        """Whether a count keeps to the limit."""
        return count >= self.value if self.least else count <= self.value


def read_limit(
    text: str, least: bool = False, known: Mapping[str, Metric] = LIMITABLE, command: str = "solve"
) -> Limit:
    """The limit that `METRIC=NUMBER` states on one of the metrics that a command knows; raises `InputError`."""
    option = "--min" if least else "--max"
    metric, equals, number = text.partition("=")
    if not equals:
        raise _error(f"{option}: '{text}' is no METRIC=NUMBER", f"write {option} multiply_adds=1.5G")
    if metric not in known:
        fix = nearest(metric, known) or f"use {listed(known, all_in=f'`inception-calc {command} --help`')}"
        raise _error(f"{option}: there is no metric '{metric}'", fix)
    try:
        value = read_amount(number, known[metric].in_bytes)
    except Fault as fault:
        raise _error(f"{option}: {fault.what}", fault.fix) from None
    return Limit(metric, value.__ceil__() if least else value.__floor__(), number, least)


def _error(what: str, fix: str) -> InputError:
    return InputError(Problem("bad-limit", what, None, fix))
