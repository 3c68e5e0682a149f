"""`dtype: int8` beside a step or in defaults: bytes of that layer's params and output; int4 packs two in a byte."""

from __future__ import annotations

import pytest

from inception_calc.analysis.measures import Measures
from inception_calc.analysis.metrics import METRICS
from tests.helpers import meant, row_problem, rows

BYTES = ("param_bytes", "activation_bytes", "traffic_bytes", "peak_activation_bytes")
NET = """
    rows:
      a: {convolution: 3x3, filters: 5, batch norm: true%s}
      b: {convolution: 1x1, filters: 3}
      c: {linear: 3%s}
"""


def in_bytes(net) -> dict[str, int]:
    measures = Measures(net)
    return {name: METRICS[name].of_group(measures, net.whole) for name in BYTES}


@pytest.mark.parametrize(("dtype", "size"), [("fp32", 4), ("fp16", 2), ("int8", 1)])
def test_a_type_on_every_row_is_the_type_of_the_network(dtype: str, size: int):
    """But for the image, which is of the network's type: it is written beside every step here and fp32 there."""
    text = NET.replace("filters: 3", f"filters: 3, dtype: {dtype}") % (f", dtype: {dtype}", f", dtype: {dtype}")
    alike, whole = rows(text, dtype=dtype), rows(NET % ("", ""), dtype=dtype)
    assert in_bytes(alike) == in_bytes(whole)
    assert whole.totals.param_bytes == size * whole.totals.params


def test_one_layer_of_another_type():
    net = rows(NET % ("", ", dtype: int8"), 3, 8, 8)
    a, norm, b, c = net.layers
    assert [cost.param_bytes for cost in net.layers] == [4 * a.params, 4 * norm.params, 4 * b.params, c.params]
    assert c.activation_bytes == 3
    assert c.traffic_bytes == 4 * 3 * 6 * 6 + c.params + 3
    assert net.totals.param_bytes == sum(cost.param_bytes for cost in net.layers)


def test_a_step_hands_its_type_to_all_that_it_expands_to():
    net = rows(NET % (", dtype: fp16", ""))
    assert [cost.layer.dtype for cost in net.layers] == ["fp16", "fp16", "", ""]


def test_defaults_may_say_it_and_a_step_goes_before_them():
    text = """
    defaults: {convolution: {dtype: int8}}
    rows: {a: {convolution: 1x1, filters: 2}, b: {convolution: 1x1, filters: 2, dtype: fp16}}
    """
    assert [cost.layer.dtype for cost in rows(text).layers] == ["int8", "fp16"]


def test_two_numbers_of_four_bits_share_a_byte():
    """Each tensor begins at a byte: 15 numbers take 8."""
    net = rows("rows: {a: {linear: 5, bias: false, dtype: int4}}", 3, 1, 1)
    assert (net.totals.param_bytes, net.totals.activation_bytes) == (8, 3)
    whole = rows("rows: {a: {linear: 5, bias: false}}", 3, 1, 1, dtype="int4")
    assert (whole.totals.param_bytes, whole.totals.activation_bytes) == (8, 3)
    assert METRICS["peak_activation_bytes"].of(whole) == 2 + 3


def test_a_view_of_another_type_counts_nothing_more():
    net = rows("rows: {a: {convolution: 1x1, filters: 4, dtype: int8}, b: flatten}", 3, 4, 4)
    assert net.totals.activation_bytes == 4 * 16
    assert METRICS["peak_activation_bytes"].of(net) == 4 * 48 + 64


def test_bytes_of_a_free_batch_are_formulas():
    net = rows(NET % (", dtype: int8", ""), symbols={"batch": None})
    assert str(net.layers[0].activation_bytes) == f"{5 * 14 * 14}*batch"


def test_another_word_is_told():
    problem = row_problem("rows: {a: {linear: 3, dtype: int9}}")
    assert (problem.code, meant(problem)) == ("unknown-word", "int9")
    assert "int8" in problem.fix
