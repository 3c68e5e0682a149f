"""Roll: `{roll: [-3, -3]}` (Swin, section 3.2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import counted, rows
from tests.ops import loops
from tests.ops.layers import maps

np = pytest.importorskip("numpy")
pytest.importorskip("onnxruntime")

from tests.onnx_export.test_values import run  # noqa: E402 - behind the question whether it is there


@given(maps(), st.tuples(st.integers(-9, 9), st.integers(-9, 9)))
def test_counts_are_those_of_the_walked_loops(x: loops.Map, shifts: tuple[int, int]):
    assert counted(f"{{roll: [{shifts[0]}, {shifts[1]}]}}", x) == [loops.moved(x)]


@pytest.mark.parametrize("shifts", [(1, 0), (-2, 3), (7, -11), (0, 0), (4, 5)])
def test_it_runs_as_numpys_roll(shifts: tuple[int, int]):
    x, y, _ = run(f"{{roll: [{shifts[0]}, {shifts[1]}]}}", 2, 4, 5)
    assert (y == np.roll(x, shifts, (1, 2))).all()


def test_one_number_is_for_every_axis():
    assert rows("rows: {a: {roll: 2}}").layers[0].layer.op.shifts == (2, 2)
