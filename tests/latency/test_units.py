"""Units: every layer in one, batch norms, activations and sums with the convolution that computes them."""

from __future__ import annotations

import pytest

from inception_calc.analysis import analyze
from inception_calc.latency.units import units_of
from inception_calc.problems import Undecided
from tests.helpers import rows, shipped, shipped_analysis
from tests.shipped_specs import ALL


@pytest.mark.parametrize("reference", ALL)
def test_every_layer_is_in_one_unit_and_no_count_is_lost(reference: str):
    analysis = shipped_analysis(reference, training=True)
    units = units_of(analysis)
    assert sorted(layer for unit in units for layer in unit.layers) == list(range(len(analysis.layers)))
    assert sum(unit.multiply_adds for unit in units) == analysis.totals.multiply_adds
    assert sum(unit.params for unit in units) == sum(
        cost.used.trainable for cost in analysis.layers
    )  # read again each time


def layers_of(analysis) -> list[list[str]]:
    return [[analysis.layers[index].layer.op.op for index in unit.layers] for unit in units_of(analysis)]


def test_resnet_is_its_convolutions():
    """As ONNX Runtime runs it: 53 convolutions, each with its batch norm, sum and activation, and four others."""
    units = units_of(shipped_analysis("resnet50"))
    assert [unit.kind for unit in units].count("convolution") == 53
    assert len(units) == 57


def test_what_others_read_too_is_not_folded():
    analysis = rows(
        "rows: {c: {convolution: 1x1, filters: 3}, s: {sum: {a: {relu: }, b: {identity: }}}, r: {relu: }, t: {relu: }}"
    )
    assert layers_of(analysis) == [["convolution"], ["relu"], ["sum"], ["relu"], ["relu"]]


def test_one_activation_is_folded():
    analysis = rows("rows: {c: {convolution: 1x1, filters: 3, batch norm: true, activation: relu}, r: {relu: }}")
    assert layers_of(analysis) == [["convolution", "batch norm", "relu"], ["relu"]]


def test_bytes_are_inputs_outputs_and_params_once():
    """1x1 over 3x16x16 to 5 maps, batch 2: 2 * (768 + 1280) elements, 20 params, four bytes each."""
    analysis = rows("rows: {c: {convolution: 1x1, filters: 5, activation: relu}}", batch=2)
    (unit,) = units_of(analysis)
    assert unit.bytes == 4 * (2 * (768 + 1280) + 20)
    assert unit.is_first
    assert unit.positions == 256


def test_the_other_branch_of_a_folded_sum_is_read_too():
    body = "rows: {a: {max pool: 1x1/1}, s: {sum: {a: {identity: }, b: {convolution: 1x1, filters: 3, bias: false}}}}"
    units = units_of(rows(body))
    assert [unit.kind for unit in units] == ["max pool", "convolution"]
    assert units[1].bytes == 4 * (3 * 768 + 9)


def test_a_free_symbol_has_no_latency():
    with pytest.raises(Undecided, match="batch"):
        units_of(analyze(shipped("lenet5"), symbols={"batch": None}))
