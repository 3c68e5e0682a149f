"""Batch normalization: `batch norm`, `{batch norm: {scale: false}}` (Ioffe and Szegedy 2015, section 3.1)."""

from __future__ import annotations

from hypothesis import given

from tests.helpers import counted, rows
from tests.ops import loops
from tests.ops.layers import FLAGS, flag, maps


@given(maps())
def test_counts_are_those_of_the_walked_loops(x: loops.Map):
    assert counted("batch norm", x) == [loops.batch_norm(x)]


@given(maps(), FLAGS, FLAGS)
def test_scale_and_shift_can_be_left_out(x: loops.Map, scale: bool, shift: bool):
    step = f"{{batch norm: {{scale: {flag(scale)}, shift: {flag(shift)}}}}}"
    assert counted(step, x) == [loops.batch_norm(x, scale=scale, shift=shift)]


def test_running_statistics_are_buffers_and_no_params():
    """Design, section 2."""
    totals = rows("rows: {bn: batch norm}", 64).totals
    assert (totals.params, totals.buffers, totals.weights, totals.multiply_adds) == (2 * 64, 2 * 64, 0, 0)


def test_its_params_do_not_depend_on_the_size_of_the_map():
    """Ioffe and Szegedy 2015, section 3.2: one pair for each map, not for each activation."""
    small, large = (rows("rows: {bn: batch norm}", 8, *size).totals.params for size in ((4, 4), (9, 5)))
    assert small == large == 16
