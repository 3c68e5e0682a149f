"""Recurrent layers: `{lstm: 128}`, `{gru: 128}`, `{rnn: 128}`, with one bias or two, both ways, several of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inception_calc.onnx_export.plan import plan
from inception_calc.problems import InputError
from tests.helpers import analyzed
from tests.ops import loops

GATES = {"lstm": 4, "gru": 3, "rnn": 1}
BIASES = {"none": 0, "one": 1, "two": 2}


def net(step: str, shape: str):
    return analyzed(f"name: t\ninput: {shape}\nrows: {{r: {{{step}}}}}\n")


@settings(max_examples=40)
@given(
    st.sampled_from(list(GATES)),
    st.integers(1, 4),
    st.integers(1, 4),
    st.integers(1, 4),
    st.booleans(),
    st.sampled_from(list(BIASES)),
)
def test_counts_are_those_of_the_walked_steps(word, features, width, steps, both, bias):
    found = net(f"{word}: {width}, bidirectional: {str(both).lower()}, bias: {bias}", f"{features}x{steps}")
    walked = loops.sequences.recurrent(GATES[word], features, width, steps, 1 + both, BIASES[bias])
    totals = found.totals
    assert (totals.weights, totals.biases, totals.multiply_adds) == walked
    assert found.layers[0].effective_multiply_adds == walked.multiply_adds
    assert found.layers[0].layer.output == (width * (1 + both), steps)


def test_layers_one_behind_the_other_read_what_the_one_before_gives():
    """PyTorch, LSTM(10, 20, num_layers=2, bidirectional=True): 4*20*(10+20+2) + 4*20*(40+20+2) params a direction."""
    found = net("lstm: 20, layers: 2, bidirectional: true, returns: last", "10x7")
    assert found.totals.params == 2 * (80 * (10 + 20 + 2) + 80 * (40 + 20 + 2))
    assert [cost.layer.output for cost in found.layers] == [(40, 7), (40, 1)]


def test_a_projection_makes_the_state_smaller():
    """PyTorch: LSTM(8, 16, proj_size=4): 4*16*(8 + 4 + 2) and a matrix of 4 x 16."""
    found = net("lstm: 16, projection: 4", "8x3")
    assert found.totals.params == 4 * 16 * (8 + 4 + 2) + 4 * 16
    assert found.layers[0].layer.output == (4, 3)
    assert found.totals.multiply_adds == 3 * (4 * 16 * (8 + 4) + 4 * 16)
    with pytest.raises(InputError) as caught:
        plan(found)
    assert [problem.code for problem in caught.value.problems] == ["not-in-onnx"]


def test_keras_counts_one_bias_and_for_a_gru_two():
    """Keras: LSTM(32) on 10 features has 4*(10*32 + 32*32 + 32); GRU(32), reset_after, 3*(10*32 + 32*32 + 2*32)."""
    assert net("lstm: 32, bias: one", "10x5").totals.params == 4 * (320 + 1024 + 32)
    assert net("gru: 32", "10x5").totals.params == 3 * (320 + 1024 + 64)


@pytest.mark.parametrize(
    ("step", "shape", "code"),
    [
        ("lstm: 4", "3x8x8", "wrong-rank"),
        ("gru: 4, layers: 0", "3x8", "too-small"),
        ("rnn: 4, layers: 5000", "3x8", "too-large"),
        ("lstm: 4, returns: all", "3x8", "unknown-word"),
        ("lstm: 4, bias: three", "3x8", "unknown-word"),
        ("gru: 4, projection: 2", "3x8", "unknown-key"),
    ],
)
def test_bad_settings(step: str, shape: str, code: str):
    with pytest.raises(InputError) as caught:
        net(step, shape)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert caught.value.problems[0].fix
