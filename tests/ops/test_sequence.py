"""Sequence: `{sequence: [step, step]}`, one step after the other; it is no layer of its own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import counted, row_problem
from tests.ops import loops
from tests.ops.layers import maps


@given(maps(), st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_each_step_takes_what_the_one_before_it_made(x: loops.Map, depths: list[int]):
    walked = []
    for depth in depths:
        walked.append(loops.convolution(walked[-1].output if walked else x, loops.Axis(1), loops.Axis(1), depth))
    steps = ", ".join(f"{{convolution: 1x1, filters: {depth}}}" for depth in depths)
    assert counted(f"{{sequence: [{steps}]}}", x) == walked


def test_named_and_unnamed_steps_count_alike():
    steps = ("{convolution: 3x3, filters: 4}", "batch norm", "relu")
    unnamed = counted(f"{{sequence: [{', '.join(steps)}]}}", (3, 8, 8))
    named = counted(f"{{sequence: {{{', '.join(f's{i}: {step}' for i, step in enumerate(steps))}}}}}", (3, 8, 8))
    assert unnamed == named


def test_an_empty_sequence_is_refused():
    assert row_problem("rows: {s: {sequence: []}}").code == "empty-list"
