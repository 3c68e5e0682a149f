"""Transposed convolution: `{transposed convolution: 2x2/2, filters: 64}` (Dumoulin and Visin, section 4)."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.helpers import counted, meant, names, row_problem, rows
from tests.ops import loops
from tests.ops.layers import FLAGS, Windowed, flag, pair, windowed


def fits(w: Windowed, output_padding: int = 0) -> bool:
    """Whether the padding leaves something of the output."""
    return all(loops.scattered(n, axis, output_padding)[1] > 0 for n, axis in ((w.x[1], w.rows), (w.x[2], w.columns)))


@given(windowed(channels=3, side=5), st.integers(1, 3), FLAGS)
def test_counts_are_those_of_the_walked_loops(w: Windowed, filters: int, bias: bool):
    assume(fits(w))
    step = f"{{transposed convolution: {w.window}, filters: {filters}, bias: {flag(bias)}{w.settings}}}"
    assert counted(step, w.x) == [loops.transposed_convolution(w.x, w.rows, w.columns, filters, bias=bias)]


@given(windowed(channels=1, side=5), st.integers(1, 3), st.integers(1, 2), st.integers(1, 2))
def test_a_filter_of_a_group_sees_the_maps_of_its_group_alone(w: Windowed, groups: int, maps: int, filters: int):
    assume(fits(w))
    x = (groups * maps, *w.x[1:])
    step = f"{{transposed convolution: {w.window}, filters: {groups * filters}, groups: {groups}{w.settings}}}"
    assert counted(step, x) == [loops.transposed_convolution(x, w.rows, w.columns, groups * filters, groups=groups)]


@given(st.tuples(st.integers(0, 2), st.integers(0, 2)), st.data())
def test_output_padding_adds_rows_and_columns_behind_where_taps_may_fall(more: tuple[int, int], data: st.DataObject):
    w = data.draw(windowed(channels=2, side=5, same=False, least_stride=max(more) + 1))
    assume(fits(w, min(more)))
    step = f"{{transposed convolution: {w.window}, filters: 2, output padding: {data.draw(pair(more))}{w.settings}}}"
    assert counted(step, w.x) == [loops.transposed_convolution(w.x, w.rows, w.columns, 2, output_padding=more)]


@given(windowed(channels=1, side=6))
def test_it_restores_the_size_that_the_convolution_of_the_same_window_came_from(w: Windowed):
    """Dumoulin and Visin, relationship 14: up to the rows that the convolution's last step left over."""
    (forward,) = counted(f"{{convolution: {w.window}, filters: 1{w.settings}}}", w.x)
    assume(fits(Windowed(w.window, w.settings, w.rows, w.columns, forward.output)))
    (back,) = counted(f"{{transposed convolution: {w.window}, filters: 1{w.settings}}}", forward.output)
    for before, after, axis in zip(w.x[1:], back.output[1:], (w.rows, w.columns), strict=True):
        assert abs(before - after) < axis.stride


def test_u_nets_up_convolution_doubles_the_map_and_multiplies_each_element_four_times():
    """U-Net, Figure 1: 1024 maps of 28x28 become 512 of 56x56; windows of 2x2/2 do not overlap."""
    (up,) = counted("{transposed convolution: 2x2/2, filters: 512}", (1024, 28, 28))
    assert up.output == (512, 56, 56)
    assert up.multiply_adds == up.effective_multiply_adds == 28 * 28 * 4 * 1024 * 512


def test_dcgans_layer_of_4x4_with_padding_1_doubles_too_and_cuts_an_edge_off():
    """n = 4: (4 - 1) 2 + 4 - 2 = 8. Along an axis 16 taps fall; the first and the last one are cut off."""
    (up,) = counted("{transposed convolution: 4x4/2, filters: 1, padding: 1}", (1, 4, 4))
    assert (up.output, up.multiply_adds, up.effective_multiply_adds) == ((1, 8, 8), 16**2, 14**2)


def test_an_output_padding_as_large_as_the_stride_is_refused():
    problem = row_problem("rows: {t: {transposed convolution: 3x3/2, filters: 1, output padding: 2}}")
    assert (problem.code, meant(problem)) == ("padding-too-large", "2")


def test_a_padding_that_leaves_no_output_is_refused():
    problem = row_problem("rows: {t: {transposed convolution: 2x2, filters: 1, padding: 2}}", 1, 2, 2)
    assert problem.code == "window-too-large"


def test_it_has_the_followers_of_a_convolution_and_counts_one_for_the_depth():
    net = rows("rows: {t: {transposed convolution: 2x2/2, filters: 1, batch norm: true, activation: relu}}")
    assert names(net) == ["t", "t/batch norm", "t/relu"]
    assert net.totals.depth == 1
