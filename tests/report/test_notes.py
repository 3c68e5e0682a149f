"""What is said beside the numbers: shared weights, and linear layers that flatten what they were not meant to."""

from __future__ import annotations

import pytest

from inception_calc.comparison import compare
from inception_calc.explain import explain
from inception_calc.report.notes import flattening_notes, network_notes, sharing_notes
from tests.helpers import loaded, rows, shipped_analysis


def test_a_linear_layer_behind_a_sequence_or_many_positions_is_told_of():
    (note,) = flattening_notes(rows("rows: {fc: {linear: 128}}", 128, 1, 128))
    assert note.startswith("fc: the linear layer flattens 1x128 positions of 128 channels")
    assert "{linear: ..., over: channels}" in note
    assert flattening_notes(rows("rows: {fc: {linear: 8}}", 3, 32, 32))
    (single,) = flattening_notes(rows("rows: {fc: {linear: 8}}", 1, 32, 32))
    assert "of 1 channel; one matrix" in single


@pytest.mark.parametrize("step", ["{linear: 8, over: channels}", "{sequence: [{average pool: global}, {linear: 8}]}"])
def test_one_that_does_not_flatten_is_not(step: str):
    assert flattening_notes(rows(f"rows: {{fc: {step}}}", 3, 32, 32)) == []


@pytest.mark.parametrize("name", ["lenet5", "alexnet", "vgg_d", "googlenet", "spp_zf5"])
def test_classifiers_of_the_zoo_are_meant(name: str):
    assert flattening_notes(shipped_analysis(name)) == []


def test_rows_that_use_the_weights_of_others_say_whose():
    conv = "convolution: 1x1, filters: 3"
    net = rows(f"rows: {{a: {{{conv}}}, b: {{{conv}, weights of: a}}, c: {{{conv}, repeat: 3, shared: true}}}}")
    notes = ["b: its weights are those of a, where they count", "c: its layers share weights, which count once"]
    assert sharing_notes(net) == notes
    assert network_notes(net) == notes


def test_explain_and_compare_say_whose_weights_a_layer_uses():
    text = "name: t\ninput: 3x8x8\nrows:\n  a: {convolution: 1x1, filters: 3}\n  b: {convolution: 1x1, filters: 3%s}\n"
    own, shared = (loaded(text % more) for more in ("", ", weights of: a"))
    (change,) = compare([own, shared]).changes
    assert (change.field, change.before, change.after, change.params) == ("weights of", "none", "a", -12)
    assert change.multiply_adds == 0
    assert explain(rows(text.partition("\n")[2].partition("\n")[2] % ", weights of: a", 3, 8, 8), "b").notes[-1] == (
        "it uses the weight (3x3x1x1) and bias (3) of a, whose params count there"
    )
