"""A constant factor: `{scale: 0.17}` (Inception-v4 and Inception-ResNet, section 3.3)."""

from __future__ import annotations

from hypothesis import given

from tests.helpers import counted, counts_of, rows
from tests.ops import loops
from tests.ops.layers import maps


@given(maps())
def test_counts_are_those_of_the_walked_loops(x: loops.Map):
    assert counted("{scale: 0.17}", x) == [loops.elementwise(x, "product")]


def test_the_factor_may_be_a_column():
    """Inception-ResNet-v2 scales by 0.17, 0.10 and 0.20 in one block."""
    net = rows("""
        blocks: {residual: {columns: [depth, factor], sequence: [{convolution: 1x1, filters: depth}, {scale: factor}]}}
        rows: {a: {residual: [4, 0.17]}}
    """)
    assert counts_of(net.layers[1]) == loops.elementwise((4, 16, 16), "product")


def test_it_is_no_parameter():
    assert rows("rows: {s: {scale: 0.1}}").totals.params == 0
