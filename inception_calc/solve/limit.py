"""Limits as they are typed: `multiply_adds=1.5G`, `param_bytes=8MiB`; the numbers are those of budgets."""

import re
from fractions import Fraction
from typing import NamedTuple

from inception_calc.analysis.metrics import METRICS
from inception_calc.problems import InputError, Problem, listed, nearest

LIMITABLE = {name: one for name, one in METRICS.items() if one.measured is None and not one.is_structural}
"""What may be limited: the totals that a size or a width changes."""

COUNT_UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
BYTE_UNITS = {"kB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
WRITTEN = re.compile(r"(\d{1,18}(?:\.\d{1,12})?)[ ]?([^\d\s.]*)", re.ASCII)


class Limit(NamedTuple):
    """A bound on one count, from above or (`least`) from below."""

    metric: str
    value: int
    text: str
    least: bool = False

    def holds(self, count: int) -> bool:
        """Whether a count keeps to the limit."""
        return count >= self.value if self.least else count <= self.value


def read_limit(text: str, least: bool = False) -> Limit:
    """The limit that `METRIC=NUMBER` states; raises `InputError`."""
    option = "--min" if least else "--max"
    metric, equals, number = text.partition("=")
    if not equals:
        raise _error(f"{option}: '{text}' is no METRIC=NUMBER", f"write {option} multiply_adds=1.5G")
    if metric not in LIMITABLE:
        fix = nearest(metric, LIMITABLE) or f"use {listed(LIMITABLE)}"
        raise _error(f"{option}: there is no metric '{metric}'", fix)
    units = BYTE_UNITS if LIMITABLE[metric].in_bytes else COUNT_UNITS
    match = WRITTEN.fullmatch(number)
    if match is None:
        raise _error(f"{option}: '{number}' is no number", f"write {option} {metric}=1.5{list(units)[-1]}")
    digits, unit = match.groups()
    if unit not in units:
        close = next((known for known in units if known and known.lower() == unit.lower()), "")
        fix = f"did you mean '{digits}{close}'?" if close else f"there are {listed(filter(None, units))}"
        raise _error(f"{option}: '{number}' has no unit that is known here", fix)
    value = Fraction(digits) * units[unit]
    if value.denominator != 1:
        raise _error(f"{option}: '{number}' is no whole number", "round it")
    return Limit(metric, int(value), number, least)


def _error(what: str, fix: str) -> InputError:
    return InputError(Problem("bad-limit", what, None, fix))
