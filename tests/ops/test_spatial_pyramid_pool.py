"""Spatial pyramid pooling: `{spatial pyramid pool: [6, 3, 2, 1]}` (SPP-net, section 2.2; language, rule 10)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import counted, row_problem
from tests.ops import loops
from tests.ops.layers import maps


@given(maps(channels=3, side=9), st.lists(st.integers(1, 5), min_size=1, max_size=3))
def test_counts_are_those_of_the_walked_loops(x: loops.Map, levels: list[int]):
    assert counted(f"{{spatial pyramid pool: {levels}}}", x) == [loops.spatial_pyramid_pool(x, levels)]


@pytest.mark.parametrize("side", [10, 13, 18, 7])
def test_50_bins_of_256_maps_make_12800_values_whatever_the_size(side: int):
    """SPP-net, section 3.1: {6x6, 3x3, 2x2, 1x1}, totally 50 bins; at 180 pixels the map is 10x10."""
    assert counted("{spatial pyramid pool: [6, 3, 2, 1]}", (256, side, side))[0].output == (12_800, 1, 1)


def test_30_bins_make_7680_values():
    """SPP-net, section 3.1.1: {4x4, 3x3, 2x2, 1x1}, 30 bins."""
    assert counted("{spatial pyramid pool: [4, 3, 2, 1]}", (256, 13, 13))[0].output == (256 * 30, 1, 1)


def test_21_bins_make_5376_values():
    """SPP-net, Figure 3: 16 + 4 + 1 bins of 256 maps."""
    assert counted("{spatial pyramid pool: [4, 2, 1]}", (256, 13, 13))[0].output == (5_376, 1, 1)


def test_one_bin_is_a_global_max_pool():
    (pyramid,), (pool,) = (counted(step, (3, 5, 7)) for step in ("{spatial pyramid pool: [1]}", "{max pool: global}"))
    assert pyramid == pool


def test_bins_are_at_least_one_and_the_list_is_not_empty():
    assert row_problem("rows: {spp: {spatial pyramid pool: [2, 0]}}").code == "too-small"
    assert row_problem("rows: {spp: {spatial pyramid pool: []}}").code == "empty-list"
