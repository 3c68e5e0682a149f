"""`repeat` (language, rule 25)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import meant, names, row_problem, rows


@given(st.integers(1, 12))
def test_it_is_the_same_as_writing_the_step_as_often(times: int):
    conv = "{convolution: 3x3, filters: 5, padding: same}"
    repeated = rows(f"rows: {{r: {{repeat: {times}, {conv[1:-1]}}}}}").totals
    assert repeated == rows(f"rows: {{r: {{sequence: [{', '.join([conv] * times)}]}}}}").totals


def test_each_repetition_takes_what_the_one_before_it_made():
    net = rows("rows: {r: {repeat: 3, max pool: 2x2/2}}", 3, 16, 16)
    assert [layer.layer.output.height for layer in net.layers] == [8, 4, 2]


def test_no_repetition_passes_the_map_on():
    """Rule 25: a stage of one block has n - 1 = 0 further ones."""
    body = """
        blocks: {stage: {columns: [n], sequence: {first: relu, rest: {repeat: n - 1, convolution: 1x1, filters: 9}}}}
        rows: {r: {stage: 1}}
    """
    net = rows(body, 3, 5, 5)
    assert (names(net), net.rows[0].output) == (["r/first"], (3, 5, 5))


def test_then_comes_once_after_all_repetitions():
    assert names(rows("rows: {r: {repeat: 2, convolution: 1x1, filters: 1, then: relu}}")) == ["r/1", "r/2", "r/relu"]


def test_a_negative_repeat_is_an_error_at_the_value():
    problem = row_problem("rows: {r: {repeat: 1 - 2, convolution: 1x1, filters: 1}}")
    assert (problem.code, meant(problem)) == ("too-small", "1 - 2")


def test_a_symbolic_repeat_is_an_error():
    body = "symbols: {n: 2}\nrows: {r: {repeat: n, convolution: 1x1, filters: 1}}"
    assert row_problem(body, symbols={"n": None}).code == "symbolic-repeat"
    assert len(rows(body, symbols={"n": 5}).layers) == 5


@pytest.mark.parametrize("times", ["1000000", "999999999999", "1000 * 1000"])
def test_the_expanded_size_is_bounded_before_expansion(times: str):
    assert row_problem(f"rows: {{r: {{repeat: {times}, convolution: 1x1, filters: 1}}}}").code == "too-many-layers"


def test_nested_repeats_are_bounded_too():
    """A billion layers in ten lines."""
    blocks = "\n".join(f"  b{i}: {{sequence: {{x: {{repeat: 10, b{i + 1}: }}}}}}" for i in range(9))
    problem = row_problem(f"blocks:\n{blocks}\n  b9: {{sequence: [relu]}}\nrows: {{r: b0}}")
    assert problem.code == "too-many-layers"


def test_a_repeat_that_follows_the_map_is_bounded_too():
    """The depth that enters is known only once the rows before it are."""
    body = "rows: {wide: {convolution: 1x1, filters: 200000}, r: {repeat: input_channels, relu: }}"
    assert row_problem(body).code == "too-many-layers"
