"""Width multipliers with rounded filter counts: the network changes in steps, and so does its cost.

Between two neighbouring thresholds every multiplier gives the same network. On a grid of half thresholds the even
points are the thresholds, the odd ones stand for all multipliers between two of them; bisection over the grid is
exact, because no count falls when the width grows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from inception_calc.analysis import Analysis
from inception_calc.analysis.metrics import PEAK
from inception_calc.analysis.widths import threshold_steps
from inception_calc.dims import Growth
from inception_calc.dims.polynomial import FRACTIONAL, polynomial
from inception_calc.dims.signs import rises
from inception_calc.problems import Problem, Undecided
from inception_calc.solve.limit import Limit
from inception_calc.solve.model import FOUND, LARGEST, NONE, SMALLEST, UNBOUNDED, Solution, Step, asked
from inception_calc.solve.network import Network
from inception_calc.solve.peak import check_growth, sides_of

WIDEST = 1000
"""No width multiplier comes near this."""


def solve_rounded(network: Network, free: Analysis, limits: tuple[Limit, ...], round_to: int) -> Solution:
    """The widest or narrowest network within the limits when filter counts are rounded to multiples."""
    grid = _Grid(network, 2 * threshold_steps(free))
    for limit in limits:
        _check_rises(free, limit)
    nothing = Solution(free.name, free.variant, network.over, limits, NONE)
    upper, lower = (tuple(limit for limit in limits if limit.least is least) for least in (False, True))
    end, wanted = WIDEST * grid.steps, asked(limits)
    if not network.fits(grid.value(1), upper):
        return replace(
            nothing, reason=f"rounded to multiples of {round_to}, the narrowest network is too costly already"
        )
    if not network.fits(grid.value(end), lower):
        return replace(nothing, reason=f"below a width multiplier of {WIDEST} no network has as much")
    found = nothing
    if wanted != LARGEST:
        found = _narrowest(grid, nothing, lower, end)
        if found.low is None or not all(limit.holds(found.low.counts[limit.metric]) for limit in limits):
            return replace(nothing, reason="what keeps to the upper limits is below a lower one")
    return found if wanted == SMALLEST else _widest(grid, found, upper, end)


def _widest(grid: _Grid, made: Solution, upper: tuple[Limit, ...], end: int) -> Solution:
    network = grid.network
    if network.fits(grid.value(end), upper):
        return replace(made, status=UNBOUNDED, reason=f"no limit is reached below a width multiplier of {WIDEST}")
    last = _last(1, end, lambda index: network.fits(grid.value(index), upper))
    first_of_step, _ = grid.step_of(last, 1, end)
    at = network.point(grid.representative(first_of_step, last))
    following = network.point(grid.representative(last + 1, grid.step_of(last + 1, 1, end)[1]))
    return replace(made, status=FOUND, at=at, next=following, step=grid.step(first_of_step, last))


def _narrowest(grid: _Grid, made: Solution, lower: tuple[Limit, ...], end: int) -> Solution:
    network = grid.network
    first = 1
    if not network.fits(grid.value(1), lower):
        first = _last(1, end, lambda index: not network.fits(grid.value(index), lower)) + 1
    _, last_of_step = grid.step_of(first, 1, end)
    low = network.point(grid.representative(first, last_of_step))
    previous = None
    if first > 1:
        previous = network.point(grid.representative(grid.step_of(first - 1, 1, end)[0], first - 1))
    return replace(made, status=FOUND, low=low, previous=previous, low_step=grid.step(first, last_of_step))


def _check_rises(free: Analysis, limit: Limit) -> None:
    """Raises `Undecided` where a count may fall while the width grows: bisection would miss the answer."""
    if limit.metric == PEAK:
        check_growth(Growth({FRACTIONAL: 0}), sides_of(free), FRACTIONAL)
    elif not rises(polynomial(getattr(free.totals, limit.metric))):
        what = f"{limit.metric} may fall while the width multiplier grows"
        raise Undecided(Problem("not-monotone", what, None, "leave --round out"))


class _Grid:
    """Multiples of one half of the distance between possible thresholds."""

    def __init__(self, network: Network, steps: int) -> None:
        self.network = network
        self.steps = steps

    def value(self, index: int) -> int | Fraction:
        value = Fraction(index, self.steps)
        return int(value) if value.denominator == 1 else value

    def step_of(self, index: int, low: int, high: int) -> tuple[int, int]:
        """The first and last grid point whose network is the one at `index`."""
        wanted = self._shape(index)
        first = index
        least = low
        while least < first:
            middle = (least + first) // 2
            if self._shape(middle) == wanted:
                first = middle
            else:
                least = middle + 1
        return first, _last(index, high, lambda place: self._shape(place) == wanted)

    def step(self, first: int, last: int) -> Step:
        """The step between two grid points, its ends included where they are thresholds themselves."""
        return Step(self.value(first - first % 2), self.value(last + last % 2), first % 2 == 0, last % 2 == 0)

    def representative(self, first: int, last: int) -> int | Fraction:
        """A multiplier of the step from `first` to `last`: its largest, else its smallest, else its simplest."""
        if last % 2 == 0:
            return self.value(last)
        if first % 2 == 0:
            return self.value(first)
        return simplest(Fraction(first - 1, self.steps), Fraction(last + 1, self.steps))

    def _shape(self, index: int) -> tuple[object, ...] | None:
        analysis = self.network.at(self.value(index))
        return None if analysis is None else tuple(cost.layer.output for cost in analysis.layers)


def _last(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The last index from `low` on at which something holds that stops holding once."""
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction with the smallest denominator strictly between two others (Stern-Brocot)."""
    whole = low.numerator // low.denominator
    if whole + 1 < high:
        return Fraction(whole + 1)
    if low == whole:  # between n and at most n + 1: n + 1/d with the smallest d
        return whole + Fraction(1, (1 / (high - whole)).__floor__() + 1)
    return whole + 1 / simplest(1 / (high - whole), 1 / (low - whole))
