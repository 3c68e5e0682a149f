"""Where windows lie, found by sliding them."""

from __future__ import annotations

from typing import NamedTuple


class Axis(NamedTuple):
    """A window along one axis. `padding` is `same`, `half` or a number; `valid` is 0."""

    kernel: int
    stride: int = 1
    padding: str | int = 0
    dilation: int = 1
    ceil: bool = False


def starts_in(padded: int, reach: int, stride: int) -> list[int]:
    """Every start of a window that lies inside the padded axis."""
    return [start for start in range(0, padded, stride) if start + reach <= padded]


def window_starts(n: int, axis: Axis) -> list[int]:
    """Where the windows start, counted from the first element of the padding (language, rules 7 and 8)."""
    return slid(n, axis)[0]


def windows(n: int, axis: Axis) -> list[list[int]]:
    """For each window the places of its taps on the map; below 0 and from n on lies padding."""
    starts, before = slid(n, axis)
    return [[start - before + tap * axis.dilation for tap in range(axis.kernel)] for start in starts]


def slid(n: int, axis: Axis) -> tuple[list[int], int]:
    """The starts of the windows, and how many elements of padding lie before the map."""
    taps = [tap * axis.dilation for tap in range(axis.kernel)]
    reach = taps[-1] + 1
    if axis.padding == "same":  # TensorFlow: one window for each s-th element, with the least padding that allows it
        wanted = len(range(0, n, axis.stride))
        padding = 0
        while len(starts_in(n + padding, reach, axis.stride)) < wanted:
            padding += 1
        return starts_in(n + padding, reach, axis.stride), padding // 2  # the odd one lies behind
    if axis.padding == "half":
        assert axis.kernel % 2, "half is for odd windows"
        before = taps[axis.kernel // 2]  # the middle tap of the first window lies on the first element
    else:
        before = int(axis.padding)
    padded = n + 2 * before
    if not axis.ceil:
        return starts_in(padded, reach, axis.stride), before
    starts = [0]
    while starts[-1] + reach < padded:  # Caffe: one window more until the end is covered
        starts.append(starts[-1] + axis.stride)
    if before and starts[-1] >= n + before:  # none may start in the padding behind the map
        starts.pop()
    return starts, before
