"""Concatenation: `{concat: {name: branch, ...}}` (GoogLeNet, section 4)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import counted, meant, row_problem
from tests.ops import loops
from tests.ops.layers import maps


@given(maps(), st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_counts_are_those_of_the_walked_loops(x: loops.Map, depths: list[int]):
    branches = ", ".join(f"b{i}: {{convolution: 1x1, filters: {depth}}}" for i, depth in enumerate(depths))
    *convs, join = counted(f"{{concat: {{{branches}}}}}", x)
    assert join == loops.concat([conv.output for conv in convs])
    assert len(convs) == len(depths)


def test_inception_3a_and_3b_are_as_deep_as_table_1_says():
    """GoogLeNet, Table 1: 64 + 128 + 32 + 32 = 256, 128 + 192 + 96 + 64 = 480."""
    for depths, depth in (((64, 128, 32, 32), 256), ((128, 192, 96, 64), 480)):
        branches = ", ".join(f"b{i}: {{convolution: 1x1, filters: {d}}}" for i, d in enumerate(depths))
        assert counted(f"{{concat: {{{branches}}}}}", (192, 2, 2))[-1].output == (depth, 2, 2)


def test_the_naive_module_of_the_lecture_is_672_deep():
    """cs231n 2017, lecture 9: 128 + 192 + 96 + 256, the pool passing its 256 on."""
    step = (
        "{concat: {1x1: {convolution: 1x1, filters: 128}, 3x3: {convolution: 3x3, filters: 192, padding: same}, "
        "5x5: {convolution: 5x5, filters: 96, padding: same}, pool: {max pool: 3x3/1, padding: same}}}"
    )
    *branches, join = counted(step, (256, 28, 28))
    assert join.output == (672, 28, 28)
    assert [b.multiply_adds for b in branches] == [25_690_112, 346_816_512, 481_689_600, 0]  # the slide's terms


def test_branches_of_different_sizes_are_refused_at_concat_with_every_shape():
    """Language, section 5."""
    branches = "{a: {convolution: 1x1, filters: 2}, b: {max pool: 2x2/2}}"
    problem = row_problem(f"rows: {{m: {{concat: {branches}}}}}", 3, 8, 6)
    assert (problem.code, meant(problem)) == ("branches-differ", "concat")
    assert "8x6x2" in problem.what
    assert "4x3x3" in problem.what


def test_an_empty_branch_is_refused():
    """Language, section 2: pass-through is written `identity`."""
    problem = row_problem("rows: {m: {concat: {a: []}}}")
    assert problem.code == "empty-list"
    assert "identity" in problem.fix
