"""One number for every axis, or a list with one for each: where faults point, and what is offered."""

from __future__ import annotations

import pytest

from tests.helpers import row_problem, rows


@pytest.mark.parametrize(
    ("settings", "fix"),
    [
        ("padding: [1]", "write 1 without brackets"),
        ("dilation: [1, 2, 3]", "write one number, or [down, across]"),
    ],
)
def test_what_is_offered_has_a_number_for_each_axis(settings: str, fix: str):
    assert row_problem(f"rows: {{r: {{convolution: 3x3, filters: 1, {settings}}}}}").fix == fix


@pytest.mark.parametrize("setting", ["stride", "dilation", "output padding"])
def test_a_fault_of_a_pair_points_at_its_item(setting: str):
    step = f"{{transposed convolution: 3x3, filters: 1, stride: 3, {setting}: [1, 0 - 1]}}".replace(
        "stride: 3, stride", "stride"
    )
    problem = row_problem(f"rows: {{r: {step}}}")
    assert problem.code == "too-small"
    assert problem.location.text[problem.location.column - 1 :].startswith("0 - 1]")


def test_a_dilation_of_each_axis_is_seen_by_receptive_fields_and_gaps():
    """3x3 with dilation 2 down and 1 across reaches over 5x3; 9 taps on a map without padding are 9 taps."""
    analysis = rows("rows: {r: {convolution: 3x3, filters: 1, dilation: [2, 1], padding: half}}", 1, 8, 8)
    (cost,) = analysis.layers
    (height, width), taps = cost.layer.op.window.dilation, cost.effective_multiply_adds
    assert (height, width) == (2, 1)
    assert (cost.layer.output.height, cost.layer.output.width) == (8, 8)
    assert taps == (8 + 2 * 6) * (8 + 2 * 7)  # a tap two rows off leaves 6 of 8, a tap one column off 7
    down, across = cost.layer.op.sight(cost.inputs[0], cost.layer.output)
    assert (down.seen, across.seen) == (((-2, 2),), ((-1, 1),))
