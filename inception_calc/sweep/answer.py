"""What a sweep found, and its networks in the order that was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from inception_calc.problems import InputError, Undecided
from inception_calc.sweep.axes import Axis
from inception_calc.sweep.family import Families
from inception_calc.sweep.findings import OTHERS, Found
from inception_calc.sweep.nearest import Nearest, nearest
from inception_calc.sweep.points import Point, points
from inception_calc.sweep.sample import Estimate
from inception_calc.sweep.setup import Setup
from inception_calc.sweep.spool import Spool
from inception_calc.sweep.values import Value

BATCH = 16_384
"""Networks whose costs are worked out together for an output."""
OTHER_REASONS = "other reasons"


@dataclass(frozen=True)
class Answer:
    """What was found."""

    setup: Setup
    found: Found
    counting: bool = False
    """Only numbers were asked for."""
    spool: Spool | None = None
    """The networks that are listed as a whole, where they are."""
    estimate: Estimate | None = None
    """How many networks fit, where they are too many to count."""
    sampled: int | None = None
    """How many were drawn at random."""
    _words: dict[str, str] = field(default_factory=dict)

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The axes in the order in which they were typed."""
        return self.setup.typed

    def values(self, point: Point) -> list[Value]:
        """A point's values in that order."""
        place = {axis.name: place for place, axis in enumerate(self.setup.networks.axes)}
        return [point.values[place[axis.name]] for axis in self.axes]

    @cached_property
    def _families(self) -> Families:
        return self.setup.families()

    @cached_property
    def nearest(self) -> Nearest | None:
        """The network that comes nearest, where none fits what was asked."""
        return nearest(self.setup) if self.found.fit == 0 and self.estimate is None else None

    @property
    def fits(self) -> int:
        """How many networks fit, as far as that is known."""
        return self.found.fit if self.estimate is None else self.estimate.high

    @property
    def kept(self) -> int:
        """How many networks there would be to show, had nobody said how many."""
        if self.setup.asked.pareto or self.sampled is not None:
            return sum(map(len, self.found.indices))
        return 0 if self.counting else self.found.fit

    def points(self, indices: Sequence[int]) -> list[Point]:
        """The networks with these numbers."""
        return list(self._points(indices))

    def _points(self, indices: Sequence[int]) -> Iterator[Point]:
        return points(self.setup.space, self._families, indices)

    def networks(self) -> Iterator[Point]:
        """The networks that were found, in order."""
        asked = self.setup.asked
        if asked.pareto and (asked.sort or asked.top is not None):
            found = [point for batch in self._batches() for point in self.points(batch)]
            for key in reversed(asked.sort):
                place = asked.metrics.index(key.metric)
                found.sort(key=lambda point: point.metrics[place] * (-1 if key.falling else 1))
            yield from found[: asked.top]
            return
        for batch in self._batches():
            yield from self._points(batch)

    def _batches(self) -> Iterator[Any]:
        if self.spool is not None:
            yield from self.spool.batches(BATCH)
        for array in self.found.indices:
            for start in range(0, len(array), BATCH):
                yield array[start : start + BATCH]

    def reasons(self) -> list[tuple[str, int, Point | None]]:
        """Why points are no networks: in words, how many, and the first of each kind."""
        told: list[tuple[str, int, Point | None]] = []
        for reason, (count, first) in self.found.refused.reasons.items():
            digits = self.setup.space.digits(first)
            values = tuple(axis.value(digit) for axis, digit in zip(self.setup.networks.axes, digits, strict=True))
            if reason == OTHERS:
                told.append((OTHER_REASONS, count, Point(first, values, ())))
                continue
            if reason not in self._words:
                self._words[reason] = self._why(digits) or reason
            told.append((self._words[reason], count, Point(first, values, ())))
        return told

    def _why(self, digits: Sequence[int]) -> str:
        """What the counting core says of a point."""
        try:
            self.setup.networks.analysis(digits)
        except (InputError, Undecided) as stop:
            return stop.problems[0].what
        return ""
