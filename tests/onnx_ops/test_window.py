"""Windows of ONNX, walked: sizes and effective multiply-adds, with every way to say what is padded."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from inception_calc.onnx_ops.value import Tensor
from tests.onnx_ops.calls import called
from tests.ops.loops import any_rank
from tests.ops.loops.any_rank import Slide, Walked

SIDES = st.integers(1, 6)
SLIDES = st.builds(
    Slide, st.integers(1, 3), st.integers(1, 3), st.integers(0, 2), st.integers(0, 2), dilation=st.integers(1, 2)
)
LAYERS = st.lists(st.tuples(SIDES, SLIDES), min_size=1, max_size=3)


def written(slides: list[Slide], padding: bool = True) -> dict[str, tuple[int, ...]]:
    pads = tuple(slide.before for slide in slides) + tuple(slide.after for slide in slides)
    return {
        "strides": tuple(slide.stride for slide in slides),
        "dilations": tuple(slide.dilation for slide in slides),
        **({"pads": pads} if padding else {}),
    }


def counted(operator: str, x: tuple[int, ...], weight: tuple[int, ...], **said: object) -> Walked:
    (y, *_), (primitive, *_) = called(operator, ((1, *x), weight), **said)
    assert isinstance(y, Tensor)
    weights = 1
    for side in weight:
        weights *= side
    counts = primitive.multiply_adds, primitive.effective_multiply_adds, primitive.element_ops
    return Walked(tuple(y.shape[1:]), weights, *counts)


def fits(extent: int, slide: Slide) -> bool:
    return slide.dilation * (slide.kernel - 1) < extent + slide.before + slide.after


@settings(max_examples=40)
@given(LAYERS, st.integers(1, 2), st.integers(1, 2))
def test_convolutions_are_those_of_the_loops(layers: list[tuple[int, Slide]], groups: int, each: int):
    sides, slides = [side for side, _ in layers], [slide for _, slide in layers]
    assume(all(map(fits, sides, slides)))
    channels, filters = groups * each, groups * 2
    weight = (filters, each, *(slide.kernel for slide in slides))
    loops = any_rank.convolution((channels, *sides), slides, filters, groups)
    assert counted("Conv", (channels, *sides), weight, group=groups, **written(slides)) == loops


def least_padding(extent: int, slide: Slide, odd_before: bool) -> Slide:
    """As many windows as every s-th element, with the least padding that allows it."""
    wanted, total = len(range(0, extent, slide.stride)), 0
    while len(any_rank.taps(extent, slide._replace(before=0, after=total))) < wanted:
        total += 1
    less, more = total // 2, total - total // 2
    return slide._replace(before=more, after=less) if odd_before else slide._replace(before=less, after=more)


@settings(max_examples=40)
@given(LAYERS, st.booleans())
def test_padding_that_follows_from_the_size_lies_where_it_is_said(layers: list[tuple[int, Slide]], lower: bool):
    sides = [side for side, _ in layers]
    slides = [least_padding(side, slide, lower) for side, slide in layers]
    weight = (2, 1, *(slide.kernel for slide in slides))
    said = {"auto_pad": "SAME_LOWER" if lower else "SAME_UPPER", **written(slides, padding=False)}
    assert counted("Conv", (1, *sides), weight, **said) == any_rank.convolution((1, *sides), slides, 2)


@settings(max_examples=40)
@given(LAYERS)
def test_transposed_convolutions_are_those_of_the_loops(layers: list[tuple[int, Slide]]):
    sides, slides = [side for side, _ in layers], [slide for _, slide in layers]
    loops = any_rank.transposed((2, *sides), slides, 3)
    assume(min(loops.output) > 0)
    weight = (2, 3, *(slide.kernel for slide in slides))
    assert counted("ConvTranspose", (2, *sides), weight, **written(slides)) == loops


@pytest.mark.parametrize(("auto_pad", "cut"), [("NOTSET", (1, 0)), ("SAME_UPPER", (0, 1))])
def test_the_written_size_of_a_transposed_convolution_says_what_is_cut_off(auto_pad: str, cut: tuple[int, int]):
    """onnx, ConvTranspose: total = stride (n - 1) + reach - output; the odd one behind with SAME_UPPER alone."""
    found = counted("ConvTranspose", (1, 4), (1, 1, 3), strides=(2,), output_shape=(8,), auto_pad=auto_pad)
    assert found == any_rank.transposed((1, 4), [Slide(3, 2, *cut)], 1)
    assert found.output == (1, 8)


@given(SIDES, st.integers(1, 3), st.integers(1, 4))
def test_rounded_up_no_window_begins_behind_the_map(extent: int, kernel: int, stride: int):
    assume(kernel <= extent)
    ends_covered = [start for start in range(0, extent, stride) if start == 0 or start - stride + kernel < extent]
    (y, *_), _ = called("MaxPool", ((1, 1, extent),), kernel_shape=(kernel,), strides=(stride,), ceil_mode=1)
    assert isinstance(y, Tensor)
    assert y.shape[2] == len(ends_covered)
