"""Linear layer: `{linear: 1000}` (language, rule 11: it takes all elements of the map)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import counted, rows
from tests.ops import loops
from tests.ops.layers import FLAGS, flag, maps


@given(maps(), st.integers(1, 5), FLAGS)
def test_counts_are_those_of_the_walked_loops(x: loops.Map, units: int, bias: bool):
    assert counted(f"{{linear: {units}, bias: {flag(bias)}}}", x) == [loops.linear(x, units, bias=bias)]


@given(maps(), st.integers(1, 5))
def test_it_is_a_convolution_with_a_window_as_large_as_the_map(x: loops.Map, units: int):
    """LeCun et al. 1998, section II.B, on C5: a convolution on a 5x5 map is a full connection."""
    assert counted(f"{{linear: {units}}}", x) == counted(f"{{convolution: {x[1]}x{x[2]}, filters: {units}}}", x)


def test_vggs_first_hidden_layer_takes_25088_values():
    """VGG, section 2.1: the first of three hidden layers has 4096 units; the map before it is 512x7x7."""
    (fc6,) = counted("{linear: 4096}", (512, 7, 7))
    assert (fc6.weights, fc6.biases, fc6.multiply_adds) == (25_088 * 4_096, 4_096, 25_088 * 4_096)


def test_lenet_5_f6_has_10164_params_and_as_many_connections():
    """LeCun et al. 1998, section II.B."""
    (f6,) = counted("{linear: 84}", (120, 1, 1))
    assert f6.weights + f6.biases == 10_164
    assert f6.multiply_adds + 84 == 10_164


def test_googlenets_classifier_has_1025000_params():
    """Caffe's bvlc_googlenet, loss3/classifier."""
    (classifier,) = counted("{linear: 1000}", (1024, 1, 1))
    assert (classifier.weights + classifier.biases, classifier.multiply_adds) == (1_025_000, 1_024_000)


def test_its_params_follow_the_size_of_the_map():
    """Design, section 5."""
    small, large = (rows("rows: {fc: {linear: 10}}", 2, side, side).totals.weights for side in (3, 6))
    assert large == 4 * small


def test_the_activation_is_a_layer_of_its_own():
    assert counted("{linear: 7, activation: relu}", (2, 3, 3))[1:] == [loops.elementwise((7, 1, 1), "max")]
