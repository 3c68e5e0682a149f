"""Average pooling: `{average pool: 5x5/3}`, `{average pool: global}` (language, rules 8 and 9)."""

from __future__ import annotations

from hypothesis import given

from tests.helpers import counted, row_problem
from tests.ops import loops
from tests.ops.layers import Windowed, maps, windowed


@given(windowed(pools=True))
def test_counts_are_those_of_the_walked_loops(w: Windowed):
    assert counted(f"{{average pool: {w.window}{w.settings}}}", w.x) == [loops.average_pool(w.x, w.rows, w.columns)]


@given(maps())
def test_global_is_the_whole_map_and_has_no_parameter(x: loops.Map):
    """Network in network, section 3.2: there is no parameter to optimize in the global average pooling."""
    (layer,) = counted("{average pool: global}", x)
    assert layer == loops.average_pool(x, *loops.whole(x))
    assert layer.weights + layer.biases + layer.affine == 0


def test_googlenets_side_heads_see_4x4_under_both_roundings():
    """GoogLeNet, section 5: an average pool of 5x5/3 gives 4x4x512 at (4a); (14 - 5) / 3 is exactly 3."""
    for word in ("ceil", "floor"):
        (layer,) = counted(f"{{average pool: 5x5/3, rounding: {word}}}", (512, 14, 14))
        assert layer.output == (512, 4, 4)


def test_the_stride_must_be_written():
    assert row_problem("rows: {pool: {average pool: 3x3}}").code == "no-stride"
