"""Resize: `{resize: 56x56, mode: bilinear}`, `{resize: , as: ROW}`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import counted, meant, row_problem, rows
from tests.ops import loops
from tests.ops.layers import maps

np = pytest.importorskip("numpy")
pytest.importorskip("onnxruntime")

from tests.onnx_export.test_values import run  # noqa: E402 - behind the question whether it is there


@given(maps(), st.tuples(st.integers(1, 9), st.integers(1, 9)), st.booleans())
def test_counts_are_those_of_the_walked_loops(x: loops.Map, size: tuple[int, int], is_linear: bool):
    step = f"{{resize: {size[0]}x{size[1]}, mode: {'bilinear' if is_linear else 'nearest'}}}"
    assert counted(step, x) == [loops.resize(x, size, is_linear=is_linear)]


@given(maps(side=4), st.integers(1, 3), st.sampled_from(["nearest", "bilinear"]))
def test_by_a_whole_factor_it_is_an_upsampling(x: loops.Map, factor: int, mode: str):
    if factor == 1 and mode == "bilinear":
        return  # nothing changes: no interpolation, where an upsampling by 1 still has its neighbours
    size = f"{factor * x[1]}x{factor * x[2]}"
    assert counted(f"{{resize: {size}, mode: {mode}}}", x) == counted(f"{{upsampling: {factor}, mode: {mode}}}", x)


def test_it_runs_as_its_formula():
    x, y, _ = run("{resize: 5x7}", 2, 3, 4)
    assert (y == x[:, [i * 3 // 5 for i in range(5)]][:, :, [j * 4 // 7 for j in range(7)]]).all()
    x, y, _ = run("{resize: 2x1, mode: bilinear}", 1, 4, 1)
    assert np.allclose(y[0, :, 0], [x[0, :2, 0].mean(), x[0, 2:, 0].mean()], atol=1e-6)  # half way between two


def test_as_takes_the_size_of_an_earlier_row():
    net = rows("rows: {a: relu, b: {max pool: 3x3/3}, c: {resize: , as: a}}", 2, 16, 17)
    assert tuple(net.rows[-1].output) == (2, 16, 17)


@pytest.mark.parametrize(
    ("step", "code", "at"),
    [
        ("resize", "no-size", "resize"),
        ("{resize: 8, mode: linear}", "wrong-rank", "linear"),
        ("{resize: 8, as: a}", "two-sizes", "as"),
        ("{resize: , as: z}", "unknown-row", "z"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(step: str, code: str, at: str):
    problem = row_problem(f"rows: {{a: relu, b: {step}}}")
    assert (problem.code, meant(problem)) == (code, at)
