"""Width multipliers with rounded filter counts: the network changes in steps, and so does its cost.

Between two neighbouring thresholds every multiplier gives the same network. On a grid of half thresholds the even
points are the thresholds, the odd ones stand for all multipliers between two of them; bisection over the grid is
exact, because no count falls when the width grows.
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from inception_calc.analysis import Analysis
from inception_calc.analysis.widths import threshold_steps
from inception_calc.dims.polynomial import polynomial
from inception_calc.dims.signs import rises
from inception_calc.problems import Problem, Undecided
from inception_calc.solve.limit import Limit
from inception_calc.solve.model import FOUND, NONE, UNBOUNDED, Solution, Step
from inception_calc.solve.network import Network

WIDEST = 1000
"""No width multiplier comes near this."""


def solve_rounded(network: Network, free: Analysis, limits: tuple[Limit, ...], round_to: int) -> Solution:
    """The widest network within the limits when filter counts are rounded to multiples."""
    grid = _Grid(network, 2 * threshold_steps(free))
    for limit in limits:
        if not rises(polynomial(getattr(free.totals, limit.metric))):
            raise Undecided(
                Problem(
                    "not-monotone",
                    f"{limit.metric} may fall while the width multiplier grows",
                    None,
                    "leave --round out",
                )
            )
    upper = tuple(limit for limit in limits if not limit.least)

    nothing = Solution(free.name, free.variant, network.over, limits, NONE)

    if not network.fits(grid.value(1), upper):
        return replace(
            nothing, reason=f"rounded to multiples of {round_to}, the narrowest network is too costly already"
        )
    end = WIDEST * grid.steps
    if network.fits(grid.value(end), upper):
        return replace(nothing, status=UNBOUNDED, reason=f"no limit is reached below a width multiplier of {WIDEST}")
    last = _last(1, end, lambda index: network.fits(grid.value(index), upper))
    first_of_step, _ = grid.step_of(last, 1, end)
    at = network.point(grid.representative(first_of_step, last))
    following = network.point(grid.representative(last + 1, grid.step_of(last + 1, 1, end)[1]))
    if at is None or not all(limit.holds(at.counts[limit.metric]) for limit in limits):
        return replace(nothing, reason="what keeps to the upper limits is below a lower one")
    return replace(nothing, status=FOUND, at=at, next=following, step=grid.step(first_of_step, last))


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
