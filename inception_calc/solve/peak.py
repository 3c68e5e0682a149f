"""Limits on the peak of live maps, which no closed form says: it grows where every map does, so bisection is exact."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice

from inception_calc.analysis import Analysis
from inception_calc.analysis.metrics import METRICS, PEAK
from inception_calc.dims import Dim, Growth
from inception_calc.dims.intervals import Interval
from inception_calc.problems import Problem, Undecided
from inception_calc.solve.limit import Limit
from inception_calc.solve.model import Point

MOST_STEPS = 10**9
"""Beyond this many steps nothing is looked for."""


def sides_of(analysis: Analysis) -> set[Dim]:
    """Every channel, row and column count of a network's maps."""
    return {side for cost in analysis.layers for side in cost.layer.output}


def check_growth(growth: Growth, sides: Iterable[Dim], over: str) -> None:
    """Raises `Undecided` where it is not proven that every map grows with a symbol."""
    if not all(map(growth.grows, sides)):
        what = f"it is not proven that {METRICS[PEAK].label} grow with {over}"
        raise Undecided(Problem("no-exact-answer", what, None, "limit activation_bytes, or search over size"))


def where_peak_holds(buildable: list[Interval], limit: Limit, point: Callable[[int], Point | None]) -> list[Interval]:
    """Where a limit on a peak that never falls holds, in steps; `point` counts a step, None where none can be built."""

    def broken(step: int) -> bool:
        """Whether the first network from a step on has more than the limit (or as much as a lower limit asks for)."""
        found = next((one for one in islice(map(point, range(step, step + 512)), 512) if one is not None), None)
        if found is None:
            return True
        count = found.counts[PEAK]
        return count >= limit.value if limit.least else count > limit.value

    found: list[Interval] = []
    for start, end in buildable:
        change = _first(start, end, broken)
        if limit.least and change is not None:
            found.append((change, end))
        elif not limit.least and (change is None or change > start):
            found.append((start, end if change is None else change - 1))
    return found


def _first(start: int, end: int | None, holds: Callable[[int], bool]) -> int | None:
    """The first step from `start` on at which something holds that holds ever after; None where it never does."""
    last = MOST_STEPS if end is None else end
    reach = 1
    while not holds(min(start + reach - 1, last)):
        if start + reach - 1 >= last:
            return None
        reach *= 2
    low, high = start, min(start + reach - 1, last)
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
