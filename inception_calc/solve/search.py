"""The largest and the smallest value within limits.

The closed form says where each limit holds, exactly and for all values at once; the integer path then counts the
answer and its neighbour, and has the last word on whether they can be built.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from heapq import merge
from itertools import count as counting
from itertools import islice
from typing import TYPE_CHECKING

from inception_calc.analysis.analyze import source_of
from inception_calc.analysis.metrics import METRICS, PEAK
from inception_calc.analysis.needs import needs
from inception_calc.dims import Growth
from inception_calc.dims.intervals import Interval, common, where
from inception_calc.dims.polynomial import FRACTIONAL
from inception_calc.dims.progression import COUNT
from inception_calc.dims.signs import sign_regions
from inception_calc.graph import Source, Symbols
from inception_calc.problems import Problem, Undecided, listed
from inception_calc.solve.families import Family, families
from inception_calc.solve.intervals import Stretch, broken_runs
from inception_calc.solve.limit import Limit
from inception_calc.solve.model import FOUND, LARGEST, NONE, SMALLEST, UNBOUNDED, Point, Solution, asked
from inception_calc.solve.network import Input, Network, check_over
from inception_calc.solve.peak import check_growth, sides_of, where_peak_holds
from inception_calc.solve.rounded import solve_rounded

if TYPE_CHECKING:
    from inception_calc.spec_file import LoadedSpec

LIMIT_OF_VALUES = 10**9
"""The largest value of a symbol."""
MOST_REFUSALS = 512
"""Neighbouring values that may be impossible to build, such as odd filter counts in two groups."""


def solve(
    network: Source | LoadedSpec | str,
    over: str,
    limits: Iterable[Limit],
    *,
    symbols: Symbols | None = None,
    input: Input = None,  # noqa: A002 - the word of the spec
    training: bool = False,
    round_to: int | None = None,
) -> Solution:
    """The largest value of a symbol or cell that keeps to every limit; the smallest under limits from below.

    Both under limits from both sides; without limits the smallest at which the network can be built. Raises
    `InputError` for unknown names, and `Undecided` where no exact answer is known.
    """
    limits = tuple(limits)
    origin = source_of(network)
    check_over(origin, [over])
    made = Network(origin, over, symbols or {}, input, training, round_to)
    if over == FRACTIONAL and round_to is not None:
        return solve_rounded(made, made.free(), limits, round_to)
    return _Search(made, families(made), limits).solution()


class _Search:
    """A search over the values of every family."""

    def __init__(self, network: Network, every: list[Family], limits: tuple[Limit, ...]) -> None:
        self.network = network
        self.families = every
        self.limits = limits
        self.stretches = [self._stretch(family) for family in every]

    def solution(self) -> Solution:
        """The answer to what the limits ask for."""
        fitting = [one for one in self.stretches if one.fitting]
        wanted = asked(self.limits)
        made = self._made(FOUND)
        if not fitting:
            return replace(made, status=NONE, reason=self._cheapest())
        if wanted != LARGEST:
            made = self._from_below(made, fitting)
        if wanted == SMALLEST:
            return made
        if any(stretch.last is None or stretch.last > LIMIT_OF_VALUES for stretch in fitting):
            return replace(made, status=UNBOUNDED, reason=self._why_unbounded())
        points = [point for point in map(self._largest, fitting) if point is not None]
        if not points:
            return replace(made, status=NONE, reason=self.network.refusal)
        at = max(points, key=lambda point: point.value)
        gaps = broken_runs(fitting, self.stretches, at.value)
        return replace(made, at=at, next=self._next(at.value), gaps=gaps)

    def _from_below(self, made: Solution, fitting: list[Stretch]) -> Solution:
        """The smallest value that fits, and the last one before it that can be built."""
        points = [point for point in map(self._smallest, fitting) if point is not None]
        if not points:
            return replace(made, status=NONE, reason=self.network.refusal)
        low = min(points, key=lambda point: point.value)
        highest = max(stretch.values.value(stretch.fitting[-1][0]) for stretch in fitting)
        gaps = broken_runs(fitting, self.stretches, highest)
        previous = self._previous(low.value)
        reason = "" if previous is not None else self._why_no_smaller(low.value)
        return replace(made, low=low, previous=previous, gaps=gaps, reason=reason)

    def _made(self, status: str) -> Solution:
        named = self.families[0].analysis
        known = named.graph.known
        assumed = () if known is None else known.assumptions
        return Solution(named.name, named.variant, self.network.over, self.limits, status, assumptions=assumed)

    def _stretch(self, family: Family) -> Stretch:
        buildable = self._buildable(family)
        return Stretch(family.values, buildable, self._fitting(family, buildable))

    def _buildable(self, family: Family) -> list[Interval]:
        """Where every window fits and no map is empty. Groups that do not divide are left to the integer path."""
        buildable: list[Interval] = [(1, None)]
        forms = (family.form(need.value) for need in needs(family.analysis) if need.multiple_of is None)
        for form in dict.fromkeys(forms):
            regions = sign_regions(form - 1, COUNT)
            if regions is not None:
                buildable = common(buildable, where(regions, (0, 1)))
        return buildable

    def _fitting(self, family: Family, buildable: list[Interval]) -> list[Interval]:
        """Where every limit holds."""
        fitting = buildable
        for limit in self.limits:
            if METRICS[limit.metric].in_bytes and not family.analysis.has_bytes:
                what = f"{family.analysis.source} has tensors whose bytes are not known: texts, or what a loop keeps"
                raise Undecided(Problem("not-counted", what, None, "limit activation_elements or params"))
            if limit.metric == PEAK:
                fitting = common(fitting, self._where_peak_holds(family, buildable, limit))
                continue
            regions = sign_regions(family.form(getattr(family.analysis.totals, limit.metric)) - limit.value, COUNT)
            if regions is None:
                what = f"where {METRICS[limit.metric].label} keep to {limit.text} cannot be said exactly"
                several = len(family.analysis.free) > 1
                fix = "set the other free symbols" if several else "search over another symbol"
                raise Undecided(Problem("no-exact-answer", f"{what} over {self.network.over}", None, fix))
            fitting = common(fitting, where(regions, (0, 1) if limit.least else (-1, 0)))
        return fitting

    def _where_peak_holds(self, family: Family, buildable: list[Interval], limit: Limit) -> list[Interval]:
        if buildable:
            sides = {family.form(side) for side in sides_of(family.analysis)}
            check_growth(Growth({COUNT: buildable[0][0]}), sides, self.network.over)
        return where_peak_holds(buildable, limit, lambda step: self.network.point(family.values.value(step)))

    def _smallest(self, stretch: Stretch) -> Point | None:
        """The first value of a stretch that fits and can be built."""
        counts = (
            count
            for start, end in stretch.fitting
            for count in (counting(start) if end is None else range(start, end + 1))
        )
        return self._first_built(map(stretch.values.value, counts))

    def _largest(self, stretch: Stretch) -> Point | None:
        """The last value of a stretch that fits and can be built."""
        counts = (count for start, end in reversed(stretch.fitting) for count in range(end or start, start - 1, -1))
        return self._first_built(map(stretch.values.value, counts))

    def _next(self, found: int | Fraction) -> Point | None:
        """The first value after the answer that can be built."""
        rising = (map(family.values.value, counting(max(family.steps_up_to(found) + 1, 1))) for family in self.families)
        return self._first_built(merge(*rising))

    def _previous(self, found: int | Fraction) -> Point | None:
        """The last value before the answer that can be built."""
        falling = (family.values_before(found) for family in self.families)
        return self._first_built(merge(*falling, reverse=True))

    def _why_no_smaller(self, found: int | Fraction) -> str:
        """Why the value before the smallest one can not be built."""
        before = [value for family in self.families for value in family.values_before(found, most=1)]
        if not before and self.network.over != FRACTIONAL and found > 1:
            before = [found - 1]  # of no family: branches do not meet there
        if not before or self.network.at(max(before)) is not None:
            return ""
        return f"at {self.network.over} = {max(before)}: {self.network.refusal}"

    def _first_built(self, values: Iterator[int | Fraction]) -> Point | None:
        built = (self.network.point(value) for value in islice(values, MOST_REFUSALS))
        return next((point for point in built if point is not None), None)

    def _cheapest(self) -> str:
        """What already the smallest network costs, for a message."""
        rising = (
            map(stretch.values.value, counting(stretch.buildable[0][0]))
            for stretch in self.stretches
            if stretch.buildable
        )
        point = self._first_built(merge(*rising))
        if point is None:
            return self.network.refusal
        broken = [one for one in self.limits if not one.holds(point.counts[one.metric])]
        costs = listed(f"{point.counts[one.metric]:,} {METRICS[one.metric].label}" for one in broken)
        return f"at {self.network.over} = {point.value} the network has {costs}" if broken else ""

    def _why_unbounded(self) -> str:
        upper = [one.metric for one in self.limits if not one.least]
        idle = [metric for metric in upper if not any(self._depends(family, metric) for family in self.families)]
        if upper and len(idle) == len(upper):
            return f"{listed(METRICS[metric].label for metric in idle)} do not depend on {self.network.over}"
        return "no limit holds from above" if not upper else "no limit is reached below a billion"

    def _depends(self, family: Family, metric: str) -> bool:
        if metric == PEAK:
            return any(family.form(side).names for side in sides_of(family.analysis))
        return bool(family.form(getattr(family.analysis.totals, metric)).names)
