"""The backward pass: by hand, and against torch's own counter where torch is installed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_calc.analysis import Analysis
from inception_calc.analysis.backward import Backward, backward_costs
from inception_calc.analysis.measures import Measures
from tests.helpers import names, rows, shipped_analysis


def gradients(analysis: Analysis) -> dict[str, Backward]:
    return dict(zip(names(analysis), backward_costs(analysis), strict=True))


def whole(analysis: Analysis) -> Backward:
    return Measures(analysis).gradients(analysis.whole)


def test_a_convolution_behind_another_costs_twice_its_forward_pass():
    """a: 3x3x2x4 weights at 6x6 places. Its image needs no gradient. b: 1x1x4x5 at 6x6, for both."""
    found = gradients(rows("rows: {a: {convolution: 3x3, filters: 4}, b: {convolution: 1x1, filters: 5}}", 2, 8, 8))
    assert found == {"a": Backward(0, 72 * 36), "b": Backward(20 * 36, 20 * 36)}


def test_a_linear_layer_is_two_matrix_products_of_its_size():
    found = gradients(rows("rows: {a: {linear: 7}, b: {linear: 3}}", 5, 1, 1))
    assert found == {"a": Backward(0, 35), "b": Backward(21, 21)}


def test_no_gradient_goes_to_what_no_trained_number_comes_before():
    """Pools and activations on the image pass nothing back to it; batch norm's scale and shift are trained."""
    fixed = gradients(rows("rows: {p: {max pool: 2x2/2}, r: relu, c: {convolution: 1x1, filters: 1}}", 1, 4, 4))
    assert fixed["c"] == Backward(0, 4)
    trained = gradients(rows("rows: {n: batch norm, c: {convolution: 1x1, filters: 1}}", 1, 2, 2))
    assert trained["c"] == Backward(4, 4)


def test_every_branch_from_the_image_goes_without():
    net = rows(
        """
        rows:
          m:
            concat:
              a: {convolution: 1x1, filters: 1}
              b: [{convolution: 1x1, filters: 2}, {convolution: 1x1, filters: 1}]
          c: {convolution: 1x1, filters: 1}
        """,
        3, 2, 2,
    )  # fmt: skip
    assert [cost.inputs for cost in gradients(net).values() if cost.weights] == [0, 0, 8, 8]


def test_layers_without_multiply_adds_cost_none():
    net = rows("rows: {c: {convolution: 1x1, filters: 2, batch norm: true, activation: relu}, p: {max pool: 2x2/2}}")
    assert [cost for name, cost in gradients(net).items() if name != "c"] == [Backward(0, 0)] * 3


@given(st.integers(1, 64))
def test_the_batch_multiplies_it(batch: int):
    text = "rows: {a: {convolution: 3x3, filters: 4}, b: {linear: 2}}"
    one, many = whole(rows(text)), whole(rows(text, batch=batch))
    assert (many.inputs, many.weights) == (batch * one.inputs, batch * one.weights)


@pytest.mark.parametrize("name", ["vgg_d", "resnet50", "googlenet"])
def test_a_network_with_one_first_layer_costs_three_times_its_forward_pass_less_that_layer(name: str):
    """Weights: as much as forward. Inputs: as much, but for the first convolution."""
    analysis = shipped_analysis(name, training=True)
    forward, first = analysis.totals.multiply_adds, analysis.layers[0].multiply_adds
    assert first > 0
    assert whole(analysis) == Backward(forward - first, forward)


# -- torch ------------------------------------------------------------------------------------------------------------

LAYERS = {  # a step, and the same in torch
    "{convolution: 3x3/2, filters: 6, padding: 1}": lambda nn: nn.Conv2d(4, 6, 3, 2, 1),
    "{convolution: 5x3, filters: 2, bias: false}": lambda nn: nn.Conv2d(4, 2, (5, 3), bias=False),
    "{convolution: 3x3, filters: 3, dilation: 2}": lambda nn: nn.Conv2d(4, 3, 3, dilation=2),
    "{transposed convolution: 2x2/2, filters: 3}": lambda nn: nn.ConvTranspose2d(4, 3, 2, 2),
    "{transposed convolution: 4x4/2, filters: 3, padding: 1}": lambda nn: nn.ConvTranspose2d(4, 3, 4, 2, 1),
    "{linear: 10}": lambda nn: nn.Sequential(nn.Flatten(), nn.Linear(4 * 9 * 9, 10)),
}
GROUPED = {
    "{convolution: 3x3, filters: 6, groups: 2}": lambda nn: nn.Conv2d(4, 6, 3, groups=2),
    "{depthwise convolution: 3x3, multiplier: 2}": lambda nn: nn.Conv2d(4, 8, 3, groups=4),
}


def torch_counts(layer, *, leading: bool) -> tuple[int, int]:
    """Multiply-adds forward and backward as torch counts them, two flops each."""
    torch = pytest.importorskip("torch", reason="torch is not installed: the comparison with its counter is optional")
    from torch.utils.flop_counter import FlopCounterMode

    x = torch.ones(2, 4, 9, 9, requires_grad=not leading)
    model = layer(torch.nn)
    with FlopCounterMode(display=False) as counter:
        y = model(x)
    forward = counter.get_total_flops()
    with FlopCounterMode(display=False) as counter:
        y.sum().backward()
    return forward // 2, counter.get_total_flops() // 2


@pytest.mark.parametrize("leading", [True, False], ids=["first layer", "later layer"])
@pytest.mark.parametrize("step", LAYERS)
def test_torch_counts_the_same(step: str, leading: bool):
    forward, backward = torch_counts(LAYERS[step], leading=leading)
    before = "" if leading else "n: batch norm, "
    net = rows(f"rows: {{{before}l: {step}}}", 4, 9, 9, batch=2)
    ours = gradients(net)["l"]
    assert (net.totals.multiply_adds, ours.inputs + ours.weights) == (forward, backward)


@pytest.mark.parametrize("step", GROUPED)
def test_torch_counts_the_same_forward_and_for_the_input_of_grouped_convolutions(step: str):
    """torch 2.13 multiplies the weights' gradient of g groups by g (measured here): it is divided out."""
    torch_forward, torch_first = torch_counts(GROUPED[step], leading=True)
    _, torch_later = torch_counts(GROUPED[step], leading=False)
    net = rows(f"rows: {{n: batch norm, l: {step}}}", 4, 9, 9, batch=2)
    ours = gradients(net)["l"]
    assert (net.totals.multiply_adds, ours.inputs) == (torch_forward, torch_later - torch_first)
    groups = 4 if "depthwise" in step else 2
    assert torch_first == groups * ours.weights
