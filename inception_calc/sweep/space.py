"""A space of networks as an index space: axes, and boxes of points that follow one another. Never a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import NamedTuple

from inception_calc.sweep.axes import Axis, ends
from inception_calc.sweep.program import Interval

MOST_POINTS = 10**14
"""Nobody waits until more are gone through; they can be counted and sampled."""


class Box(NamedTuple):
    """The points whose first digits are `prefix` and whose next one lies in `low` to before `high`.

    They follow one another in the order of the space, whatever digits come after.
    """

    prefix: tuple[int, ...]
    low: int
    high: int


@dataclass(frozen=True)
class Space:
    """All combinations of the axes' values, the first axis slowest."""

    axes: tuple[Axis, ...]

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        """How many values each axis has; one of one value stands behind the last, so that every point is a box."""
        return (*map(len, self.axes), 1)

    @cached_property
    def strides(self) -> tuple[int, ...]:
        """How far apart neighbours along each axis are."""
        return tuple(prod(self.lengths[place + 1 :]) for place in range(len(self.lengths)))

    @property
    def size(self) -> int:
        """How many points there are."""
        return prod(self.lengths)

    @property
    def whole(self) -> Box:
        """All points."""
        return Box((), 0, self.lengths[0])

    def volume(self, box: Box) -> int:
        """How many points a box has."""
        return (box.high - box.low) * self.strides[len(box.prefix)]

    def start(self, box: Box) -> int:
        """The number of a box's first point."""
        before = sum(digit * stride for digit, stride in zip(box.prefix, self.strides, strict=False))
        return before + box.low * self.strides[len(box.prefix)]

    def digits(self, index: int) -> tuple[int, ...]:
        """The place on each axis of a point."""
        return tuple(
            index // stride % length for stride, length in zip(self.strides[:-1], self.lengths[:-1], strict=True)
        )

    def point(self, digits: Sequence[int]) -> Box:
        """One point as a box."""
        return Box(tuple(digits), 0, 1)

    def halves(self, box: Box) -> tuple[Box, Box] | tuple[Box]:
        """The box in two, or the same box written with one digit more where the next axis is to be split."""
        if box.high - box.low > 1:
            middle = (box.low + box.high) // 2
            return box._replace(high=middle), box._replace(low=middle)
        return (self.inside(box),)

    def inside(self, box: Box) -> Box:
        """A box of one digit with that digit in its prefix."""
        depth = len(box.prefix) + 1
        return Box((*box.prefix, box.low), 0, self.lengths[depth])

    def pieces(self, box: Box, most: int) -> Iterator[Box]:
        """Boxes of at most so many points that make up a box, in order."""
        waiting = [box]
        while waiting:
            one = waiting.pop()
            if self.volume(one) <= most:
                yield one
            else:
                waiting += reversed(self.halves(one))

    def ranges(self, box: Box) -> list[tuple[int, int]]:
        """The first place and the one after the last on each axis."""
        depth = len(box.prefix)
        fixed = [(digit, digit + 1) for digit in box.prefix]
        return [*fixed, (box.low, box.high), *((0, length) for length in self.lengths[depth + 1 :])][: len(self.axes)]

    def corners(self, box: Box) -> list[Interval]:
        """The least and the largest step of each axis in a box."""
        found: list[Interval] = []
        for axis, (low, high) in zip(self.axes, self.ranges(box), strict=True):
            if axis.is_structural:
                found.append((low, low))
                continue
            found.append(axis.extent if high - low == len(axis) else ends(axis.steps(low, high)))
        return found
