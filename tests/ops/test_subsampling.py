"""Subsampling: `{subsampling: 2x2/2}` (LeCun et al. 1998, section II.B; language, rule 11)."""

from __future__ import annotations

from hypothesis import given

from tests.helpers import counted, row_problem
from tests.ops import loops
from tests.ops.layers import Windowed, windowed


@given(windowed(pools=True, plain=True))
def test_counts_are_those_of_the_walked_loops(w: Windowed):
    stride = f", stride: [{w.rows.stride}, {w.columns.stride}]" if "/" not in w.window else ""
    walked = loops.subsampling(w.x, w.rows, w.columns)
    assert counted(f"{{subsampling: {w.window}{stride}}}", w.x) == [walked]


def test_lenet_5_s2_has_12_params_and_5880_connections():
    """LeCun et al. 1998, section II.B. Its connections are four inputs and a bias for each output, none a weight."""
    (s2,) = counted("{subsampling: 2x2/2}", (6, 28, 28))
    assert (s2.affine, s2.biases, s2.weights, s2.multiply_adds) == (6, 6, 0, 0)
    assert s2.affine + s2.biases == 12
    assert s2.element_ops == 14 * 14 * 6 * (4 + 1) == 5_880


def test_lenet_5_s4_has_32_params_and_2000_connections():
    (s4,) = counted("{subsampling: 2x2/2}", (16, 10, 10))
    assert (s4.affine + s4.biases, s4.element_ops) == (32, 2_000)


def test_the_activation_is_a_layer_of_its_own():
    _, tanh = counted("{subsampling: 2x2/2, activation: tanh}", (6, 28, 28))
    assert tanh == loops.elementwise((6, 14, 14), "tanh")


def test_the_stride_must_be_written():
    assert row_problem("rows: {s: {subsampling: 2x2}}").code == "no-stride"
