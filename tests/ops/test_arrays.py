"""The arrays of every operator, against its params: two statements of the same numbers."""

from __future__ import annotations

import pytest
from hypothesis import given

from inception_calc.ops.layer import params_of
from tests.helpers import rows
from tests.ops import loops
from tests.ops.layers import maps

STEPS = [
    "{convolution: 2x3, filters: 6, padding: same}",
    "{convolution: 1x1, filters: 6, bias: false, batch norm: true}",
    "{depthwise convolution: 3x3, multiplier: 2, padding: same}",
    "{separable convolution: 3x3, filters: 5, padding: same}",
    "{transposed convolution: 2x2/2, filters: 3}",
    "{subsampling: 1x1/1}",
    "{linear: 7}",
    "{linear: 7, over: channels, bias: false}",
    "{rbf: 4}",
    "{batch norm: {scale: false}}",
    "{layer norm: {shift: false}}",
    "{layer norm: , over: map}",
    "rms norm",
    "{group norm: 1}",
    "{instance norm: {scale: true}}",
    "{l2 norm: {scale: true}}",
    "{prelu: channels}",
]


@pytest.mark.parametrize("step", STEPS)
@given(x=maps())
def test_they_hold_the_params(step: str, x: loops.Map):
    for cost in rows(f"rows: {{r: {step}}}", *x).layers:
        assert params_of(cost.layer.op.arrays(cost.inputs)) == cost.param_counts


def test_a_connection_table_and_groups_too():
    for settings in ("groups: 2", "connections: [[0, 1], [3], [0, 1, 2, 3], [2]]"):
        (cost,) = rows(f"rows: {{r: {{convolution: 3x3, filters: 4, {settings}}}}}", 4).layers
        assert params_of(cost.layer.op.arrays(cost.inputs)) == cost.param_counts
