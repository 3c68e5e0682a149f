"""ReLU6: `relu6`, min(max(x, 0), 6) (MobileNetV2, section 3.3)."""

from __future__ import annotations

from hypothesis import given

from tests.helpers import counted, rows
from tests.ops import loops
from tests.ops.layers import maps


@given(maps())
def test_counts_are_those_of_the_walked_loops(x: loops.Map):
    assert counted("relu6", x) == [loops.elementwise(x, "zero", "six")]


def test_it_has_the_same_cost_as_a_step_and_as_a_setting():
    """Language, section 3: as a setting `activation: relu6`, as a step the bare word."""
    step = rows("rows: {conv: {convolution: 1x1, filters: 4}, relu6: relu6}").layers[1]
    setting = rows("rows: {conv: {convolution: 1x1, filters: 4, activation: relu6}}").layers[1]
    assert (step.element_ops, step.layer.output) == (setting.element_ops, setting.layer.output)
