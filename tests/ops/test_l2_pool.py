"""L2 pooling: `{l2 pool: 3x3/2}`, `{l2 pool: global}` (Sermanet et al. 2012)."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.helpers import counted
from tests.ops import loops
from tests.ops.layers import Windowed, maps, windowed

np = pytest.importorskip("numpy")
pytest.importorskip("onnxruntime")

from tests.onnx_export.test_values import run  # noqa: E402 - behind the question whether it is there


@given(windowed(pools=True))
def test_counts_are_those_of_the_walked_loops(w: Windowed):
    assert counted(f"{{l2 pool: {w.window}{w.settings}}}", w.x) == [loops.l2_pool(w.x, w.rows, w.columns)]


@given(maps())
def test_global_is_the_whole_map(x: loops.Map):
    assert counted("{l2 pool: global}", x) == [loops.l2_pool(x, *loops.whole(x))]


def test_it_runs_as_its_formula():
    x, y, _ = run("{l2 pool: 2x2/2}", 2, 4, 6)
    blocks = x.reshape(2, 2, 2, 3, 2)
    assert np.allclose(y, np.sqrt((blocks * blocks).sum((2, 4))), atol=1e-5)
