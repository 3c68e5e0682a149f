"""Tanh: `tanh` (LeCun et al. 1998, equation 6)."""

from __future__ import annotations

from hypothesis import given

from tests.helpers import counted, rows
from tests.ops import loops
from tests.ops.layers import maps


@given(maps())
def test_counts_are_those_of_the_walked_loops(x: loops.Map):
    assert counted("tanh", x) == [loops.elementwise(x, "tanh")]


def test_it_has_the_same_cost_as_a_step_and_as_a_setting():
    """Language, section 3: as a setting `activation: tanh`, as a step the bare word."""
    step = rows("rows: {conv: {convolution: 1x1, filters: 4}, tanh: tanh}").layers[1]
    setting = rows("rows: {conv: {convolution: 1x1, filters: 4, activation: tanh}}").layers[1]
    assert (step.element_ops, step.layer.output) == (setting.element_ops, setting.layer.output)
