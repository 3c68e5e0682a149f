"""Small random layers: a window as a spec writes it, the same window as two axes to walk, and a map that it fits."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.ops.loops import Axis, Map

FLAGS = st.booleans()


def flag(value: bool) -> str:
    return "true" if value else "false"


@st.composite
def maps(draw: st.DrawFn, channels: int = 4, side: int = 6) -> Map:
    return (draw(st.integers(1, channels)), draw(st.integers(1, side)), draw(st.integers(1, side)))


@dataclass(frozen=True)
class Windowed:
    """`{OPERATOR: {window}, {settings}}` on the map `x`; the axes say the same in numbers."""

    window: str
    settings: str
    rows: Axis
    columns: Axis
    x: Map


@st.composite
def windowed(
    draw: st.DrawFn,
    *,
    pools: bool = False,
    plain: bool = False,
    same: bool = True,
    channels: int = 4,
    side: int = 7,
    least_stride: int = 1,
) -> Windowed:
    """With `pools`, a rounding instead of a dilation, and no padding as large as the window.

    With `plain` neither padding nor rounding; without `same` no padding that follows the size of the map.
    """
    kernel = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    strides = st.integers(least_stride, 3)
    stride = draw(st.tuples(strides, strides))
    dilation = (1, 1) if pools else draw(st.tuples(st.integers(1, 2), st.integers(1, 2)))
    most = min(2, min(kernel) - 1) if pools else 2
    number = st.integers(0, most)
    words = ["valid"] + ["same"] * same + ["half"] * all(side % 2 for side in kernel)
    padding = draw(
        st.just("valid")
        if plain
        else st.one_of(
            st.sampled_from(words),
            number,
            st.tuples(st.integers(0, min(2, kernel[0] - 1)), st.integers(0, min(2, kernel[1] - 1)))
            if pools
            else st.tuples(number, number),
        )
    )
    ceil = pools and not plain and draw(FLAGS)
    if ceil and isinstance(padding, tuple) and padding[0] != padding[1]:
        padding = padding[0] if padding[0] < kernel[1] else 0  # Caffe couples the two axes: tests/dims/test_window.py
    beside = draw(FLAGS)
    text = "x".join(draw(written(side)) for side in kernel)
    settings = []
    if beside:
        settings.append(f"stride: {draw(pair(stride))}")
    elif pools or stride != (1, 1):  # a pool's stride must be written
        one = stride[0] == stride[1] and draw(FLAGS)
        text += f"/{stride[0]}" if one else "/" + "x".join(draw(written(step)) for step in stride)
    if padding != "valid" or draw(FLAGS):
        shown = draw(pair(padding)) if isinstance(padding, tuple) else padding
        settings.append(f"padding: {shown}")
    if dilation != (1, 1):
        settings.append(f"dilation: {draw(pair(dilation))}")
    if ceil:
        settings.append("rounding: ceil")
    by_axis = padding if isinstance(padding, tuple) else (padding, padding)
    axes = [
        Axis(k, s, 0 if p == "valid" else p, d, ceil)
        for k, s, p, d in zip(kernel, stride, by_axis, dilation, strict=True)
    ]
    sizes = [draw(st.integers(least_size(axis), side)) for axis in axes]
    x = (draw(st.integers(1, channels)), *sizes)
    return Windowed(text, "".join(f", {setting}" for setting in settings), *axes, x)


def written(number: int) -> st.SearchStrategy[str]:
    """A side of a window in one of its spellings."""
    return st.sampled_from([str(number), str(number), f"({number})", f"({number + 2} - 2)", f"(min({number}, 9))"])


def pair(numbers: tuple[int, int]) -> st.SearchStrategy[str]:
    """One number for both axes, where they are equal, or one for each."""
    both = f"[{numbers[0]}, {numbers[1]}]"
    return st.sampled_from([str(numbers[0]), both]) if numbers[0] == numbers[1] else st.just(both)


def least_size(axis: Axis) -> int:
    """The smallest map that the window fits into."""
    if axis.padding == "same":
        return 1
    reach = axis.dilation * (axis.kernel - 1) + 1
    both = reach - 1 if axis.padding == "half" else 2 * int(axis.padding)
    return max(1, reach - both)


ENTERING = {
    "embedding": "1x4", "class token": "4x4", "take": "4x4", "map": "4x1", "lstm": "4x4", "gru": "4x4", "rnn": "4x4",
}  # fmt: skip
"""What the smallest step of an operator takes, where it is no map of any size."""
