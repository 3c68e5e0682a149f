"""Split: `{split: 2, part: 1}` (ShuffleNetV2, Figure 3(c))."""

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


@given(maps(), st.integers(1, 4), st.data())
def test_counts_are_those_of_the_walked_loops(x: loops.Map, parts: int, data: st.DataObject):
    part = data.draw(st.integers(1, parts))
    whole = (parts * x[0], *x[1:])
    assert counted(f"{{split: {parts}, part: {part}}}", whole) == [loops.moved(x)]


def test_parts_are_the_channels_in_their_order():
    for part in (1, 2, 3):
        x, y, _ = run(f"{{split: 3, part: {part}}}", 6, 2, 3)
        assert (y == x[2 * part - 2 : 2 * part]).all()


def test_a_part_is_a_view_and_stores_nothing():
    """PyTorch's chunk: the parts lie in what they are taken from."""
    net = rows(
        "rows: {c: {convolution: 1x1, filters: 4}, h: {concat: {a: {split: 2}, b: {split: 2, part: 2}}}}", 1, 8, 8
    )
    assert net.totals.activation_elements == 2 * 4 * 64  # the convolution's and the concatenation's
    assert net.layers[1].traffic_bytes == 0


@pytest.mark.parametrize(
    ("step", "channels", "at", "said"),
    [
        ("{split: 4}", 6, "4", "6 channels are no multiple of 4"),
        ("{split: 2, part: 3}", 6, "3", "there is no part 3 of 2"),
    ],
)
def test_what_cannot_be_divided_names_both_numbers(step: str, channels: int, at: str, said: str):
    problem = row_problem(f"rows: {{a: {step}}}", channels)
    assert meant(problem) == at
    assert said in problem.what
