"""How padding may be written: words, and both sides of each axis."""

from __future__ import annotations

import pytest

from inception_calc.analysis.measures import Measures
from tests.helpers import analyzed, problems, row_problem


def test_causal_padding_lies_in_front_of_the_signal_alone():
    """A dilated causal convolution (WaveNet, section 2.1) keeps the length and sees nothing that comes later."""
    step = "{convolution: 3, filters: 1, padding: causal, dilation: 2, bias: false}"
    causal = analyzed(f"name: test\ninput: 2x10\nrows: {{r: {step}}}\n")
    (cost,) = causal.layers
    assert tuple(cost.layer.output) == (1, 10)
    assert cost.effective_multiply_adds == 2 * (10 + 8 + 6)
    (field,) = Measures(causal).receptive_fields
    assert (field.size, field.offset) == ((5,), (-4,))


@pytest.mark.parametrize(("x", "each"), [("3x16", "[before, after]"), ("3x8x8", "[before, after], [before, after]")])
def test_padding_pairs_of_another_rank_are_put_right_as_pairs(x: str, each: str):
    (problem,) = problems(
        f"name: test\ninput: {x}\nrows: {{a: {{convolution: 3, filters: 4, padding: [[1, 0], [1, 0], [1, 0]]}}}}\n"
    )
    assert problem.fix.endswith(f"or [{each}]")


def test_four_numbers_say_not_which_side_each_is_for():
    problem = row_problem("rows: {r: {convolution: 3x3, filters: 1, padding: [0, 1, 0, 1]}}")
    assert problem.fix == "write [[top, bottom], [left, right]], or [down, across] where both sides have the same"


def test_a_fault_of_one_side_points_at_it():
    problem = row_problem("rows: {r: {convolution: 3x3, filters: 1, padding: [[1, 1], [1, 0 - 1]]}}")
    assert problem.code == "too-small"
    assert problem.location.text[problem.location.column - 1 :].startswith("0 - 1]]")
