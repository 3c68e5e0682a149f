"""Adaptive max pooling: `{adaptive max pool: 7x7}`, cut as PyTorch cuts it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import counted
from tests.ops import loops
from tests.ops.layers import maps

np = pytest.importorskip("numpy")
pytest.importorskip("onnxruntime")

from tests.onnx_export.test_values import run  # noqa: E402 - behind the question whether it is there


@given(maps(side=8), st.tuples(st.integers(1, 5), st.integers(1, 5)))
def test_counts_are_those_of_the_walked_loops(x: loops.Map, bins: tuple[int, int]):
    step = f"{{adaptive max pool: {bins[0]}x{bins[1]}}}"
    assert counted(step, x) == [loops.adaptive_pool(x, bins, saved=1)]


@pytest.mark.parametrize(("size", "bins"), [((6, 9), (2, 3)), ((5, 7), (3, 2)), ((2, 3), (4, 5))])
def test_it_runs_as_its_formula(size: tuple[int, int], bins: tuple[int, int]):
    x, y, _ = run(f"{{adaptive max pool: {bins[0]}x{bins[1]}}}", 2, *size)
    for i, j in np.ndindex(bins):
        down = slice(i * size[0] // bins[0], -(-(i + 1) * size[0] // bins[0]))
        across = slice(j * size[1] // bins[1], -(-(j + 1) * size[1] // bins[1]))
        assert np.allclose(y[:, i, j], x[:, down, across].max((1, 2)), atol=1e-5)
