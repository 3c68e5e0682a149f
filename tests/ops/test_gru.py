"""Gated recurrent layers; what all recurrent layers share is judged in test_lstm.py."""

from __future__ import annotations

from tests.helpers import analyzed
from tests.ops import loops


def test_its_gates():
    """Three of (8 + 5 + 2) params for each of 5 units, 6 steps."""
    totals = analyzed("name: t\ninput: 8x6\nrows: {r: {gru: 5}}\n").totals
    walked = loops.sequences.recurrent(3, 8, 5, 6, 1, 2)
    assert (totals.weights, totals.biases, totals.multiply_adds) == walked
    assert totals.params == 3 * 5 * (8 + 5 + 2)
    assert totals.element_ops == 6 * 5 * 2 * 3
