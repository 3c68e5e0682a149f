"""Class tokens stand in front of a row of positions."""

from __future__ import annotations

import pytest

from tests.helpers import analyzed, row_problem
from tests.ops import loops


@pytest.mark.parametrize(("step", "count"), [("class token", 1), ("{class token: 2}", 2)])
def test_tokens_are_positions_more(step: str, count: int):
    (cost,) = analyzed(f"name: t\ninput: 6x5\nrows: {{r: {step}}}\n").layers
    assert (tuple(cost.layer.output), cost.params, cost.element_ops) == loops.sequences.class_token((6, 5), count)


def test_a_map_has_no_front():
    assert row_problem("rows: {r: class token}").code == "wrong-rank"
