"""Identity: `identity`, a branch that passes its input on. It is no layer at all."""

from __future__ import annotations

from hypothesis import given

from tests.helpers import counted, names, rows
from tests.ops import loops
from tests.ops.layers import maps


@given(maps())
def test_it_leaves_no_layer(x: loops.Map):
    assert counted("identity", x) == []


@given(maps())
def test_its_map_is_the_one_that_came(x: loops.Map):
    net = rows("rows: {row: identity}", *x)
    assert tuple(net.rows[0].output) == x
    assert net.totals.layers == 0


@given(maps())
def test_a_sum_with_it_adds_what_came(x: loops.Map):
    """He et al. 2015, equation 2: y = F(x) + x."""
    step = f"{{sum: {{shortcut: identity, residual: {{convolution: 1x1, filters: {x[0]}}}}}}}"
    conv, join = counted(step, x)
    assert join == loops.sum_of([x, conv.output])


def test_a_concat_of_two_doubles_the_depth():
    net = rows("rows: {twice: {concat: {a: identity, b: identity}}}", 3, 4, 5)
    assert (names(net), tuple(net.rows[0].output)) == (["twice/concat"], (6, 4, 5))
