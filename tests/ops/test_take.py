"""Take: one position of a row."""

from __future__ import annotations

import pytest

from inception_calc.analysis.measures import Measures
from tests.helpers import analyzed, row_problem
from tests.ops import loops


@pytest.mark.parametrize(("end", "offset"), [("first", 0), ("last", 4)])
def test_one_position_is_left(end: str, offset: int):
    found = analyzed(f"name: t\ninput: 6x5\nrows: {{r: {{take: {end}}}}}\n")
    (cost,) = found.layers
    assert (tuple(cost.layer.output), cost.params, cost.element_ops) == loops.sequences.take((6, 5))
    assert Measures(found).receptive_fields[0].offset == (offset,)


def test_a_map_has_no_end():
    assert row_problem("rows: {r: {take: first}}").code == "wrong-rank"
