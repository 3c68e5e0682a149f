"""Through a box of a space: what bounds decide is decided at once, the rest point by point, in arrays."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from inception_calc.sweep.family import NEVER, SURELY, Families, Family, Refused
from inception_calc.sweep.findings import Found, ideal_is_beaten
from inception_calc.sweep.program import Interval, Program
from inception_calc.sweep.question import Question
from inception_calc.sweep.space import Box, Space

LEAF = 2**16
"""Points that are worked out together: what fits into a processor's second cache."""
MOST_NEEDED = 2**20
"""Points on the axes that decide whether there is a network, which are looked at together."""
MOST_HELD = 2**16
"""Networks in question that are held before those that cannot be in the answer are left out."""


MOST_ARRAYS = 64
"""The same in small parts."""


class Walk:
    """A walk through one stretch of a space, `Found` being what it holds so far."""

    def __init__(self, space: Space, families: Families, asked: Question, *, counting: bool = False) -> None:
        self.space = space
        self.families = families
        self.asked = asked
        self.counting = counting
        """Only the number of networks is wanted."""
        self.found = Found()
        self._held = 0
        self._worst: list[int] | None = None
        """The keys of the last network that is in the answer so far, where there are as many as are asked for."""
        self._whole: dict[int, Any] = {}

    def through(self, box: Box) -> Found:
        """What a box holds."""
        waiting = [box]
        while waiting:
            one = waiting.pop()
            family = self.families.of(one.prefix)
            if family is None:
                waiting.append(self.space.inside(one)) if one.high - one.low == 1 else waiting.extend(
                    reversed(self.space.halves(one))
                )
            elif isinstance(family, Refused):
                self.found.counted += self.space.volume(one) * (family.fixed == len(self.space.axes))
                self.found.refused.add(family.reason, self.space.volume(one), self.space.start(one))
            elif not self.decided(one, family):
                if self.space.volume(one) <= LEAF:
                    self._leaf(one, family)
                else:
                    waiting += reversed(self.space.halves(one))
        if not self.counting:
            self.found.reduced(self.asked)
        return self.found

    # -----------------------------------------------------------------------------------------------------------------
    # Boxes

    def decided(self, box: Box, family: Family) -> bool:
        """Whether bounds alone say what a box holds, which is then counted."""
        corners = self.space.corners(box)
        bounds = family.wants.bounds(corners)
        verdicts = family.wants.verdicts(bounds)
        never = NEVER in verdicts
        surely = all(verdict == SURELY for verdict in verdicts)
        if not never and not (surely and self._takes_all(box, family, bounds)):
            return False
        refused = self._refused(box, family)
        if refused is None:
            return False
        self.found.counted += self.space.volume(box) * family.is_counted
        if not never:
            self.found.fit += self.space.volume(box) - refused
            if not self.counting and not self.asked.keys and refused == 0:
                self._hold_all(box)
        return True

    def _takes_all(self, box: Box, family: Family, bounds: Sequence[Interval]) -> bool:
        """Whether a box that fits as a whole need not be looked at point by point."""
        if self.counting:
            return True
        if self.asked.keys:
            return self._is_beaten(family, bounds)
        if self.asked.top is not None and self._held >= self.asked.top:
            return True
        return not family.needs.conditions

    def _is_beaten(self, family: Family, bounds: Sequence[Interval]) -> bool:
        """Whether no network with such keys can be in the answer, whatever the box holds."""
        asked, wants = self.asked, family.wants
        if self._worst is None and not asked.pareto:
            return False
        ideal = [
            -(high // divisor) if key.falling else -(-low // divisor)
            for key, (low, high), divisor in zip(
                asked.keys,
                bounds[wants.first_key :],
                wants.key_divisors,
                strict=True,
            )
        ]
        if asked.pareto:
            return ideal_is_beaten(ideal, self.found.keys)
        return self._worst is not None and ideal >= self._worst  # of equal ones the first goes first

    def _hold_all(self, box: Box) -> None:
        import numpy

        start, volume = self.space.start(box), self.space.volume(box)
        if self.asked.top is not None:
            volume = min(volume, self.asked.top - self._held)
        if volume > 0:
            self._hold(numpy.arange(start, start + volume), None)

    def _refused(self, box: Box, family: Family) -> int | None:
        """How many points of a box are no networks; None where that takes looking at smaller boxes."""
        judge = family.needs
        if not judge.conditions:
            return 0
        corners = self.space.corners(box)
        if all(verdict == SURELY for verdict in judge.verdicts(judge.bounds(corners))):
            return 0
        ranges = self.space.ranges(box)
        lengths = (high - low for low, high in (ranges[place] for place in judge.program.steering))
        if prod(lengths) > MOST_NEEDED:
            return None
        return self.count_refused(box, family, self.grid(box, judge.program))[0]

    # -----------------------------------------------------------------------------------------------------------------
    # Points

    def grid(self, box: Box, program: Program) -> list[Any]:
        """The steps of each axis in a box: a number, or an array along its own direction."""
        import numpy

        space = self.space
        fits = program.fits(space.corners(box))
        ranges = space.ranges(box)
        values: list[Any] = [1] * len(space.axes)
        for place in program.steering:
            low, high = ranges[place]
            if high - low == 1:
                values[place] = int(space.axes[place].steps(low, high)[0])
            else:
                steps = space.axes[place].steps(low, high)
                own = self._steps(place, low, high) if fits else numpy.array(steps, object)
                values[place] = own.reshape(-1, *[1] * (len(space.axes) - 1 - place))
        return values

    def _steps(self, place: int, low: int, high: int) -> Any:
        """The steps between two places of an axis; those of whole axes are kept."""
        import numpy

        axis = self.space.axes[place]
        whole = high - low == len(axis)
        if whole and place in self._whole:
            return self._whole[place]
        made = numpy.array(axis.steps(low, high), numpy.int64)
        if whole:
            self._whole[place] = made
        return made

    def count_refused(self, box: Box, family: Family, grid: Sequence[Any]) -> tuple[int, Any]:
        """How many points are no networks, counted by what breaks first, and where there are networks."""
        import numpy

        judge, space = family.needs, self.space
        volume = space.volume(box)
        valid: Any = True
        refused = 0
        for condition, value in zip(judge.conditions, judge.program.arrays(grid), strict=True):
            holds = condition.holds(value)
            broken = valid & ~numpy.asarray(holds)
            if (count := int(numpy.count_nonzero(broken))) == 0:
                continue
            count = count * volume // broken.size
            self.found.refused.add(condition.name, count, self._first(box, broken))
            refused += count
            valid = valid & numpy.asarray(holds)
        return refused, valid

    def _first(self, box: Box, mask: Any) -> int:
        """The number of the first point of a box that a mask, broadcast over it, has."""
        import numpy

        place = numpy.unravel_index(int(numpy.argmax(mask)), mask.shape)
        start, axes = self.space.start(box), len(self.space.axes)
        missing = axes - mask.ndim
        return start + sum(
            int(digit) * stride for digit, stride in zip(place, self.space.strides[missing:], strict=False)
        )

    def _leaf(self, box: Box, family: Family) -> None:
        """Every point of a small box."""
        import numpy

        found, asked, volume = self.found, self.asked, self.space.volume(box)
        judge = family.wants
        found.evaluated += volume
        found.counted += volume * family.is_counted
        valid: Any = True
        if family.needs.conditions:
            _, valid = self.count_refused(box, family, self.grid(box, family.needs.program))
        results = judge.program.arrays(self.grid(box, judge.program))
        mask = valid
        for condition, value in zip(judge.conditions, results, strict=False):
            mask = mask & condition.holds(value)
        mask = numpy.asarray(mask)
        count = int(numpy.count_nonzero(mask)) * (volume // mask.size)
        found.fit += count
        if count == 0 or self.counting:
            return
        if not asked.keys and asked.top is not None and self._held >= asked.top:
            return
        shape = [high - low for low, high in self.space.ranges(box)]
        flat = numpy.broadcast_to(mask, shape).reshape(-1)
        places = numpy.flatnonzero(flat)
        indices: Any = places + self.space.start(box)
        if not asked.keys:
            self._hold(indices if asked.top is None else indices[: asked.top - self._held], None)
            return
        keys = [
            numpy.broadcast_to(value, shape).reshape(-1)[places] // divisor * (-1 if key.falling else 1)
            for key, value, divisor in zip(
                asked.keys,
                results[judge.first_key :],
                judge.key_divisors,
                strict=True,
            )
        ]
        rows = numpy.stack(keys)
        if self._worst is not None:
            kept = rows[0] <= self._worst[0]
            indices, rows = indices[kept], rows[:, kept]
        self._hold(indices, rows)

    def _hold(self, indices: Any, keys: Any) -> None:
        """Keeps networks that may be in the answer."""
        found, asked = self.found, self.asked
        found.indices.append(indices)
        self._held += len(indices)
        if keys is None:
            return
        found.keys.append(keys)
        if asked.pareto or asked.top is not None:
            most = MOST_HELD if asked.pareto else max(MOST_HELD, 4 * (asked.top or 0))
            if self._held > most or len(found.indices) > MOST_ARRAYS or (self._worst is None and not asked.pareto):
                self._reduce()

    def _reduce(self) -> None:
        found, asked = self.found, self.asked
        found.reduced(asked)
        self._held = sum(map(len, found.indices))
        if not asked.pareto and asked.top is not None and self._held >= asked.top:
            self._worst = [int(key) for key in found.keys[0][:, -1]]
