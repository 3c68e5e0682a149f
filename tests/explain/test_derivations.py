"""Every derivation that an operator states evaluates to the count; what it leaves out is the input's size, or zero."""

from __future__ import annotations

import pytest

from inception_calc.analysis import LayerCost, analyze
from inception_calc.dims import evaluated
from inception_calc.explain import explain
from inception_calc.primitives.derivation import COSTS, TAPS, Derivation
from inception_calc.spec_file import load
from inception_calc.spec_file import shipped as shipped_specs
from tests.formula.restricted import evaluate
from tests.helpers import analyzed, rows, shipped, shipped_analysis

EVERY = [f"{name}@{variant}" for name in shipped_specs.names() for variant in ("default", *load(name).spec.variants)]
SEQUENCES = {
    "attention: 2\n    causal: true\n    cache: 3\n    key value heads: 1\n    rotary: true": "4x5",
    "attention: 2\n    causal: true\n    window: 2": "4x6",
    "attention: 2\n    window: 2x3\n    shifted: true\n    relative positions: true": "4x6x6",
    "attention: 2\n    relative positions: 7\n    output projection: false": "4x5",
    "lstm: 3\n    bidirectional: true\n    projection: 2": "4x5",
    "gru: 3\n    bias: one\n    returns: last": "4x5",
    "rnn: 3\n    bias: none": "4x5",
    "embedding: 3\n    entries: 9": "1x5",
    "positions: learned": "4x5x6",
    "positions: learned\n    entries: 9": "4x5",
    "class token: 2": "4x5",
    "tokens:": "4x5x6",
    "map: 2x3": "4x6",
    "take: last": "4x5",
}
"""Step -> the map that enters."""
ODD = [
    "convolution: 3x5/2x1\n    filters: 6\n    groups: 3\n    dilation: 2\n    padding: 1",
    "convolution: 3x3\n    filters: 6\n    padding: same\n    bias: false",
    "convolution: 3x3\n    filters: 2\n    dilation: [2, 1]\n    stride: [1, 2]\n    padding: half",
    "transposed convolution: 3x3\n    filters: 2\n    stride: [2, 3]\n    output padding: [1, 2]\n    dilation: [1, 2]",
    "depthwise convolution: 3x3/2\n    multiplier: 2",
    "separable convolution: 3x3\n    multiplier: 2\n    filters: 4",
    "max pool: 3x3/2\n    rounding: ceil\n    padding: 1",
    "average pool: 3x2/2\n    rounding: ceil",
    "max pool: global",
    "subsampling: 2x2/2",
    "spatial pyramid pool: [3, 2, 1]",
    "local response norm: 5",
    "batch norm:\n      scale: false",
    "rbf: 7",
    "split: 3\n    part: 2",
    "channel shuffle: 3",
    "pixel shuffle: 1",
    "space to depth: 1",
    "crop: 2",
    "pad: [[1, 2], [0, 1]]",
    "resize: 5x9\n    mode: bilinear",
    "roll: 2",
    "permute: [height, channels, width]",
    "l2 pool: 3x3/2",
    "adaptive average pool: 5x3",
    "adaptive max pool: 5x4",
    "layer scale:",
    "layer scale:\n    shift: true",
    "prelu:",
    "prelu: channels",
    "glu: silu",
    "layer norm:",
    "layer norm:\n    over: map",
    "rms norm:",
    "group norm: 3",
    "instance norm:",
    "l2 norm:\n      scale: true",
    "flatten:",
    "softmax:",
    "softmin:",
    "log softmax:",
    "dropout: 0.5",
    "linear: 5\n    bias: false",
]


def assert_derived(cost: LayerCost) -> None:
    derived = {one.quantity: one for one in cost.layer.op.derivations(cost.inputs, cost.layer.output)}
    x, y = cost.inputs[0], cost.layer.output
    assert derived.keys() <= {*y.names, *COSTS, *(TAPS[axis] for axis in y.axes)}
    assert_taps(derived, y.axes)
    params = cost.used._asdict()  # what another layer holds is derived too
    assert params.pop("constants") == 0  # which files of other kinds alone have
    counted = {
        **dict(zip(y.names, y, strict=True)),
        **params,
        "multiply_adds": cost.multiply_adds,
        "effective_multiply_adds": cost.effective_multiply_adds,
        "element_ops": cost.element_ops,
    }
    assert counted.keys() == {*y.names, *COSTS}
    for quantity, count in counted.items():
        unsaid = x[x.names.index(quantity)] if quantity in x.names else 0
        one = derived.get(quantity)
        assert (evaluated(one.formula, one.values) if one else unsaid) == count, (cost.layer.name, quantity)
        if one and "ceil_div" not in one.formula:
            assert evaluate(one.formula, one.values) == count


def assert_taps(derived: dict[str, Derivation], axes: tuple[str, ...]) -> None:
    """The taps that a cost is multiplied out of are derived themselves, one summand for each row of the kernel."""
    cost = derived.get("effective_multiply_adds")
    has_kernel = (
        cost is not None
        and "weights" in derived
        and any(name.startswith("kernel_") for name in derived["weights"].values)
    )
    for axis in axes if has_kernel else ():
        one = derived[TAPS[axis]]
        assert evaluate(one.formula, {}) == cost.values[TAPS[axis]]
        assert len(one.formula.split(" + ")) == derived["weights"].values[f"kernel_{axis}"]


@pytest.mark.parametrize(
    ("step", "down"),
    [
        (
            "convolution: 7x7/2\n    filters: 1\n    padding: 3",
            "3 + 4 + 4 + 5 + 5 + 4 + 4",
        ),  # from rows -3, -1, 1, 3, 5
        ("convolution: 3x3\n    filters: 1", "8 + 8 + 8"),
        ("convolution: 3x3\n    filters: 1\n    padding: same\n    dilation: 2", "8 + 10 + 8"),
        ("transposed convolution: 3x3/2\n    filters: 1\n    padding: 1", "9 + 10 + 9"),
    ],
)
def test_taps_down_counted_on_fingers(step: str, down: str):
    cost = rows(f"rows:\n  row:\n    {step}\n", 1, 10, 10).layers[0]
    derived = {one.quantity: one for one in cost.layer.op.derivations(cost.inputs, cost.layer.output)}
    assert derived["taps_down"].formula == down


@pytest.mark.parametrize("name", EVERY)
def test_derivations_of_shipped_specs(name: str):
    for cost in shipped_analysis(name, training=True).layers:
        assert_derived(cost)


@pytest.mark.parametrize("step", ODD)
def test_derivations_of_odd_layers(step: str):
    for cost in rows(f"rows:\n  row:\n    {step}\n", 6, 17, 13).layers:
        assert_derived(cost)


@pytest.mark.parametrize(("step", "x"), SEQUENCES.items())
def test_derivations_of_sequences(step: str, x: str):
    for cost in analyzed(f"name: t\ninput: {x}\nrows:\n  row:\n    {step}\n").layers:
        assert_derived(cost)


@pytest.mark.parametrize("batch", [1, 8])
def test_an_explanation_is_for_the_whole_batch(batch: int):
    analysis = analyze(shipped("googlenet"), batch=batch)
    for cost in analysis.layers[:12]:
        lines = {line.quantity: line.value for line in explain(analysis, cost.layer.name).lines}
        for quantity in ("multiply_adds", "effective_multiply_adds", "element_ops", "params"):
            if quantity in lines:
                assert lines[quantity] == getattr(cost, quantity)
