"""The counters that a walk over a layer drives."""

from __future__ import annotations

from typing import NamedTuple

Map = tuple[int, int, int]
"""Channels, height, width."""


class Counts(NamedTuple):
    """What a layer has and does for one image."""

    output: Map
    weights: int = 0
    biases: int = 0
    affine: int = 0
    buffers: int = 0
    multiply_adds: int = 0
    element_ops: int = 0
    effective_multiply_adds: int = 0
    """Those that meet real data: no padding read, no place outside the output written."""


class Walk:
    """The counters of one layer."""

    def __init__(self) -> None:
        self.written: set[tuple[int, int, int]] = set()
        self.touched: set[tuple[object, ...]] = set()
        self.multiply_adds = 0
        self.effective_multiply_adds = 0
        self.element_ops = 0

    def write(self, c: int, y: int, x: int) -> None:
        assert (c, y, x) not in self.written, "an output element is made once"
        self.written.add((c, y, x))

    def touch(self, kind: str, *coordinates: int) -> None:
        self.touched.add((kind, *coordinates))

    def multiply_add(self, *, on_data: bool = True) -> None:
        self.multiply_adds += 1
        self.effective_multiply_adds += on_data

    def element_op(self) -> None:
        self.element_ops += 1

    def counts(self) -> Counts:
        channels, rows, columns = ({place[axis] for place in self.written} for axis in range(3))
        assert len(self.written) == len(channels) * len(rows) * len(columns), "the output is a full box"

        def distinct(kind: str) -> int:
            return sum(1 for place in self.touched if place[0] == kind)

        return Counts(
            (len(channels), len(rows), len(columns)), distinct("weight"), distinct("bias"), distinct("affine"),
            distinct("buffer"), self.multiply_adds, self.element_ops, self.effective_multiply_adds,
        )  # fmt: skip


def elements(x: Map) -> list[tuple[int, int, int]]:
    return [(c, y, z) for c in range(x[0]) for y in range(x[1]) for z in range(x[2])]
