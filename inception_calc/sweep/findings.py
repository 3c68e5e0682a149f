"""What a stretch of a space was found to hold, and how two neighbouring stretches make one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from inception_calc.sweep.question import Question

MOST_REASONS = 20
OTHERS = ""
"""Where reasons beyond the most are counted."""


@dataclass
class Refusals:
    """Points at which no network can be built: how many, why, and the first of each kind."""

    count: int = 0
    reasons: dict[str, tuple[int, int]] = field(default_factory=dict)
    """What breaks -> how many points, and the first one."""

    def add(self, reason: str, count: int, first: int) -> None:
        """Counts some points; they come in order."""
        if not count:
            return
        self.count += count
        key = reason if reason in self.reasons or len(self.reasons) < MOST_REASONS else OTHERS
        before, earliest = self.reasons.get(key, (0, first))
        self.reasons[key] = before + count, min(first, earliest)

    def join(self, other: Refusals) -> None:
        """Adds those of the stretch behind."""
        for reason, (count, first) in other.reasons.items():
            self.add(reason, count, first)


@dataclass
class Found:
    """What a stretch holds. `indices` are of networks that fit; with keys they are those in question only."""

    fit: int = 0
    evaluated: int = 0
    """Points whose costs were worked out one by one; bounds decided the others."""
    counted: int = 0
    """Points without a closed form, which the counting core counted."""
    refused: Refusals = field(default_factory=Refusals)
    indices: list[Any] = field(default_factory=list)
    """Arrays of 64-bit integers, in order."""
    keys: list[Any] = field(default_factory=list)
    """For each array, the keys of its points: one row for each, the smallest the best."""

    def join(self, other: Found) -> None:
        """Adds what the stretch behind holds."""
        self.fit += other.fit
        self.evaluated += other.evaluated
        self.counted += other.counted
        self.refused.join(other.refused)
        self.indices += other.indices
        self.keys += other.keys

    def reduced(self, asked: Question) -> None:
        """Leaves out networks that cannot be in the answer any more."""
        import numpy

        if not self.indices:
            return
        indices = numpy.concatenate(self.indices)
        if not asked.keys:
            self.indices = [indices[: asked.top] if asked.top is not None else indices]
            return
        keys = numpy.concatenate(self.keys, axis=1)
        kept = front(keys) if asked.pareto else best(keys, asked.top)
        self.indices, self.keys = [indices[kept]], [keys[:, kept]]


def ranks(keys: Any) -> Any:
    """The keys as 64-bit integers in the same order, where they are larger than that."""
    import numpy

    if keys.dtype != object:
        return keys
    return numpy.stack([numpy.unique(row, return_inverse=True)[1] for row in keys])


def best(keys: Any, top: int | None) -> Any:
    """The places of the best, in order; of equal ones the first in the space goes first."""
    import numpy

    order = numpy.lexsort(ranks(keys)[::-1])
    return order if top is None else order[:top]


def front(keys: Any) -> Any:
    """The places of those that none beats: as good in every key and better in one. Equal ones all stay."""
    import numpy

    rows = ranks(keys)
    if len(rows) == 1:
        return numpy.flatnonzero(rows[0] == rows[0].min())
    order = numpy.lexsort(rows[::-1])
    kept = _staircase(rows[:, order]) if len(rows) == 2 else _unbeaten(rows[:, order])
    return numpy.sort(order[kept])


def _staircase(rows: Any) -> Any:
    """The front of two keys, sorted by the first."""
    import numpy

    first, second = rows
    start = numpy.searchsorted(first, first, side="left")
    lowest = numpy.minimum.accumulate(second)
    before = lowest[numpy.maximum(start - 1, 0)]
    return (second == second[start]) & ((start == 0) | (second < before))


def _unbeaten(rows: Any) -> Any:
    """The front of several keys, sorted: whatever comes later never beats what came before, unless it is equal."""
    import numpy

    kept = numpy.ones(rows.shape[1], bool)
    for place in range(rows.shape[1]):
        if kept[place]:
            point = rows[:, place : place + 1]
            beaten = (rows >= point).all(axis=0) & (rows > point).any(axis=0)
            kept &= ~beaten
    return kept


def ideal_is_beaten(best_keys: Sequence[int], keys: Sequence[Any]) -> bool:
    """Whether some found network beats whatever has at best these keys."""
    import numpy

    fits = all(-(2**63) <= key < 2**63 for key in best_keys)
    ideal = numpy.array(best_keys, numpy.int64 if fits else object)[:, None]
    return any(bool(((rows <= ideal).all(axis=0) & (rows < ideal).any(axis=0)).any()) for rows in keys)
