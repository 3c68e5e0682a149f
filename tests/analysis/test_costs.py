"""Bytes, traffic, intensity, flops and the rest of the costs on demand: by hand, and formulas against numbers."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inception_calc.analysis import DTYPES, analyze
from inception_calc.analysis.measures import Measures
from inception_calc.analysis.metrics import METRICS
from inception_calc.dims import is_number, substitute
from inception_calc.problems import InputError
from tests.helpers import layer, rows, shipped, shipped_analysis

CONV = "rows: {c: {convolution: 3x3, filters: 4, padding: 1}}"
"""On 2x5x6: 72 weights, 4 biases, 60 numbers in, 120 out, 72 x 30 = 2,160 multiply-adds."""


def measured(text: str, *x: int, **setting) -> dict[str, object]:
    """Every cost of a whole net."""
    analysis = rows(text, *x, **setting)
    measures = Measures(analysis)
    return {name: METRICS[name].of_group(measures, analysis.whole) for name in METRICS}


def test_a_convolution_by_hand():
    found = measured(CONV, 2, 5, 6)
    assert found["param_bytes"] == 4 * (72 + 4)
    assert found["activation_bytes"] == 4 * 120
    assert found["traffic_bytes"] == 4 * (60 + 120 + 76)
    assert found["flops"] == 2 * 2_160
    assert found["arithmetic_intensity"] == Fraction(4_320, 1_024)
    assert found["effective_multiply_adds"] == 2 * 4 * (3 * 5 - 2) * (3 * 6 - 2)  # an edge row and column lose a tap
    assert (found["backward_inputs"], found["backward_weights"]) == (0, 2_160)


def test_params_are_read_once_for_the_whole_batch_and_maps_for_each_image():
    assert measured(CONV, 2, 5, 6, batch=10)["traffic_bytes"] == 4 * (10 * (60 + 120) + 76)


def test_traffic_of_layers_without_params():
    """A join reads every branch; batch norm reads scale, shift and both statistics; a view moves nothing."""
    assert measured("rows: {s: {sum: {a: identity, b: identity}}}", 1, 2, 2)["traffic_bytes"] == 4 * 3 * 4
    assert measured("rows: {n: batch norm}", 3, 2, 2)["traffic_bytes"] == 4 * (2 * 12 + 4 * 3)
    for nothing in ("flatten", "{dropout: 0.5}", "{concat: {a: {max pool: 1x1/1}}}"):
        net = rows(f"rows: {{r: {nothing}}}", 3, 2, 2)
        assert net.layers[-1].traffic_bytes == 0, nothing


def test_flops_are_two_for_a_multiply_add_and_one_for_an_element_op():
    """Design, section 2."""
    net = rows("rows: {c: {convolution: 1x1, filters: 3, activation: relu}}", 2, 4, 4)
    assert [cost.flops for cost in net.layers] == [2 * 2 * 3 * 16, 3 * 16]


@pytest.mark.parametrize(("dtype", "size"), [("fp32", 4), ("fp16", 2), ("bf16", 2), ("int8", 1)])
def test_the_data_type_decides_bytes_and_nothing_else(dtype: str, size: int):
    found, plain = measured(CONV, 2, 5, 6, dtype=dtype), measured(CONV, 2, 5, 6)
    in_bytes = {name for name in METRICS if name.endswith("bytes")}
    assert {name: found[name] * 4 for name in in_bytes} == {name: plain[name] * size for name in in_bytes}
    others = METRICS.keys() - in_bytes - {"arithmetic_intensity"}
    assert {name: found[name] for name in others} == {name: plain[name] for name in others}
    assert found["arithmetic_intensity"] * size == plain["arithmetic_intensity"] * 4
    assert set(DTYPES) == {"fp32", "fp16", "bf16", "int8", "int4"}  # int4: test_own_types.py


def test_an_unknown_data_type_is_refused_with_the_nearest_one():
    with pytest.raises(InputError) as caught:
        analyze(shipped("vgg_a"), dtype="fp23")
    assert "fp32" in caught.value.problems[0].fix


SUMMED = [name for name, metric in METRICS.items() if metric.is_sum]


@pytest.mark.parametrize("grouping", ["rows", "stages", "kinds", "single_layers"])
@pytest.mark.parametrize("name", ["googlenet", "unet", "se_resnet50"])
def test_every_cost_that_is_a_sum_adds_up(name: str, grouping: str):
    analysis = shipped_analysis(name, training=True)
    measures = Measures(analysis)
    for cost in SUMMED:
        parts = [METRICS[cost].of_group(measures, group) for group in getattr(analysis, grouping)]
        assert sum(parts) == METRICS[cost].of_group(measures, analysis.whole), cost


@pytest.mark.parametrize("name", ["googlenet", "mobilenet_v2", "unet"])
def test_effective_multiply_adds_are_fewer_only_where_there_is_padding(name: str):
    for cost in shipped_analysis(name).layers:
        assert cost.effective_multiply_adds <= cost.multiply_adds
    assert layer(shipped_analysis("googlenet"), "conv2/3x3 reduce").effective_multiply_adds == 112**2 // 4 * 64 * 64


# -- symbols ----------------------------------------------------------------------------------------------------------

NETS = {
    "padded": """
        rows:
          c: {convolution: 3x3/2, filters: 4, padding: 1}
          u: {transposed convolution: 4x4/2, filters: 2, padding: 1}
        """,
    "same": """
        rows:
          c: {convolution: 5x5, filters: 4, padding: same}
          d: {depthwise convolution: 3x3/2, padding: half}
        """,
    "enlarged": """
        rows:
          c: {convolution: 3x3, filters: 2}
          u: {upsampling: 2, mode: bilinear}
          f: [{average pool: global}, {linear: 3}]
        """.replace("[", "{sequence: [").replace("]", "]}"),
    "gated": """
        rows:
          p: {product: {map: {convolution: 1x1, filters: 3}, gate: [{average pool: global}, {linear: 3}]}}
          n: batch norm
        """,
}
FORMULAS = METRICS.keys() - {"peak_activation_bytes", "arithmetic_intensity"}
"""Which layer peaks may hang on a free size: tests/analysis/test_memory.py. An intensity is a quotient, no formula."""


@pytest.mark.parametrize("net", NETS)
@settings(max_examples=5)
@given(size=st.integers(5, 40), batch=st.integers(1, 9))
def test_formulas_filled_in_are_the_numbers(net: str, size: int, batch: int):
    formulas = costs(net, None, None)
    assert any(not is_number(formula) for formula in formulas.values())
    for name, number in costs(net, size, batch).items():
        assert substitute(formulas[name], {"size": size, "batch": batch}) == number, name


@cache
def costs(net: str, size: int | None, batch: int | None) -> dict[str, object]:
    analysis = rows(NETS[net], 2, 16, 16, symbols={"size": size, "batch": batch})
    measures = Measures(analysis)
    return {name: METRICS[name].of_group(measures, analysis.whole) for name in FORMULAS}


@settings(max_examples=3)
@given(st.integers(224, 400))
def test_googlenets_formulas_filled_in_are_the_numbers(size: int):
    free, number = (Measures(analyze(shipped("googlenet"), symbols={"size": value})) for value in (None, size))
    for name in ("effective_multiply_adds", "traffic_bytes", "param_bytes", "activation_bytes", "flops"):
        formula = METRICS[name].of_group(free, free.analysis.whole)
        assert substitute(formula, {"size": size}) == METRICS[name].of_group(number, number.analysis.whole), name
    for formula, field in zip(free.receptive_fields, number.receptive_fields, strict=True):
        assert tuple(substitute(side, {"size": size}) for side in formula.size) == field.size
