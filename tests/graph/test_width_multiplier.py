"""The width multiplier (language, rules 33 and 34)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_calc.analysis import analyze
from inception_calc.dims import substitute
from tests.dims.trees import make_divisible
from tests.helpers import meant, rounds_to, row_problem, rows, shipped


def depths(body: str, k: int | Fraction, channels: int = 3, **setting) -> list[int]:
    """The depth behind every row."""
    return [row.output.channels for row in rows(body, channels, symbols={"width_multiplier": k}, **setting).rows]


@pytest.mark.parametrize("k", [1, 2, Fraction(1, 2), 4], ids=str)
def test_googlenets_multiply_adds_are_quadratic(k: int | Fraction):
    """Rule 33: 1,463,633,920 k^2 + 119,037,952 k."""
    totals = analyze(shipped("googlenet"), symbols={"width_multiplier": k}).totals
    assert totals.multiply_adds == 1_463_633_920 * k**2 + 119_037_952 * k


@pytest.mark.parametrize(
    ("k", "params", "multiply_adds"), [(Fraction(1, 2), "2.01", "0.425"), (4, "99.5", "23.9")], ids=str
)
def test_googlenet_at_half_and_at_four_times_the_width(k: int | Fraction, params: str, multiply_adds: str):
    """zoo.md, section 0, claim 14: x0.5 2.01M / 425M; x4 99.5M / 23.9G."""
    totals = analyze(shipped("googlenet"), symbols={"width_multiplier": k}).totals
    assert rounds_to(totals.params, 10**6, params)
    assert rounds_to(totals.multiply_adds, 10**9, multiply_adds)


def test_googlenets_formula_is_that_polynomial():
    free = analyze(shipped("googlenet"), symbols={"width_multiplier": None}).totals.multiply_adds
    for k in (1, 2, Fraction(1, 2), 4, Fraction(3, 4)):
        assert substitute(free, {"width_multiplier": k}) == 1_463_633_920 * k**2 + 119_037_952 * k


@given(st.integers(1, 6), st.integers(1, 50))
def test_a_plain_count_is_multiplied(k: int, count: int):
    assert depths(f"rows: {{c: {{convolution: 1x1, filters: {count}}}}}", k) == [k * count]


@given(st.integers(1, 5), st.integers(2, 20), st.integers(1, 9))
def test_each_term_of_a_sum_is_multiplied_but_input_channels_is_wide_already(k: int, growth: int, channels: int):
    """Rule 33, with the expressions that it names."""
    symbols = f"symbols: {{growth: {growth}, t: 6}}\n"

    def one(filters: str) -> int:
        (depth,) = depths(f"{symbols}rows:\n  c:\n    convolution: 1x1\n    filters: {filters}\n", k, channels)
        return depth

    assert one("4 * growth") == 4 * growth * k
    assert one("growth * growth") == growth * growth * k  # one factor
    assert one("input_channels") == channels
    assert one("t * input_channels") == 6 * channels
    assert one("input_channels + growth") == channels + growth * k
    assert one("2 * (input_channels + growth)") == 2 * (channels + growth * k)
    assert one("(input_channels + 8) // 2") == (channels + 8 * k) // 2
    assert one("growth // 2") == growth * k // 2
    assert one("input_channels + 20 - growth") == channels + 20 * k - growth * k
    assert one("min(input_channels, growth)") == min(channels, growth * k)
    assert one("max(8, growth)") == max(8 * k, growth * k)
    assert one("round_to(growth, 8)") == make_divisible(growth * k, 8)


@given(st.integers(1, 4), st.integers(1, 200))
def test_twice_the_larger_or_smaller_is_twice_what_it_is_alone(k: int, channels: int):
    """Rule 33: `min`, `max`: each argument; `a * b`: one factor."""
    for function, larger in (("max", max), ("min", min)):
        alone = f"rows:\n  c:\n    convolution: 1x1\n    filters: {function}(input_channels, 64)\n"
        twice = alone.replace(function, f"2 * {function}")
        assert depths(alone, k, channels) == [larger(channels, 64 * k)]
        assert depths(twice, k, channels) == [2 * larger(channels, 64 * k)]


def test_halving_the_input_scales_with_it():
    """Rule 33: DenseNet's `input_channels // 2`, behind a layer that is scaled."""
    body = "rows: {a: {convolution: 1x1, filters: 10}, b: {convolution: 1x1, filters: input_channels // 2}}"
    assert depths(body, 3) == [30, 15]


