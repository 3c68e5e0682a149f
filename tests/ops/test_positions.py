"""Positions: learned for each place, learned out of a longer table, sinusoidal."""

from __future__ import annotations

import pytest

from inception_calc.problems import InputError
from tests.helpers import analyzed
from tests.ops import loops


def net(step: str, shape: str = "6x5"):
    return analyzed(f"name: t\ninput: {shape}\nrows: {{r: {step}}}\n")


@pytest.mark.parametrize(
    ("step", "x", "entries"),
    [
        ("{positions: learned}", (6, 5), None),
        ("{positions: learned}", (6, 5, 2), None),
        ("{positions: learned, entries: 40}", (6, 5), 40),
        ("{positions: sinusoidal}", (6, 5), None),
    ],
)
def test_a_number_for_each_channel_and_place(step: str, x: tuple[int, ...], entries: int | None):
    (cost,) = net(step, "x".join(map(str, x))).layers
    walked = loops.sequences.positions(x, entries, "learned" in step)
    assert (tuple(cost.layer.output), cost.params, cost.element_ops) == walked
    assert cost.weights == 0


@pytest.mark.parametrize(
    ("step", "shape", "code"),
    [
        ("{positions: learned, entries: 4}", "6x5", "too-small"),
        ("{positions: learned, entries: 40}", "6x5x2", "wrong-rank"),
        ("{positions: trained}", "6x5", "unknown-word"),
    ],
)
def test_bad_positions(step: str, shape: str, code: str):
    with pytest.raises(InputError) as caught:
        net(step, shape)
    assert [problem.code for problem in caught.value.problems] == [code]
