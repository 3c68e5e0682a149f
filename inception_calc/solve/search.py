"""The largest value within limits.

The closed form says where each limit holds, exactly and for all values at once; the integer path then counts the
answer and its neighbour, and has the last word on whether they can be built.
"""

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

from inception_calc.analysis import Analysis
from inception_calc.dims import Dim
from inception_calc.dims.normal import polynomial
from inception_calc.dims.polynomial import FRACTIONAL, Polynomial, variable
from inception_calc.dims.signs import Region, sign_regions
from inception_calc.problems import Problem, Undecided
from inception_calc.solve.limit import Limit
from inception_calc.solve.model import FOUND, NONE, UNBOUNDED, Point, Solution
from inception_calc.solve.network import Network, Settings
from inception_calc.solve.rounded import solve_rounded
from inception_calc.solve.widths import whole_steps
from inception_calc.spec_file import LoadedSpec

LARGEST = 10**9
"""The largest value of a symbol."""
MOST_REFUSALS = 512
"""Neighbouring values that may be impossible to build, such as odd filter counts in two groups."""
STEPS = "steps"

Interval = tuple[int, int | None]
"""First and last integer (None: without end)."""


def solve(
    spec: LoadedSpec,
    over: str,
    limits: Iterable[Limit],
    *,
    settings: Settings | None = None,
    input: tuple[int, int, int] | None = None,  # noqa: A002 - the word of the spec
    training: bool = False,
    round_to: int | None = None,
) -> Solution:
    """The largest value of a symbol or cell that keeps to every limit.

    Raises `InputError` for unknown names, and `Undecided` where no exact answer is known.
    """
    limits = tuple(limits)
    network = Network(spec, over, settings or {}, input, training, round_to)
    free = network.free()
    if over == FRACTIONAL and round_to is not None:
        return solve_rounded(network, free, limits, round_to)
    step = whole_steps(free) if over == FRACTIONAL else 1
    return _Search(network, free, limits, step).solution()


class _Search:
    """A search over the multiples of one `step`-th."""

    def __init__(self, network: Network, free: Analysis, limits: tuple[Limit, ...], step: int) -> None:
        self.network = network
        self.free = free
        self.limits = limits
        self.step = step
        self.buildable = self._buildable()

    def solution(self) -> Solution:
        fitting = self._fitting()
        if not fitting:
            return self._made(NONE, reason=self._cheapest())
        if fitting[-1][1] is None or fitting[-1][1] > LARGEST * self.step:
            return self._made(UNBOUNDED, reason=self._why_unbounded())
        at = self._largest(fitting)
        if at is None:
            return self._made(NONE, reason=self.network.refusal)
        found = int(at.value * self.step)
        gaps = tuple(
            (self._value(end + 1), self._value(start - 1))
            for (_, end), (start, _) in pairwise(fitting)
            if end is not None and start <= found
        )
        return self._made(FOUND, at, self._next(found), gaps)

    def _made(
        self,
        status: str,
        at: Point | None = None,
        following: Point | None = None,
        gaps: tuple[tuple[int | Fraction, int | Fraction], ...] = (),
        reason: str = "",
    ) -> Solution:
        name, variant = self.free.name, self.free.variant
        return Solution(name, variant, self.network.over, self.limits, status, at, following, gaps, None, reason)

    def _value(self, count: int) -> int | Fraction:
        value = Fraction(count, self.step)
        return int(value) if value.denominator == 1 else value

    def _form(self, count: Dim) -> Polynomial:
        return polynomial(count).replaced({self.network.over: variable(STEPS) * Fraction(1, self.step)})

    def _buildable(self) -> list[Interval]:
        """Where no map is without channels, rows or columns. Odd cases are left to the integer path."""
        sides = {side for cost in self.free.layers for side in cost.layer.output if not isinstance(side, int)}
        buildable: list[Interval] = [(1, None)]
        for form in dict.fromkeys(self._form(side) for side in sides):
            regions = sign_regions(form - 1, STEPS)
            if regions is not None:
                buildable = _common(buildable, _where(regions, (0, 1)))
        return buildable

    def _fitting(self) -> list[Interval]:
        """Where every limit holds."""
        fitting = self.buildable
        for limit in self.limits:
            regions = sign_regions(self._form(getattr(self.free.totals, limit.metric)) - limit.value, STEPS)
            if regions is None:
                raise Undecided(
                    Problem(
                        "no-exact-answer",
                        f"where {limit.metric} keeps to {limit.text} cannot be said exactly over {self.network.over}",
                        None,
                        "set the other free symbols" if len(self.free.free) > 1 else "search over another symbol",
                    )
                )
            good = (0, 1) if limit.least else (-1, 0)
            fitting = _common(fitting, _where(regions, good))
        return fitting

    def _largest(self, fitting: list[Interval]) -> Point | None:
        tries = 0
        for start, end in reversed(fitting):
            for count in range(end or start, start - 1, -1):
                point = self.network.point(self._value(count))
                if point is not None:
                    return point
                tries += 1
                if tries > MOST_REFUSALS:
                    return None
        return None

    def _next(self, found: int) -> Point | None:
        for count in range(found + 1, found + 1 + MOST_REFUSALS):
            point = self.network.point(self._value(count))
            if point is not None:
                return point
        return None

    def _cheapest(self) -> str:
        """What already the smallest network costs, for a message."""
        start = self.buildable[0][0] if self.buildable else 1
        for count in range(start, start + MOST_REFUSALS):
            point = self.network.point(self._value(count))
            if point is not None:
                broken = [one for one in self.limits if not one.holds(point.counts[one.metric])]
                costs = ", ".join(f"{one.metric} {point.counts[one.metric]:,}" for one in broken)
                return f"at {self.network.over} = {point.value} the network has {costs}" if broken else ""
        return self.network.refusal

    def _why_unbounded(self) -> str:
        upper = [one.metric for one in self.limits if not one.least]
        idle = [metric for metric in upper if not self._form(getattr(self.free.totals, metric)).names]
        if upper and len(idle) == len(upper):
            return f"{' and '.join(idle)} do not depend on {self.network.over}"
        return "no limit holds from above" if not upper else "no limit is reached below a billion"


def _where(regions: Iterable[Region], signs: tuple[int, ...]) -> list[Interval]:
    """Where the sign is one of these, neighbours made one."""
    intervals: list[Interval] = []
    for region in regions:
        if region.sign not in signs:
            continue
        if intervals and intervals[-1][1] == region.start - 1:
            intervals[-1] = (intervals[-1][0], region.stop)
        else:
            intervals.append((region.start, region.stop))
    return intervals


def _common(first: list[Interval], second: list[Interval]) -> list[Interval]:
    """Where both hold."""
    common: list[Interval] = []
    for one_start, one_stop in first:
        for other_start, other_stop in second:
            start = max(one_start, other_start)
            stops = [stop for stop in (one_stop, other_stop) if stop is not None]
            stop = min(stops) if stops else None
            if stop is None or start <= stop:
                common.append((start, stop))
    return common
