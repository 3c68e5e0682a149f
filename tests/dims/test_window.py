"""Where windows lie and how many there are: every rule against windows that are really laid out."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inception_calc.dims import Along, bin_edges, same_padding, substitute, symbol
from inception_calc.dims.window import sliding
from inception_calc.problems import Fault
from tests.ops.loops import Axis, overlapped, window_starts

EXTENT, KERNEL, STRIDE, DILATION = st.integers(1, 40), st.integers(1, 9), st.integers(1, 6), st.integers(1, 4)
PADDING = st.integers(0, 8)


def positions(n, kernel, stride, before, after, dilation=1, ceil=False):
    return Along(kernel, stride, (before, after), dilation, ceil).positions(n)


@given(EXTENT, KERNEL, STRIDE, PADDING, PADDING, DILATION)
def test_rounded_down_every_window_lies_inside_the_padded_map(n, kernel, stride, before, after, dilation):
    padded = [None] * before + list(range(n)) + [None] * after
    taps = [tap * dilation for tap in range(kernel)]
    placed = [start for start in range(0, len(padded), stride) if start + taps[-1] < len(padded)]
    assert positions(n, kernel, stride, before, after, dilation) == (len(placed) or None)


def caffe_pooled_size(height: int, kernel_h: int, stride_h: int, pad_h: int) -> int:
    """BVLC/caffe, src/caffe/layers/pooling_layer.cpp, LayerSetUp, for a square padding."""
    pooled_height = math.ceil((height + 2 * pad_h - kernel_h) / stride_h) + 1
    if pad_h and (pooled_height - 1) * stride_h >= height + pad_h:
        pooled_height -= 1
    if pad_h:
        assert (pooled_height - 1) * stride_h < height + pad_h
    return pooled_height


@given(EXTENT, KERNEL, STRIDE, PADDING)
def test_rounded_up_the_count_is_caffes(n, kernel, stride, pad):
    """Rule 8. Caffe refuses a padding as large as the window."""
    assume(pad < kernel <= n + 2 * pad)
    assert positions(n, kernel, stride, pad, pad, ceil=True) == caffe_pooled_size(n, kernel, stride, pad)


@given(EXTENT, KERNEL, STRIDE, PADDING)
def test_rounded_up_windows_go_on_until_the_end_is_covered(n, kernel, stride, pad):
    assume(pad < kernel <= n + 2 * pad)
    walked = window_starts(n, Axis(kernel, stride, pad, ceil=True))
    assert positions(n, kernel, stride, pad, pad, ceil=True) == len(walked)


@given(EXTENT, KERNEL, STRIDE, PADDING, DILATION, st.booleans())
def test_a_window_that_does_not_fit_once_has_no_position(n, kernel, stride, pad, dilation, ceil):
    reach = dilation * (kernel - 1) + 1
    assert (positions(n, kernel, stride, pad, pad, dilation, ceil) is None) == (reach > n + 2 * pad)


def tensorflow_same_padding(n: int, kernel: int, stride: int) -> tuple[int, int]:
    """TensorFlow, tf.nn, "Notes on padding": the total from the remainder of n / stride, the odd one after."""
    along = max(kernel - stride, 0) if n % stride == 0 else max(kernel - n % stride, 0)
    return along // 2, along - along // 2


@given(EXTENT, KERNEL, STRIDE, DILATION)
def test_same_pads_as_tensorflow_does(n, kernel, stride, dilation):
    """Rule 7; a dilated window counts with its reach."""
    assert same_padding(n, kernel, stride, dilation) == tensorflow_same_padding(n, dilation * (kernel - 1) + 1, stride)


@given(EXTENT, KERNEL, STRIDE, DILATION)
def test_same_leaves_one_position_for_each_strideth_element(n, kernel, stride, dilation):
    """Rule 7: out = ceil(n / s), as many windows as really fit between these paddings."""
    before, after = same_padding(n, kernel, stride, dilation)
    window = sliding((kernel, 1), (stride, 1), None, (dilation, 1))
    assert window.positions((n, 1))[0] == len(range(0, n, stride))
    assert positions(n, kernel, stride, before, after, dilation) == len(range(0, n, stride))


def test_googlenets_first_layer_lies_elsewhere_under_same_than_under_half():
    """Language, section 3: TensorFlow pads 7x7/2 on 224 by 2 and 3, Caffe by 3 and 3."""
    same = sliding((7, 7), (2, 2), None)
    half = sliding((7, 7), (2, 2), ((3, 3), (3, 3)))
    image = (224, 224)
    assert (same.pads(image), half.pads(image)) == (((2, 3), (2, 3)), ((3, 3), (3, 3)))
    assert same.positions(image) == half.positions(image) == (112, 112)


@given(st.integers(1, 40), st.integers(1, 12))
def test_a_bin_holds_the_elements_that_its_cell_overlaps(extent, bins):
    """Rule 10."""
    laid_out = [list(range(start, end)) for start, end in bin_edges(extent, bins)]
    assert laid_out == [overlapped(extent, bins, i) for i in range(bins)]


@given(st.integers(1, 40), st.integers(1, 12))
def test_bins_are_never_empty_and_leave_no_element_out(extent, bins):
    """SPP-net, section 2.2: the number of bins is fixed regardless of the image size."""
    edges = bin_edges(extent, bins)
    assert all(start < end for start, end in edges)
    assert {element for start, end in edges for element in range(start, end)} == set(range(extent))
    assert len(edges) == bins


def test_six_bins_on_ten_elements_are_six():
    """zoo.md, section 8: window ceil(a / n) and stride floor(a / n) would give nine (2x2 at stride 1)."""
    assert bin_edges(10, 6) == [(0, 2), (1, 4), (3, 5), (5, 7), (6, 9), (8, 10)]


@given(EXTENT, KERNEL, STRIDE, PADDING, PADDING, DILATION, st.booleans())
def test_positions_of_a_symbol_become_those_of_its_number(n, kernel, stride, before, after, dilation, ceil):
    number = positions(n, kernel, stride, before, after, dilation, ceil)
    assume(number is not None)
    formula = positions(symbol("size"), kernel, stride, before, after, dilation, ceil)
    assert substitute(formula, {"size": n}) == number


@given(EXTENT, KERNEL, STRIDE, DILATION)
def test_same_padding_of_a_symbol_becomes_that_of_its_number(n, kernel, stride, dilation):
    formulas = same_padding(symbol("size"), kernel, stride, dilation)
    assert tuple(substitute(formula, {"size": n}) for formula in formulas) == same_padding(n, kernel, stride, dilation)


@pytest.mark.parametrize("axis", ["height", "width"])
def test_the_fault_of_a_window_that_does_not_fit_says_both_sizes(axis):
    kernel = tuple(({"height": 1, "width": 1} | {axis: 5}).values())
    with pytest.raises(Fault) as caught:
        sliding(kernel, padding=((1, 1), (1, 1))).positions((2, 2))
    assert "x".join(map(str, kernel)) in caught.value.what
    assert "4x4" in caught.value.what
