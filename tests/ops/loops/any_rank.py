"""Operators with windows walked over any number of axes, each element of a window on its own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

Places = tuple[int, ...]


class Slide(NamedTuple):
    """A window along one axis: padding before and after the map may differ."""

    kernel: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1


class Walked(NamedTuple):
    """What a layer has and does for one sample."""

    output: Places
    weights: int
    multiply_adds: int
    effective_multiply_adds: int
    element_ops: int


def taps(extent: int, axis: Slide) -> list[list[int]]:
    """For each window the places of its taps on the map; below 0 and from `extent` on lies padding."""
    windows = []
    start = -axis.before
    while start + axis.dilation * (axis.kernel - 1) < extent + axis.after:
        windows.append([start + tap * axis.dilation for tap in range(axis.kernel)])
        start += axis.stride
    return windows


def convolution(x: Places, axes: Sequence[Slide], filters: int, groups: int = 1) -> Walked:
    channels, *sides = x
    every = [taps(extent, axis) for extent, axis in zip(sides, axes, strict=True)]
    weights, multiplied, on_map = set(), 0, 0
    for f in range(filters):
        group = f * groups // filters
        for position in product(*every):
            for c in range(channels * group // groups, channels * (group + 1) // groups):
                for numbers in product(*(range(len(window)) for window in position)):
                    weights.add((f, c, numbers))
                    multiplied += 1
                    places = [window[number] for window, number in zip(position, numbers, strict=True)]
                    on_map += all(0 <= place < extent for place, extent in zip(places, sides, strict=True))
    return Walked((filters, *map(len, every)), len(weights), multiplied, on_map, 0)


def transposed(x: Places, axes: Sequence[Slide], filters: int) -> Walked:
    """Every input element meets every tap; `before` and `after` are cut off what comes out."""
    channels, *sides = x
    out = [(n - 1) * a.stride + a.dilation * (a.kernel - 1) + 1 - a.before - a.after
           for n, a in zip(sides, axes, strict=True)]  # fmt: skip
    weights, multiplied, on_map = set(), 0, 0
    for f, c in product(range(filters), range(channels)):
        for place in product(*map(range, sides)):
            for numbers in product(*(range(axis.kernel) for axis in axes)):
                weights.add((f, c, numbers))
                multiplied += 1
                lands = [
                    i * axis.stride + tap * axis.dilation - axis.before
                    for i, tap, axis in zip(place, numbers, axes, strict=True)
                ]
                on_map += all(0 <= where < extent for where, extent in zip(lands, out, strict=True))
    return Walked((filters, *out), len(weights), multiplied, on_map, 0)


def pool(x: Places, axes: Sequence[Slide], beside: int) -> Walked:
    """One operation for each tap of each window, and `beside` for each output element."""
    channels, *sides = x
    every = [taps(extent, axis) for extent, axis in zip(sides, axes, strict=True)]
    done = 0
    for _ in range(channels):
        for position in product(*every):
            done += beside
            for _tap in product(*position):
                done += 1
    return Walked((channels, *map(len, every)), 0, 0, 0, done)


def linear(x: Places, units: int) -> Walked:
    weights = {(unit, place) for unit in range(units) for place in product(*map(range, x))}
    return Walked((units, *(1 for _ in x[1:])), len(weights), len(weights), len(weights), 0)


def upsampling(x: Places, factors: Sequence[int], linear: bool) -> Walked:
    """An output element is the sum of its neighbours, two along each axis, each times its share."""
    channels, *sides = x
    out = [extent * factor for extent, factor in zip(sides, factors, strict=True)]
    done = 0
    for _ in product(range(channels), *map(range, out)):
        if linear:
            neighbours = list(product((0, 1), repeat=len(sides)))
            done += len(neighbours) + len(neighbours[1:])
    return Walked((channels, *out), 0, 0, 0, done)
