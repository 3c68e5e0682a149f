"""Depthwise convolution: `{depthwise convolution: 3x3/2}` (Xception, section 2; MobileNetV2, Table 1)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import counted, row_problem, rows
from tests.ops import loops
from tests.ops.layers import FLAGS, Windowed, flag, windowed


@given(windowed(), st.integers(1, 3), FLAGS)
def test_counts_are_those_of_the_walked_loops(w: Windowed, multiplier: int, bias: bool):
    step = f"{{depthwise convolution: {w.window}, multiplier: {multiplier}, bias: {flag(bias)}{w.settings}}}"
    walked = loops.depthwise_convolution(w.x, w.rows, w.columns, multiplier=multiplier, bias=bias)
    assert counted(step, w.x) == [walked]


@given(windowed(), st.integers(1, 3))
def test_it_is_a_convolution_with_one_group_for_each_map(w: Windowed, multiplier: int):
    """Xception, section 2: the extreme case of a grouped convolution."""
    channels = w.x[0]
    grouped = f"{{convolution: {w.window}, filters: {channels * multiplier}, groups: {channels}{w.settings}}}"
    assert counted(f"{{depthwise convolution: {w.window}, multiplier: {multiplier}{w.settings}}}", w.x) == counted(
        grouped, w.x
    )


def test_the_multiplier_defaults_to_one_and_needs_no_filters():
    (layer,) = counted("{depthwise convolution: 3x3, bias: false}", (32, 8, 8))
    assert (layer.output[0], layer.weights) == (32, 9 * 32)
    assert row_problem("rows: {d: {depthwise convolution: 3x3, filters: 3}}").code == "unknown-key"


def test_a_mobilenet_v2_bottleneck_costs_what_its_paper_says():
    """MobileNetV2, section 3.4: h w d' t (d' + k^2 + d'') for d' maps in, d'' out, expansion t, window k, stride 1."""
    net = rows(
        """
        defaults: {convolution: {bias: false, padding: half}}
        rows:
          expand:    {convolution: 1x1, filters: 6 * 24}
          depthwise: {depthwise convolution: 3x3}
          project:   {convolution: 1x1, filters: 32}
        """,
        24, 56, 56,
    )  # fmt: skip
    assert net.totals.multiply_adds == 56 * 56 * 24 * 6 * (24 + 3 * 3 + 32)
