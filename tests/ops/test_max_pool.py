"""Max pooling: `{max pool: 3x3/2}`, `{max pool: global}` (language, rules 6 and 8)."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.helpers import counted, meant, row_problem, rows
from tests.ops import loops
from tests.ops.layers import Windowed, maps, windowed


@given(windowed(pools=True))
def test_counts_are_those_of_the_walked_loops(w: Windowed):
    assert counted(f"{{max pool: {w.window}{w.settings}}}", w.x) == [loops.max_pool(w.x, w.rows, w.columns)]


@given(maps())
def test_global_is_the_whole_map(x: loops.Map):
    assert counted("{max pool: global}", x) == [loops.max_pool(x, *loops.whole(x))]


@pytest.mark.parametrize("size", [112, 56, 28, 14])
def test_googlenets_pools_halve_the_map_because_caffe_rounds_up(size: int):
    """GoogLeNet, Table 1: 112, 56, 28, 14, 7. Rounded down without padding it would be 55, 27, 13, 6 (zoo.md, 2.3)."""
    assert counted("{max pool: 3x3/2, rounding: ceil}", (1, size, size))[0].output == (1, size // 2, size // 2)
    assert counted("{max pool: 3x3/2}", (1, size, size))[0].output == (1, size // 2 - 1, size // 2 - 1)


def test_the_global_window_is_printed_as_large_as_the_map():
    """Rule 6."""
    assert rows("rows: {pool: {max pool: global}}", 8, 7, 7).rows[0].patch == "7x7/1"


def test_the_stride_must_be_written_because_frameworks_disagree():
    """Rule 6."""
    problem = row_problem("rows: {pool: {max pool: 3x3}}")
    assert (problem.code, meant(problem)) == ("no-stride", "3x3")


def test_rounding_says_nothing_with_same():
    """Rule 8: `same` has its own size, ceil(n / s)."""
    up, down = (
        counted(f"{{max pool: 2x2/3, padding: same, rounding: {word}}}", (1, 7, 8)) for word in ("ceil", "floor")
    )
    assert up == down
    assert up[0].output == (1, 3, 3)


def test_padding_as_large_as_the_window_is_refused():
    """Caffe, pooling_layer.cpp: CHECK_LT(pad, kernel)."""
    problem = row_problem("rows: {pool: {max pool: 2x2/1, padding: 2}}")
    assert (problem.code, meant(problem)) == ("padding-too-large", "2")


def test_a_global_pool_takes_neither_stride_nor_padding():
    assert row_problem("rows: {pool: {max pool: global, padding: same}}").code == "no-setting"


def test_a_window_larger_than_the_map_is_refused_at_the_window():
    """Language, section 5."""
    problem = row_problem("rows: {pool: {max pool: 5x5/2, rounding: ceil}}", height=4)
    assert (problem.code, meant(problem)) == ("window-too-large", "5x5/2")


def test_pools_outside_blocks_count_in_the_depth_with_pools():
    """Design, section 2."""
    totals = rows("rows: {conv: {convolution: 1x1, filters: 1}, pool: {max pool: 2x2/2}}").totals
    assert (totals.depth, totals.depth_with_pools) == (1, 2)
