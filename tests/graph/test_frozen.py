"""`frozen: true`: params that are not trained count apart, and the backward pass leaves their gradients out."""

from __future__ import annotations

import pytest

from inception_calc.analysis.backward import backward_costs
from inception_calc.analysis.measures import Measures
from inception_calc.analysis.metrics import METRICS
from inception_calc.ops.register import REGISTER, TRAINED, operator
from inception_calc.problems import Stop
from inception_calc.report.notes import network_notes
from tests.helpers import meant, names, row_problem, rows

NET = """
    rows:
      a: {convolution: 3x3, filters: 4, batch norm: true%s}
      b: {convolution: 3x3, filters: 5%s}
      c: {linear: 2}
"""


def trained(net) -> dict[str, int]:
    return {cost.layer.name: cost.trainable_params for cost in net.layers if cost.params}


def test_a_step_with_all_that_it_expands_to():
    net = rows(NET % (", frozen: true", ""))
    counts = {cost.layer.name: cost.params for cost in net.layers if cost.params}
    assert trained(net) == {**counts, "a": 0, "a/batch norm": 0}
    assert METRICS["trainable_params"].of(net) == net.totals.params - (3 * 9 * 4 + 4 + 8)
    assert net.totals.params == rows(NET % ("", "")).totals.params


def test_what_follows_with_then_says_so_itself():
    net = rows("rows: {a: {convolution: 1x1, filters: 2, frozen: true, then: {linear: 3}}}")
    assert [cost.layer.frozen for cost in net.layers] == [True, False]


def test_a_block_and_a_sequence():
    text = """
    blocks:
      b: {frozen: %s, sequence: [{convolution: 1x1, filters: 2}, relu, {inner: }]}
      inner: {sequence: [{linear: 3}]}
    rows: {x: {b: }, y: {sequence: [{linear: 4}], frozen: true}, z: {linear: 5}}
    """
    assert [cost.layer.frozen for cost in rows(text % "true").layers] == [True, False, True, True, False]
    assert [cost.layer.frozen for cost in rows(text % "false").layers] == [False, False, False, True, False]


@pytest.mark.parametrize(
    ("defaults", "frozen"),
    [
        ("batch norm: {frozen: true}", ["a/batch norm"]),
        ("convolution: {frozen: true}", ["a", "a/batch norm", "b"]),
        ("convolution: {frozen: true}, batch norm: {frozen: false}", ["a", "b"]),
        ("linear: {frozen: true, bias: false}", ["c"]),
    ],
)
def test_defaults(defaults: str, frozen: list[str]):
    net = rows(f"    defaults: {{{defaults}}}\n{NET % ('', '')}")
    assert [cost.layer.name for cost in net.layers if cost.layer.frozen] == frozen


def test_gradients_stop_where_nothing_in_front_is_trained():
    """torch: of y = W x, dW is worked out where W asks for it, dx where anything before x does."""
    free, frozen = (rows(NET % (setting, "")) for setting in ("", ", frozen: true"))
    products = {cost.layer.name: cost.multiply_adds for cost in free.layers}

    def costs(net):
        gradients = zip(net.layers, backward_costs(net), strict=True)
        return {cost.layer.name: tuple(back) for cost, back in gradients if cost.multiply_adds}

    assert costs(free) == {"a": (0, products["a"]), "b": (products["b"],) * 2, "c": (products["c"],) * 2}
    assert costs(frozen) == {"a": (0, 0), "b": (0, products["b"]), "c": (products["c"],) * 2}


def test_frozen_behind_something_trained_still_passes_gradients_on():
    net = rows(NET % ("", ", frozen: true"))
    gradients = {cost.layer.name: back for cost, back in zip(net.layers, backward_costs(net), strict=True)}
    assert gradients["b"].inputs > 0
    assert gradients["b"].weights == 0


def test_weights_that_are_borrowed_from_a_frozen_layer_are_frozen():
    net = rows("rows: {a: {linear: 8, frozen: true}, b: {linear: 8, weights of: a}}", 8, 1, 1)
    assert [back.weights for back in backward_costs(net)] == [0, 0]


def test_it_is_said_beside_the_table():
    net = rows(NET % (", frozen: true", ""))
    whole = METRICS["trainable_params"].of_group(Measures(net), net.whole)
    assert f"{whole} of {net.totals.params} params are trained, the rest is frozen" in network_notes(net)


@pytest.mark.parametrize("word", sorted(REGISTER))
def test_operators_with_arrays_take_the_default(word: str):
    step = ", ".join(f"{key}: {value}" for key, value in operator(word).smallest.items()).replace("'", "")
    try:
        layers = rows(f"rows: {{row: relu, smallest: {{{step}}}}}", 4, 4, 4).layers[1:]
    except Stop:  # an operator that is not for images
        return
    if any(cost.params for cost in layers):
        assert word in TRAINED


def test_a_flag_is_a_flag():
    problem = row_problem("rows: {a: {linear: 3, frozen: maybe}}")
    assert (problem.code, meant(problem)) == ("not-a-flag", "maybe")
    assert names(rows("rows: {a: {linear: 3, frozen: false}}")) == ["a"]
