"""Activations: each word against its formula, walked, computed and run."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inception_calc.onnx_ops.register import find
from inception_calc.ops.activation_words import FUNCTIONS, NUMBERED
from inception_calc.ops.activations import FUNCTIONS as TABLE
from inception_calc.ops.register import operator
from tests.helpers import counted, meant, row_problem, rows
from tests.ops import loops
from tests.ops.layers import maps

np = pytest.importorskip("numpy")
pytest.importorskip("onnxruntime")

from tests.onnx_export.test_values import run  # noqa: E402 - behind the question whether it is there


def erf(x):
    """Abramowitz and Stegun, 7.1.26: within 1.5e-7."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return np.sign(x) * (1 - poly * np.exp(-x * x))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


HARD = ("slope", "product", "addition", "limits")  # ONNX has one word for them
WALKED = {  # word: what is done to each element, and the formula in numpy
    "relu": (["largest"], lambda x: np.maximum(x, 0)),
    "relu6": (["zero", "six"], lambda x: np.clip(x, 0, 6)),
    "leaky relu": (["slope"], lambda x: np.where(x < 0, 0.01 * x, x)),
    "rrelu": (["slope"], lambda x: np.where(x < 0, (1 / 8 + 1 / 3) / 2 * x, x)),
    "elu": (["elu"], lambda x: np.where(x < 0, np.exp(x) - 1, x)),
    "celu": (["celu"], lambda x: np.where(x < 0, np.exp(x) - 1, x)),
    "selu": (["selu"], lambda x: 1.0507009873554805 * np.where(x < 0, 1.6732632423543772 * (np.exp(x) - 1), x)),
    "sigmoid": (["sigmoid"], sigmoid),
    "hard sigmoid": (["hard sigmoid"], lambda x: np.clip(x / 6 + 0.5, 0, 1)),
    "log sigmoid": (["sigmoid", "log"], lambda x: np.log(sigmoid(x))),
    "tanh": (["tanh"], np.tanh),
    "hard tanh": (["low", "high"], lambda x: np.clip(x, -1, 1)),
    "softsign": (["softsign"], lambda x: x / (1 + np.abs(x))),
    "softplus": (["softplus"], lambda x: np.log1p(np.exp(x))),
    "exponential": (["exp"], np.exp),
    "silu": (["sigmoid", "product"], lambda x: x * sigmoid(x)),
    "hard swish": (["hard sigmoid", "product"], lambda x: x * np.clip(x + 3, 0, 6) / 6),
    "mish": (["softplus", "tanh", "product"], lambda x: x * np.tanh(np.log1p(np.exp(x)))),
    "gelu": (["quotient", "erf", "addition", "product", "half"], lambda x: x / 2 * (1 + erf(x / np.sqrt(2)))),
    "gelu tanh": (
        ["cube", "product", "addition", "product", "tanh", "addition", "product", "half"],
        lambda x: x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))),
    ),
    "quick gelu": (["product", "sigmoid", "product"], lambda x: x * sigmoid(1.702 * x)),
    "hard shrink": (["shrink"], lambda x: np.where(np.abs(x) > 0.5, x, 0)),
    "soft shrink": (["shrink"], lambda x: np.sign(x) * np.maximum(np.abs(x) - 0.5, 0)),
    "tanh shrink": (["tanh", "difference"], lambda x: x - np.tanh(x)),
    "threshold": (["comparison"], lambda x: np.where(x > 1, x, 0)),
    "square plus": (["square", "addition", "root", "addition", "half"], lambda x: (x + np.sqrt(x * x + 4)) / 2),
    "sparse sigmoid": (["hard sigmoid"], lambda x: np.clip((x + 1) / 2, 0, 1)),
    "sparse plus": (
        ["low", "high", "addition", "square", "quarter", "difference", "largest", "addition"],
        lambda x: np.where(x <= -1, 0, np.where(x < 1, (x + 1) ** 2 / 4, x)),
    ),
    "relu squared": (["largest", "square"], lambda x: np.maximum(x, 0) ** 2),
}


