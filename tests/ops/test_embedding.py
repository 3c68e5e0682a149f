"""Embeddings, positions, tokens and what is taken of them."""

from __future__ import annotations

import pytest

from inception_calc.problems import InputError
from tests.helpers import analyzed, layer
from tests.ops import loops


def net(rows: str, shape: str):
    return analyzed(f"name: t\ninput: {shape}\nrows: {{{rows}}}\n")


def test_a_row_for_each_id():
    found = net("e: {embedding: 6, entries: 50}", "1x9")
    (cost,) = found.layers
    assert (tuple(cost.layer.output), cost.params, cost.element_ops) == loops.sequences.embedding((1, 9), 6, 50)
    assert (cost.weights, cost.multiply_adds) == (0, 0)


def test_a_classifier_tied_to_the_table_has_no_params_of_its_own():
    rows = "e: {embedding: 6, entries: 50}, c: {linear: 50, over: channels, bias: false, weights of: e}"
    found = net(rows, "1x9")
    assert (found.totals.params, found.totals.multiply_adds) == (300, 9 * 50 * 6)
    assert layer(found, "c").params == 0


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("e: {embedding: 6, entries: 50}", "wrong-depth"),
        ("e: {embedding: 6}", "missing-key"),
        ("e: {embedding: 6, entries: 0}", "too-small"),
    ],
)
def test_bad_embeddings(rows: str, code: str):
    with pytest.raises(InputError) as caught:
        net(rows, "3x9")
    assert [problem.code for problem in caught.value.problems] == [code]
