"""Softmax: `softmax`, exp(x) over the sum of exp(x), across channels at each position."""

from __future__ import annotations

from hypothesis import given

from tests.helpers import counted
from tests.ops import loops
from tests.ops.layers import maps


@given(maps())
def test_counts_are_those_of_the_walked_loops(x: loops.Map):
    assert counted("softmax", x) == [loops.softmax(x)]


def test_1000_classes_need_2999_element_ops():
    """1000 exponentials, 999 additions, 1000 divisions."""
    assert counted("softmax", (1000, 1, 1))[0].element_ops == 1000 + 999 + 1000
