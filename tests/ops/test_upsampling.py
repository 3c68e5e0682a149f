"""Upsampling: `{upsampling: 2x2}`, `{upsampling: 2, mode: bilinear}`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import counted, meant, row_problem
from tests.ops import loops
from tests.ops.layers import FLAGS, maps


@given(maps(), st.integers(1, 4), st.integers(1, 4), FLAGS)
def test_counts_are_those_of_the_walked_loops(x: loops.Map, down: int, across: int, bilinear: bool):
    mode = "bilinear" if bilinear else "nearest"
    step = f"{{upsampling: {down}x{across}, mode: {mode}}}"
    assert counted(step, x) == [loops.upsampling(x, (down, across), bilinear=bilinear)]


def test_nearest_is_the_default_and_one_factor_stands_for_both():
    assert counted("{upsampling: 2}", (3, 4, 5)) == counted("{upsampling: 2x2, mode: nearest}", (3, 4, 5))
    assert counted("{upsampling: 2}", (3, 4, 5)) == [loops.Counts((3, 8, 10))]


@pytest.mark.parametrize("window", ["2x2/2", "2x3/1"])
def test_it_has_no_stride(window: str):
    assert row_problem(f"rows: {{up: {{upsampling: {window}}}}}").code == "no-setting"


def test_an_unknown_mode_is_refused_at_its_word():
    problem = row_problem("rows: {up: {upsampling: 2, mode: bicubic}}")
    assert meant(problem) == "bicubic"
