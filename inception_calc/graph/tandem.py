"""Copies of a block that follow each other: runs in a sequence of signatures whose edges fit, too."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

LONGEST = 400
"""Units of one copy; no network on record has blocks of more nodes."""
LOOKED_BACK = 8
"""How many earlier places of the same signature may be one copy earlier."""
MANY = 8
"""Copies of a single convolution or matrix product; fewer are rows of their own."""
PHASES = 24
"""How many first units of a copy are tried."""


class Repeat(NamedTuple):
    """`copies` stretches of `period` units each, from unit `start` on."""

    start: int
    period: int
    copies: int

    @property
    def stop(self) -> int:
        """The unit behind the last copy."""
        return self.start + self.period * self.copies


@dataclass(frozen=True, slots=True)
class Units:
    """A sequence of units, each of which holds nodes in order, and what flows into them.

    A unit is a node of its own or a module; the nodes of modules may interleave.
    """

    signatures: Sequence[Hashable]
    nodes: Sequence[Sequence[int]]
    inputs: Sequence[Sequence[int]]
    """For each node the nodes that it reads; what is below zero comes from outside."""
    weights: Sequence[int]
    """For each unit how many convolutions and matrix products it holds."""
    owner: dict[int, int] = field(init=False)
    """Node -> its unit."""
    crossing: list[int] = field(init=False)
    """For each place between units how many values pass it; the place in front of unit i is entry i."""
    readers: dict[int, list[int]] = field(init=False)
    """Node -> those that read it."""

    def __post_init__(self) -> None:
        owner = {node: unit for unit, nodes in enumerate(self.nodes) for node in nodes}
        last: dict[int, int] = {}
        readers: dict[int, list[int]] = {}
        for node, unit in owner.items():
            for source in self.inputs[node]:
                if source in owner or source < 0:
                    last[source] = max(last.get(source, 0), unit)
                    readers.setdefault(source, []).append(node)
        steps = [0] * (len(self.nodes) + 2)
        for source, stop in last.items():
            if stop > owner.get(source, -1):
                steps[owner.get(source, -1) + 1] += 1
                steps[stop + 1] -= 1
        crossing = list(accumulate(steps))
        for name, value in (("owner", owner), ("crossing", crossing), ("readers", readers)):
            object.__setattr__(self, name, value)

    def readers_at(self, place: int, stop: int) -> int:
        """How often the units from `place` on read what the unit in front of it makes: a block starts at a fork."""
        made = self.nodes[place - 1] if place else (-1,)
        return max(sum(self.owner[reader] < stop for reader in self.readers.get(node, ())) for node in made)


def repeats(units: Units) -> list[Repeat]:
    """The copies that follow each other, those that hold the most units first; no unit lies in two of them."""
    found: list[Repeat] = []
    taken = [False] * len(units.signatures)
    runs = sorted(_runs(units.signatures), key=_by_cover)
    for start, stop, period in runs:
        for begin, end in _free(start, stop, taken):
            repeat = _aligned(units, begin, end, period)
            if repeat is not None:
                found.append(repeat)
                taken[repeat.start : repeat.stop] = [True] * (repeat.stop - repeat.start)
    return sorted(found)


def _by_cover(run: tuple[int, int, int]) -> tuple[int, int, int]:
    start, stop, period = run
    return (start - stop) + (stop - start) % period, period, start


def _runs(signatures: Sequence[Hashable]) -> Iterator[tuple[int, int, int]]:
    """Maximal stretches (start, stop, period) in which every unit equals the one a period later."""
    count = len(signatures)
    places: dict[Hashable, deque[int]] = {}
    ends: dict[int, int] = {}
    for place, signature in enumerate(signatures):
        earlier = places.setdefault(signature, deque(maxlen=LOOKED_BACK))
        for other in reversed(earlier):
            period = place - other
            if period > LONGEST:
                break
            if place < ends.get(period, 0):
                continue
            start, stop = place, place + 1
            while start > period and signatures[start - 1] == signatures[start - 1 - period]:
                start -= 1
            while stop < count and signatures[stop] == signatures[stop - period]:
                stop += 1
            ends[period] = stop
            if stop - start >= period:
                yield start - period, stop, period
        earlier.append(place)


def _free(start: int, stop: int, taken: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """The parts of a stretch that no other block has."""
    begin = start
    for place in range(start, stop + 1):
        if place == stop or taken[place]:
            if place > begin:
                yield begin, place
            begin = place + 1


def _aligned(units: Units, start: int, stop: int, period: int) -> Repeat | None:
    """The copies in a stretch, from the unit on at which a block starts; None where their edges do not fit."""
    if stop - start < 2 * period:
        return None
    places = range(start, min(start + period, stop - 2 * period + 1))
    found = [Repeat(place, period, (stop - place) // period) for place in places]
    later = [repeat._replace(start=repeat.start + period, copies=repeat.copies - 1) for repeat in found]
    found += [repeat for repeat in later if repeat.copies > 1]  # the first copy may make what all others read
    for repeat in sorted(found, key=lambda one: _as_start(units, one, (start, stop)))[:PHASES]:
        if _is_worth_it(units, repeat) and _edges_fit(units, repeat):
            return repeat
    return None


def _as_start(units: Units, repeat: Repeat, run: tuple[int, int]) -> tuple[int, int, int, bool, int]:
    """How well a block starts there: few values pass, they are read most, by a layer with weights.

    Else the first copy starts with the run, or, where the first one is none, the last one ends with it.
    """
    start, stop = run
    late = repeat.start - start if repeat.start < start + repeat.period else stop - repeat.stop
    readers = units.readers_at(repeat.start, repeat.start + repeat.period)
    return -repeat.copies, units.crossing[repeat.start], -readers, not units.weights[repeat.start], late


def _is_worth_it(units: Units, repeat: Repeat) -> bool:
    """Whether copies are blocks: several layers with weights in each, or a long row of single ones."""
    weights = sum(units.weights[repeat.start : repeat.start + repeat.period])
    return weights > 1 or (weights == 1 and repeat.copies >= MANY)


def _edges_fit(units: Units, repeat: Repeat) -> bool:
    """Whether all copies are wired alike: inside, from the copy before, and from outside."""
    before: dict[int, int] = {}
    first: _Wiring = ([], [], [])
    for copy in range(repeat.copies):
        start = repeat.start + copy * repeat.period
        nodes = [node for unit in range(start, start + repeat.period) for node in units.nodes[unit]]
        own = {node: place for place, node in enumerate(nodes)}
        wiring = _wiring(units, repeat, own, before)
        if wiring is None or not (copy or _is_connected(len(nodes), wiring[0])):
            return False
        if copy and (wiring[0] != first[0] or not wiring[1]):
            return False
        if copy > 1 and wiring != first:
            return False
        first, before = wiring, own
    return True


def _is_connected(count: int, edges: Sequence[tuple[int, int]]) -> bool:
    """Whether the edges join all of so many nodes."""
    group = list(range(count))

    def root(node: int) -> int:
        while group[node] != node:
            group[node] = node = group[group[node]]
        return node

    joined = 0
    for source, node in edges:
        ends = root(source), root(node)
        joined += ends[0] != ends[1]
        group[ends[0]] = ends[1]
    return joined == count - 1


_Wiring = tuple[list[tuple[int, int]], list[tuple[int, int]], list[tuple[int, int]]]
"""Edges of a copy: from itself, from the copy before, from outside; each the place that is read and its reader."""


def _wiring(units: Units, repeat: Repeat, own: dict[int, int], before: dict[int, int]) -> _Wiring | None:
    """The edges into a copy; None where one comes from elsewhere."""
    edges: _Wiring = ([], [], [])
    for node, place in own.items():
        for source in units.inputs[node]:
            if source in own:
                edges[0].append((own[source], place))
            elif source in before:
                edges[1].append((before[source], place))
            elif units.owner.get(source, -1) < repeat.start:
                edges[2].append((source, place))
            else:
                return None
    return edges
