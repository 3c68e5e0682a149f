"""Columns that hold words, flags and windows, and steps that are there where a cell or a comparison says so."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_calc.analysis import analyze
from inception_calc.ops.activation_words import FUNCTIONS
from tests.helpers import analyzed, names, rows, shipped

BLOCK = """
    blocks:
      bneck:
        columns: [k, out, SE, NL, Bias, s]
        sum:
          shortcut: {identity: , when: s == 1 and out == input_channels}
          residual:
            - {convolution: 1x1, filters: 4, activation: NL, bias: Bias, when: 4 > input_channels}
            - {depthwise convolution: k, stride: s, padding: half, activation: NL, bias: Bias}
            - {linear: 3, when: SE}
            - {convolution: 1x1, filters: out, bias: false}
"""


def of(cells: str, channels: int = 2):
    return rows(f"{BLOCK}    rows: {{r: {{bneck: {cells}}}}}", channels, 8, 8)


@given(
    st.sampled_from([3, 5, "3x5", "1x3"]),
    st.sampled_from(["yes", "no", "-", "true", "false", "0", "2", "0.25"]),
    st.sampled_from([*FUNCTIONS, "none", "-"]),
    st.sampled_from(["yes", "no", "-"]),
    st.integers(1, 2),
)
def test_a_cell_is_what_stands_in_it_written_at_the_step(k, se, word, bias, s):
    """The same layers as a sequence in which every word is written out."""
    flag = "true" if bias == "yes" else "false"
    activation = "none" if word == "-" else word
    window = k if isinstance(k, str) else f"{k}x{k}"
    steps = [
        f"{{convolution: 1x1, filters: 4, activation: {activation}, bias: {flag}}}",
        f"{{depthwise convolution: {window}/{s}, padding: half, activation: {activation}, bias: {flag}}}",
        *(["{linear: 3}"] if se not in ("no", "-", "false", "0") else []),
        "{convolution: 1x1, filters: 3, bias: false}",
    ]
    plain = rows(f"rows: {{r: {{sequence: [{', '.join(steps)}]}}}}", 2, 8, 8)
    assert [cost.layer.op for cost in of(f"[{k}, 3, {se}, {word}, {bias}, {s}]").layers] == [
        cost.layer.op for cost in plain.layers
    ]


def test_a_shortcut_is_there_where_sizes_allow_it():
    assert names(of("[3, 4, no, -, no, 1]", 4))[-1] == "r/sum"
    assert "r/sum" not in names(of("[3, 4, no, -, no, 2]", 4))
    assert "r/sum" not in names(of("[3, 5, no, -, no, 1]", 4))


def test_a_step_that_is_left_out_takes_what_follows_it_along():
    net = rows("symbols: {n: 0}\nrows: {a: {relu: , when: n - 1, then: tanh}, b: sigmoid}".replace("n: 0", "n: 1"))
    assert names(net) == ["b"]


def test_a_join_whose_branches_are_all_left_out_passes_its_input_on():
    text = "symbols: {n: 1}\nrows: {a: {sum: {x: {relu: , when: n > 1}, y: {tanh: , when: n > 2}}}, b: relu}"
    assert names(rows(text)) == ["b"]
    assert names(rows(text, symbols={"n": 2})) == ["a/x", "b"]
    assert names(rows(text, symbols={"n": 3})) == ["a/x", "a/y", "a/sum", "b"]


@pytest.mark.parametrize(
    ("condition", "values"),
    [("n == 2", [2]), ("n != 2", [1, 3]), ("n < 2", [1]), ("n <= 2", [1, 2]), ("n > 2", [3]), ("n >= 2", [2, 3]),
     ("n - 2", [1, 3]), ("n > 1 and n < 3", [2]), ("2 * n == n + 2", [2])],
)  # fmt: skip
def test_comparisons_say_what_they_say(condition: str, values: list[int]):
    text = f"symbols: {{n: 1}}\nrows: {{a: {{relu: , when: {condition}}}, b: tanh}}"
    assert [n for n in (1, 2, 3) if "a" in names(rows(text, symbols={"n": n}))] == values


def test_a_free_symbol_decides_nothing_where_the_comparison_holds_always():
    text = "symbols: {n: 1}\nrows: {a: {relu: , when: n > 0}, b: tanh}"
    assert names(rows(text, symbols={"n": None})) == ["a", "b"]


def test_words_are_handed_through_blocks():
    net = analyzed("""
        name: t
        input: 2x8x8
        blocks:
          inner: {columns: [NL, kernel], sequence: [{convolution: kernel, filters: 2, activation: NL}]}
          outer: {columns: [k, NL], sequence: [{inner: [NL, k]}]}
        rows:
          a: {outer: [3x1, gelu]}
    """)
    assert names(net) == ["a/inner/3x1", "a/inner/3x1/gelu"]


def test_the_table_prints_the_words():
    net = of("[3x5, 3, -, hard swish, yes, 1]")
    assert dict(net.graph.rows[0].cells) == {
        "k": "3x5", "out": 3, "SE": "-", "NL": "hard swish", "Bias": "yes", "s": 1
    }  # fmt: skip


@pytest.mark.parametrize("setting", [{}, {"round_to": 8}])
def test_a_shortcut_of_equal_depths_is_there_at_any_width(setting):
    """MobileNetV3: the same rows have a shortcut at half the width, and strides are compared as they are."""
    for multiplier in (1, 2, Fraction(1, 2)):
        net = analyze(shipped("mobilenet_v3_large"), symbols={"width_multiplier": multiplier}, **setting)
        joined = [group.name for group in net.rows if f"{group.name}/sum" in names(net)]
        assert joined == [
            "bneck1",
            "bneck3",
            "bneck5",
            "bneck6",
            "bneck8",
            "bneck9",
            "bneck10",
            "bneck12",
            "bneck14",
            "bneck15",
        ]
