"""References in formulas: exact values by hand, and complaints in their places."""

from fractions import Fraction

import pytest

from inception_calc.audit.references import Library
from inception_calc.dims.formula import evaluate, read_formula
from inception_calc.problems import Fault
from tests.helpers import loaded, shipped

SPEC = """
    name: t
    input: 3x8x10
    symbols: {classes: 5}
    blocks:
      halves: {concat: {a: {convolution: 1x1, filters: 2}, b: {max pool: 1x1/1}}}
    rows:
      conv: {convolution: 3x3, filters: 4, padding: same}
      out put: {halves: }
      output: {linear: classes}
    heads:
      side: {after: conv, linear: 7}
    variants:
      wide: {rows: {conv: {filters: 8}}}
"""


def value(formula: str) -> Fraction:
    home = loaded(SPEC)
    library = Library()
    return evaluate(formula, lambda reference: library.value(home, reference))


CONV = 3 * 3 * 3 * 4  # 108 weights and 4 biases on 8 x 10 places
SPLIT = 4 * 2  # and 2 biases
LINEAR = 8 * 10 * 6 * 5  # and 5 biases
SIDE = 8 * 10 * 4 * 7  # and 7 biases


@pytest.mark.parametrize(
    ("formula", "number"),
    [
        ("this.conv.params", CONV + 4),
        ("this.conv.weights", CONV),
        ("this.conv.ops", CONV * 80),
        ("this.conv.multiply_adds", CONV * 80),
        ("this.conv.connections", (CONV + 4) * 80),
        ("this.conv.neurons", 4 * 80),
        ("this.'out put'.params", SPLIT + 2),
        ("this.'output'.params", LINEAR + 5),
        ("this.output.channels", 5),
        ("this.conv.output.width", 10),
        ("this.conv.input.channels", 3),
        ("this.input.height", 8),
        ("this.params", CONV + SPLIT + LINEAR + 4 + 2 + 5),
        ("this.depth", 3),
        ("this.layers.convolution", 2),
        ("this.layers.max_pool + this.layers.concat", 2),
        ("this.heads.params", SIDE + 7),
        ("this.side.params", SIDE + 7),
        ("this(training=true).params - this.params", SIDE + 7),
        ("this(classes=1).'output'.params", 8 * 10 * 6 + 1),
        ("this(height=4, width=5).conv.ops", CONV * 20),
        ("this( size = 4 ).conv.ops", CONV * 16),
        ("this(batch=3).conv.ops", CONV * 80 * 3),
        ("this@wide.conv.ops / this.conv.ops", 2),
        ("this(width_multiplier=0.5).conv.weights", CONV // 2),
        ("alexnet.params", 60_965_224),
        ("alexnet@ungrouped.params / alexnet.params", Fraction(62_378_344, 60_965_224)),
        ("2 * (3 - 1.5) / 4 - -1", Fraction(7, 4)),
        ("max(7, this.depth) - ceil_div(7, 2) + 7 // 2 % 2", 7 - 4 + 1),
    ],
)
def test_a_formula_is_worth(formula, number):
    assert value(formula) == number


def test_connections_of_lenet5_are_the_papers():
    """LeNet-5's paper, section II.B: connections of C1, S2, C3, S4, C5, F6."""
    home, library = shipped("lenet5"), Library()
    rows = {"C1": 122_304, "S2": 5_880, "C3": 151_600, "S4": 2_000, "C5": 48_120, "F6": 10_164}
    for row, printed in rows.items():
        assert evaluate(f"this.{row}.connections", lambda reference: library.value(home, reference)) == printed


@pytest.mark.parametrize(
    ("formula", "code", "meant"),
    [
        ("params + 1", "unknown-name", "params"),
        ("1 + 'conv'", "unknown-name", "'conv'"),
        ("this.conv", "bad-reference", "conv"),
        ("this.cnov.ops", "unknown-metric", "cnov"),
        ("this.'cnov'.ops", "unknown-row", "'cnov'"),
        ("this.conv.opps", "unknown-metric", "opps"),
        ("this.conv.ops.height", "bad-reference", "height"),
        ("this.conv.output", "bad-reference", "output"),
        ("this.conv.output.depth", "unknown-metric", "depth"),
        ("this.conv.heads.params", "unknown-metric", "heads"),
        ("this.layers.separable_convolution", "unknown-metric", "separable_convolution"),
        ("this@wied.params", "unknown-variant", "wied"),
        ("alxnet.params", "unknown-spec", "alxnet"),
        ("this(hieght=3).params", "unknown-symbol", "hieght"),
        ("this(height).params", "bad-reference", "height"),
        ("this(height=3, height=4).params", "bad-reference", "height"),
        ("this(height=x).params", "bad-value", "height"),
        ("this(height=1/0).params", "bad-value", "height"),
        ("this(training=yes).params", "bad-value", "training"),
        ("this.params / 0", "division-by-zero", None),
        ("this.params **2", "bad-expression", "**"),
    ],
)
def test_a_formula_with_a_mistake(formula, code, meant):
    with pytest.raises(Fault) as caught:
        value(f"2 * 3 + {formula}")
    fault = caught.value
    assert fault.code == code
    if meant is not None:
        start, width = fault.span
        text = f"2 * 3 + {formula}"
        assert text[start : start + width] == meant
        assert start == text.rindex(meant) or text.count(meant) > 1


def test_names_are_checked_without_counting():
    assert [found.spec.text for found in read_formula("this.a.ops + googlenet@naive.params")] == ["this", "googlenet"]
    with pytest.raises(Fault):
        read_formula("depth")
