"""Runs of steps at which something holds: where a network can be built, where it fits, and what breaks in between."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from inception_calc.dims.intervals import Interval, common
from inception_calc.dims.progression import Progression
from inception_calc.solve.model import Run

MOST_APART = 20_000
"""Broken values that are told apart where families mix; beyond that one run stands for all."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The steps of one progression at which a network can be built, and at which it fits, in rising order."""

    values: Progression
    buildable: list[Interval]
    fitting: list[Interval]

    @property
    def last(self) -> int | Fraction | None:
        """The last value that fits; None where there is no last one."""
        end = self.fitting[-1][1]
        return None if end is None else self.values.value(end)

    @property
    def first(self) -> int | Fraction:
        """The first value that fits."""
        return self.values.value(self.fitting[0][0])

    def fits_between(self, low: int | Fraction, high: int | Fraction) -> bool:
        """Whether a value strictly between two others fits."""
        step = Fraction(self.values.step)
        after = ((low - self.values.before) / step).__floor__() + 1
        before = -((self.values.before - high) / step).__floor__() - 1
        return any(max(start, after) <= min(before if end is None else end, before) for start, end in self.fitting)

    def breaking(self, low: int | Fraction, high: int | Fraction) -> list[Interval]:
        """Where the network can be built and does not fit, between two values that fit."""
        ends = [1, *(end + 1 for _, end in self.fitting if end is not None)]
        starts: list[int | None] = [start - 1 for start, _ in self.fitting]
        if not self.fitting or self.fitting[-1][1] is not None:
            starts.append(None)
        outside = [(end, start) for end, start in zip(ends, starts, strict=False) if start is None or end <= start]
        step = Fraction(self.values.step)
        inside = (-((self.values.before - low) / step).__floor__(), ((high - self.values.before) / step).__floor__())
        return common(common(self.buildable, outside), [inside] if inside[0] <= inside[1] else [])


def broken_runs(fitting: list[Stretch], every: list[Stretch], found: int | Fraction) -> tuple[Run, ...]:
    """Values below the answer that break a limit though smaller ones fit, first and last of each run."""
    lowest = min(stretch.first for stretch in fitting)
    broken = [(stretch, run) for stretch in every for run in stretch.breaking(lowest, found)]
    if len(every) == 1:
        return tuple((one.values.value(start), one.values.value(end or start)) for one, (start, end) in broken)
    if sum((end or start) - start + 1 for _, (start, end) in broken) > MOST_APART:
        ends = [one.values.value(step) for one, (start, end) in broken for step in (start, end or start)]
        return ((min(ends), max(ends)),)
    values = sorted(one.values.value(step) for one, (start, end) in broken for step in range(start, (end or start) + 1))
    runs: list[Run] = []
    for before, value in pairwise([None, *values]):
        if value is None:
            continue
        if before is None or any(stretch.fits_between(before, value) for stretch in fitting):
            runs.append((value, value))
        else:
            runs[-1] = (runs[-1][0], value)
    return tuple(runs)
