"""Runs of integers at which something holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from inception_calc.dims.signs import Region

Interval: TypeAlias = tuple[int, int | None]
"""First and last integer (None: without end)."""


def where(regions: Iterable[Region], signs: tuple[int, ...]) -> list[Interval]:
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


def common(first: Iterable[Interval], second: Iterable[Interval]) -> list[Interval]:
    """Where both hold."""
    intervals: list[Interval] = []
    others = list(second)
    for one_start, one_stop in first:
        for other_start, other_stop in others:
            start = max(one_start, other_start)
            stops = [stop for stop in (one_stop, other_stop) if stop is not None]
            stop = min(stops) if stops else None
            if stop is None or start <= stop:
                intervals.append((start, stop))
    return intervals
