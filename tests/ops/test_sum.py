"""Residual sum: `{sum: {shortcut: identity, residual: branch}}` (He et al. 2015, equation 1)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import counted, meant, row_problem
from tests.ops import loops
from tests.ops.layers import maps


@given(maps(), st.integers(1, 4), st.integers(1, 4))
def test_counts_are_those_of_the_walked_loops(x: loops.Map, branches: int, depth: int):
    text = ", ".join(f"b{i}: {{convolution: 1x1, filters: {depth}}}" for i in range(branches))
    *convs, join = counted(f"{{sum: {{{text}}}}}", x)
    assert join == loops.sum_of([conv.output for conv in convs])


@given(maps())
def test_its_activation_follows_the_addition(x: loops.Map):
    """He et al. 2015, Figure 2: the second nonlinearity stands after the addition."""
    join, relu = counted("{sum: {a: identity, b: identity}, activation: relu}", x)
    assert (join, relu) == (loops.sum_of([x, x]), loops.elementwise(x, "max"))


def test_branches_of_different_depth_are_refused_at_sum():
    """Inception-ResNet: an addition needs equal depths (zoo.md, section 5, on the misprinted 1154)."""
    problem = row_problem("rows: {s: {sum: {a: identity, b: {convolution: 1x1, filters: 2}}}}", 3)
    assert (problem.code, meant(problem)) == ("branches-differ", "sum")