def test_every_word_is_walked():
    assert WALKED.keys() == set(FUNCTIONS) == TABLE.keys()
    assert set(NUMBERED) == {word for word, function in TABLE.items() if function.number}


@settings(max_examples=40)
@given(maps(), st.sampled_from(FUNCTIONS))
def test_counts_are_those_of_the_walked_loops(x: loops.Map, word: str):
    expected = [loops.elementwise(x, *WALKED[word][0])]
    assert counted(word, x) == expected
    assert counted(f"{{sum: {{a: identity, b: identity}}, activation: {word}}}", x)[1:] == expected


@pytest.mark.parametrize("word", FUNCTIONS)
def test_what_is_exported_computes_the_formula(word: str):
    x, y, _ = run(word, 3, 4, 5)
    assert np.allclose(y, WALKED[word][1](x.astype("float64")), atol=2e-6)


@pytest.mark.parametrize("word", FUNCTIONS)
def test_a_file_of_its_nodes_counts_as_many(word: str):
    """Of one input and one output; `Clip` has a limit on each side."""
    (cost,) = rows(f"rows: {{r: {word}}}", 2, 3, 3).layers
    nodes = cost.layer.op.onnx_nodes(cost.inputs, cost.layer.output).nodes
    assert all(find("", node.op_type, 18) for node in nodes)
    assert cost.element_ops == 18 * sum(2 if node.op_type == "Clip" else 1 for node in nodes)


@pytest.mark.parametrize(
    ("step", "formula"),
    [
        ("{leaky relu: 0.2}", lambda x: np.where(x < 0, 0.2 * x, x)),
        ("{elu: 0.5}", lambda x: np.where(x < 0, 0.5 * (np.exp(x) - 1), x)),
        ("{hard sigmoid: 0.2}", lambda x: np.clip(0.2 * x + 0.5, 0, 1)),
        ("{hard tanh: 0.5}", lambda x: np.clip(x, -0.5, 0.5)),
        ("{sum: {a: identity}, activation: {leaky relu: 0.2}}", lambda x: np.where(x < 0, 0.2 * x, x)),
    ],
)
def test_its_number_is_what_runs(step: str, formula):
    x, y, _ = run(step, 2, 3, 4)
    assert np.allclose(y, formula(x), atol=1e-6)


def test_a_number_may_stand_in_a_column():
    text = "blocks: {b: {columns: [slope], sequence: [{leaky relu: slope}]}}\nrows: {r: {b: 0.3}}"
    assert float(rows(text).layers[0].layer.op.number) == pytest.approx(0.3)


def test_a_step_and_a_setting_cost_the_same():
    """Language, section 3: as a setting `activation: sigmoid`, as a step the bare word."""
    step = rows("rows: {conv: {convolution: 1x1, filters: 4}, sigmoid: sigmoid}").layers[1]
    setting = rows("rows: {conv: {convolution: 1x1, filters: 4, activation: sigmoid}}").layers[1]
    assert (step.element_ops, step.layer.output) == (setting.element_ops, setting.layer.output)


@pytest.mark.parametrize(
    ("step", "code", "at"),
    [
        ("{relu: 0.1}", "no-argument", "0.1"),
        ("{leaky relu: 0.x}", "bad-decimal", "0.x"),
        ("{linear: 3, activation: rleu}", "unknown-word", "rleu"),
        ("{linear: 3, activation: {rleu: 1}}", "unknown-word", "rleu"),
        ("{linear: 3, activation: {relu: 0.1}}", "no-argument", "0.1"),
        ("{linear: 3, activation: {none: 0.1}}", "no-argument", "0.1"),
        ("{linear: 3, activation: [relu]}", "wrong-type", "["),
    ],
)
def test_what_is_wrong_is_told_at_its_place(step: str, code: str, at: str):
    problem = row_problem(f"rows: {{r: {step}}}")
    assert (problem.code, meant(problem)) == (code, at)


def test_a_word_of_another_operator_is_none_of_this_file():
    with pytest.raises(KeyError):
        operator("swish")
