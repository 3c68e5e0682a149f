"""Separable convolution: `{separable convolution: 7x7/2, multiplier: 8, filters: 64}` (language, rule 12)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import counted, names, rows
from tests.ops import loops
from tests.ops.layers import FLAGS, Windowed, flag, windowed


@given(windowed(), st.integers(1, 3), st.integers(1, 3), FLAGS)
def test_counts_are_those_of_the_walked_loops(w: Windowed, filters: int, multiplier: int, bias: bool):
    settings = f"filters: {filters}, multiplier: {multiplier}, bias: {flag(bias)}{w.settings}"
    walked = loops.separable_convolution(w.x, w.rows, w.columns, filters, multiplier=multiplier, bias=bias)
    assert counted(f"{{separable convolution: {w.window}, {settings}}}", w.x) == walked


@given(windowed(side=5), FLAGS)
def test_batch_norm_and_activation_come_once_after_the_1x1(w: Windowed, bias: bool):
    step = f"{{separable convolution: {w.window}, filters: 3, bias: {flag(bias)}{w.settings}, "
    depthwise, pointwise = loops.separable_convolution(w.x, w.rows, w.columns, 3, bias=bias)
    followers = [loops.batch_norm(pointwise.output), loops.elementwise(pointwise.output, "max")]
    assert counted(step + "batch norm: true, activation: relu}", w.x) == [depthwise, pointwise, *followers]


def test_table_1_of_googlenet_has_2776_params_in_its_first_row():
    """BN-Inception, appendix: multiplier 8. 2.7K and 34M as Table 1 of GoogLeNet prints them; see zoo.md, 2.2."""
    depthwise, pointwise = counted(
        "{separable convolution: 7x7/2, multiplier: 8, filters: 64, padding: half}", (3, 224, 224)
    )
    assert (depthwise.weights, depthwise.biases, pointwise.weights, pointwise.biases) == (1_176, 0, 1_536, 64)
    assert depthwise.weights + pointwise.weights + pointwise.biases == 2_776
    assert depthwise.multiply_adds + pointwise.multiply_adds == 34_019_328
    assert pointwise.output == (64, 112, 112)


def test_both_halves_together_count_one_for_the_depth():
    """Design, section 2."""
    net = rows("rows: {sep1: {separable convolution: 3x3, filters: 8}}")
    assert (net.totals.depth, names(net)) == (1, ["sep1/depthwise", "sep1/pointwise"])


def test_depth_and_space_are_convolved_apart():
    """Xception, section 2: k k C + C C' weights in place of k k C C'."""
    depthwise, pointwise = counted("{separable convolution: 3x3, filters: 728, padding: same}", (728, 19, 19))
    assert depthwise.weights + pointwise.weights == 3 * 3 * 728 + 728 * 728
