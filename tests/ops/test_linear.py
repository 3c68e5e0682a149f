"""Linear layer: `{linear: 1000}` (language, rule 11: it takes all elements of the map)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import counted, meant, row_problem, rows
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


# -- over channels ----------------------------------------------------------------------------------------------------


@given(maps(), st.integers(1, 5), FLAGS)
def test_over_channels_the_counts_are_those_of_the_walked_loops(x: loops.Map, units: int, bias: bool):
    step = f"{{linear: {units}, over: channels, bias: {flag(bias)}}}"
    assert counted(step, x) == [loops.linear_over_channels(x, units, bias=bias)]


@given(maps(), st.integers(1, 5))
def test_over_channels_it_is_a_1x1_convolution(x: loops.Map, units: int):
    """Network in network, section 3."""
    assert counted(f"{{linear: {units}, over: channels}}", x) == counted(f"{{convolution: 1x1, filters: {units}}}", x)


def test_a_sequence_of_128_positions_takes_one_matrix():
    """Issue: 128 x 1 x 128 into `linear: 128` is 2.10M params where PyTorch's Linear(128, 128) has 16,512."""
    flat, matrix = (counted(f"{{linear: 128{more}}}", (128, 1, 128))[0] for more in ("", ", over: channels"))
    assert flat.weights + flat.biases == 128 * 128 * 128 + 128
    assert matrix.weights + matrix.biases == 16_512
    assert matrix.multiply_adds == 128 * 16_384


def test_with_a_free_size_only_its_work_grows():
    net = rows("rows: {l: {linear: 8, over: channels}}", 4, symbols={"size": None})
    assert net.totals.params == 4 * 8 + 8
    assert str(net.totals.multiply_adds) == "32*size**2"


def test_another_word_after_over_is_an_error_that_names_both():
    problem = row_problem("rows: {l: {linear: 8, over: channel}}")
    assert (problem.code, meant(problem)) == ("unknown-word", "channel")
    assert "map or channels" in problem.fix
