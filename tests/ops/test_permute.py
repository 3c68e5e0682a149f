"""Permute: `{permute: [height, channels, width]}` (MLP-Mixer, section 2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import analyzed, counted, meant, row_problem
from tests.ops import loops
from tests.ops.layers import maps

np = pytest.importorskip("numpy")
pytest.importorskip("onnxruntime")

from tests.onnx_export.test_values import run  # noqa: E402 - behind the question whether it is there

ORDERS = st.permutations(["channels", "height", "width"])


@given(maps(), ORDERS)
def test_counts_are_those_of_the_walked_loops(x: loops.Map, order: list[str]):
    sides = dict(zip(("channels", "height", "width"), x, strict=True))
    assert counted(f"{{permute: [{', '.join(order)}]}}", x) == [loops.moved(tuple(sides[name] for name in order))]


def test_it_runs_as_numpys_transpose():
    x, y, _ = run("{permute: [height, width, channels]}", 2, 3, 4)
    assert (y == x.transpose(1, 2, 0)).all()


def test_a_mixer_mixes_tokens_with_one_matrix():
    """MLP-Mixer, equation 1: a linear layer along the tokens is one over the channels of the map turned round."""
    turn = "{permute: [length, channels]}"
    net = analyzed(f"name: t\ninput: 8x5\nrows: {{a: {{sequence: [{turn}, {{linear: 5, over: channels}}, {turn}]}}}}")
    assert net.totals.weights == 5 * 5
    assert tuple(net.rows[0].output) == (8, 5)


@pytest.mark.parametrize(
    ("order", "at"),
    [
        ("[channels, hight, width]", "hight"),
        ("[channels, height]", "["),
        ("[channels, height, height]", "["),
        ("channels", "channels"),
    ],
)
def test_what_is_no_order_is_refused(order: str, at: str):
    problem = row_problem(f"rows: {{a: {{permute: {order}}}}}")
    assert meant(problem) == at