@given(st.integers(1, 5))
def test_a_column_is_followed_to_what_it_says_at_the_call(k: int):
    body = """
        blocks:
          b:
            columns: [wide, plain]
            sequence: {w: {convolution: 1x1, filters: wide}, p: {convolution: 1x1, filters: plain}}
        rows: {a: {convolution: 1x1, filters: 4}, r: {b: [2 * input_channels, 5]}}
    """
    net = rows(body, 3, symbols={"width_multiplier": k})
    assert [cost.layer.output.channels for cost in net.layers] == [4 * k, 2 * 4 * k, 5 * k]


def test_a_count_that_mentions_classes_is_not_multiplied():
    body = "symbols: {classes: 10}\nrows: {a: {linear: 8}, b: {linear: 2 * classes}, c: {linear: classes + 1}}"
    assert depths(body, 4) == [32, 20, 11]


def test_a_column_that_stands_for_classes_is_not_multiplied_either():
    body = """
        symbols: {classes: 10}
        blocks: {top: {columns: [n], sequence: [{linear: n}]}}
        rows: {r: {top: classes}}
    """
    assert depths(body, 4) == [10]


def test_hidden_linear_layers_scale():
    """Design, section 2."""
    body = "symbols: {classes: 10}\nrows: {fc6: {linear: 40}, fc8: {linear: classes}}"
    assert depths(body, Fraction(1, 2)) == [20, 10]


def test_sums_still_join():
    """Rule 33."""
    body = """
        rows:
          a: {convolution: 1x1, filters: 6}
          s: {sum: {shortcut: identity, residual: [{convolution: 1x1, filters: 2}, {convolution: 1x1, filters: 6}]}}
          t: {sum: {shortcut: identity, residual: {convolution: 1x1, filters: input_channels}}}
    """
    assert depths(body, Fraction(1, 2)) == [3, 3, 3]


def test_input_groups_multipliers_repeats_bins_and_strides_are_not_scaled():
    """Rule 34."""
    body = """
        rows:
          g: {convolution: 3x3/2, filters: 6, groups: 3}
          d: {repeat: 2, depthwise convolution: 1x1, multiplier: 2}
          s: {spatial pyramid pool: [2, 1]}
    """
    net = rows(body, 3, 9, 9, symbols={"width_multiplier": 3})
    assert net.setting.input == (3, 9, 9)
    assert [row.output for row in net.rows] == [(18, 4, 4), (18 * 2 * 2, 4, 4), (18 * 4 * 5, 1, 1)]
    assert net.layers[0].weights == 9 * (3 // 3) * 18


def test_a_connection_table_refuses_any_multiplier_but_1():
    """Rule 34."""
    body = "rows: {c: {convolution: 1x1, filters: 1, connections: [[0, 2]]}}"
    problem = row_problem(body, symbols={"width_multiplier": 2})
    assert (problem.code, meant(problem)) == ("fixed-connections", "connections")
    assert depths(body, 1) == [1]


def test_groups_that_do_not_divide_the_scaled_count_are_an_error():
    """Design, section 2: where groups do not allow it, that is an error."""
    body = "rows: {c: {convolution: 1x1, filters: 4, groups: 4}}"
    assert row_problem(body, channels=4, symbols={"width_multiplier": Fraction(1, 2)}).code == "groups"


def test_a_count_that_does_not_come_out_whole_is_an_error_that_says_how_to_round():
    """Design, section 2: every filter count must come out whole, or be rounded by `--round 8`."""
    body = "rows: {c: {convolution: 1x1, filters: 5}}"
    problem = row_problem(body, symbols={"width_multiplier": Fraction(1, 2)})
    assert (problem.code, meant(problem)) == ("not-whole", "5")
    assert "--round" in problem.fix
    assert depths(body, Fraction(1, 2), round_to=8) == [8]


def test_rounding_to_1_is_the_floor():
    """Rule 34: multiply, then floor."""
    assert depths("rows: {c: {convolution: 1x1, filters: 5}}", Fraction(1, 2), round_to=1) == [2]
    assert depths("rows: {c: {convolution: 1x1, filters: 1}}", Fraction(1, 2), round_to=1) == [1]  # never nothing


def test_the_multiplier_1_changes_nothing():
    for name in ("googlenet", "mobilenet_v2", "lenet5"):
        one = analyze(shipped(name), symbols={"width_multiplier": 1})
        assert one.totals == analyze(shipped(name)).totals


def test_only_the_width_multiplier_may_be_a_fraction():
    """Design, section 2."""
    problem = row_problem("rows: {r: relu}", symbols={"batch": Fraction(1, 2)})
    assert problem.code == "bad-value"
