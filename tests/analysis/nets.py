"""Small random nets as a spec writes them, and the same nets run forward in plain Python along one axis.

Maps are square and all weights are 1, so nothing cancels and one axis says it all: an output element depends on an
image element exactly if it is larger than 0 when that element alone is 1. Zero is what padding holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import floor

from hypothesis import strategies as st

Line = list[float]

EDGE = 0.0
"""What lies outside a map; another value shows which elements look there."""


@dataclass(frozen=True)
class Step:
    """One step of a net: its text in a spec, what it does to a line of elements, and its least input."""

    text: str
    run: Callable[[Line], Line]
    least: int = 1


def slide(line: Line, kernel: int, stride: int, before: int, after: int, dilation: int = 1) -> Line:
    """A convolution with weights of 1; a max pool lets the same elements through."""
    padded = [EDGE] * before + line + [EDGE] * after
    reach = dilation * (kernel - 1) + 1
    return [
        sum(padded[start + tap * dilation] for tap in range(kernel))
        for start in range(0, len(padded) - reach + 1, stride)
    ]


def scatter(line: Line, kernel: int, stride: int, cut: int) -> Line:
    """A transposed convolution with weights of 1."""
    padded = [EDGE] * kernel + line + [EDGE] * kernel
    whole = [0.0] * ((len(padded) - 1) * stride + kernel)
    for i, value in enumerate(padded):
        for tap in range(kernel):
            whole[i * stride + tap] += value
    start, size = kernel * stride + cut, (len(line) - 1) * stride + kernel - 2 * cut
    return whole[start : start + size]


def copied(line: Line, factor: int) -> Line:
    return [value for value in line for _ in range(factor)]


def interpolated(line: Line, factor: int) -> Line:
    """Between the centres of square pixels; what lies beyond the edge is EDGE here."""
    result = []
    for o in range(len(line) * factor):
        place = (o + 0.5) / factor - 0.5
        left = floor(place)
        share = place - left
        values = [line[i] if i in range(len(line)) else EDGE for i in (left, left + 1)]
        result.append(values[0] * (1 - share) + values[1] * share)
    return result


@st.composite
def convolutions(draw: st.DrawFn, *, stride: int = 0) -> Step:
    kernel, dilation = draw(st.integers(1, 4)), draw(st.integers(1, 2))
    stride = stride or draw(st.integers(1, 3))
    before = draw(st.integers(0, 2))
    text = f"{{convolution: {kernel}x{kernel}/{stride}, filters: 1, padding: {before}, dilation: {dilation}}}"
    least = max(1, dilation * (kernel - 1) + 1 - 2 * before)
    return Step(text, lambda line: slide(line, kernel, stride, before, before, dilation), least)


@st.composite
def pools(draw: st.DrawFn) -> Step:
    kernel, stride = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    word = draw(st.sampled_from(["max", "average"]))
    return Step(f"{{{word} pool: {kernel}x{kernel}/{stride}}}", lambda line: slide(line, kernel, stride, 0, 0), kernel)


@st.composite
def enlargements(draw: st.DrawFn) -> Step:
    """Kernels of transposed convolutions are no smaller than the stride: between them would be elements of nothing."""
    kind, factor = draw(st.sampled_from(["nearest", "bilinear", "transposed"])), draw(st.integers(1, 3))
    if kind == "nearest":
        return Step(f"{{upsampling: {factor}}}", lambda line: copied(line, factor))
    if kind == "bilinear":
        return Step(f"{{upsampling: {factor}, mode: bilinear}}", lambda line: interpolated(line, factor))
    kernel = factor + draw(st.integers(0, 2))
    cut = draw(st.integers(0, (kernel - 1) // 2))
    text = f"{{transposed convolution: {kernel}x{kernel}/{factor}, filters: 1, padding: {cut}}}"
    return Step(text, lambda line: scatter(line, kernel, factor, cut))


@st.composite
def joins(draw: st.DrawFn) -> Step:
    """Branches of one size: odd windows of stride 1 padded to keep it, and the map itself."""
    word = draw(st.sampled_from(["concat", "sum"]))
    sides = draw(st.lists(st.sampled_from([1, 3, 5]), min_size=1, max_size=3))
    branches = [f"b{i}: {{convolution: {side}x{side}, filters: 1, padding: half}}" for i, side in enumerate(sides)]

    def run(line: Line) -> Line:
        lines = [line, *(slide(line, side, 1, side // 2, side // 2) for side in sides)]
        return [sum(values) for values in zip(*lines, strict=True)]

    merged = f"{{{word}: {{itself: {{convolution: 1x1, filters: 1}}, {', '.join(branches)}}}}}"
    return Step(merged, run)


@st.composite
def nets(draw: st.DrawFn) -> list[Step]:
    return draw(st.lists(st.one_of(convolutions(), pools(), enlargements(), joins()), min_size=1, max_size=5))
