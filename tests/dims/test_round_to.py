"""`round_to(a, 8)` and `--round 8`: MobileNetV2's published make_divisible."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_calc.analysis import analyze
from inception_calc.dims import Count, Scope, substitute, symbol
from inception_calc.dims.quantity import round_to
from tests.dims.trees import make_divisible
from tests.helpers import layer, rows, shipped


@given(st.integers(1, 5000), st.integers(1, 64))
def test_it_is_the_published_make_divisible(count: int, multiple: int):
    assert round_to(count, multiple) == make_divisible(count, multiple)


@given(st.integers(1, 2000), st.sampled_from([Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(5, 4)]))
def test_it_rounds_fractions_like_the_published_one(count: int, multiplier: Fraction):
    assert round_to(count * multiplier, 8) == make_divisible(count * multiplier, 8)


@given(st.integers(1, 5000), st.integers(1, 64))
def test_its_formula_becomes_its_number(count: int, multiple: int):
    assert substitute(round_to(symbol("n"), multiple), {"n": count}) == make_divisible(count, multiple)


@given(st.integers(1, 5000), st.integers(1, 64))
def test_in_an_expression_it_is_the_same(count: int, multiple: int):
    assert Scope({"n": count}).count(Count(f"round_to(n, {multiple})"), "filters") == make_divisible(count, multiple)


@pytest.mark.parametrize("multiplier", [Fraction(text) for text in ("0.35", "1/2", "3/4", "1.3", "1.4")], ids=str)
def test_mobilenet_v2_under_a_width_multiplier_has_the_published_widths(multiplier: Fraction):
    """MobileNetV2, Table 2 and section 5: each output depth times the multiplier, made divisible by 8."""
    net = analyze(shipped("mobilenet_v2"), symbols={"width_multiplier": multiplier}, round_to=8)
    printed = {"conv1": 32, "bottleneck1": 16, "bottleneck2": 24, "bottleneck3": 32, "bottleneck4": 64}
    printed |= {"bottleneck5": 96, "bottleneck6": 160, "bottleneck7": 320}
    widths = {row.name: row.output.channels for row in net.rows}
    for name, depth in printed.items():
        assert widths[name] == make_divisible(depth * multiplier, 8), name


def test_counts_that_the_multiplier_leaves_alone_are_not_rounded():
    """Rule 33: `input_channels` is wide already, `classes` is never scaled."""
    net = rows(
        """
        symbols: {classes: 10}
        rows:
          mix: {convolution: 1x1, filters: input_channels}
          half: {convolution: 1x1, filters: 5}
          top: {linear: classes}
        """,
        channels=3, symbols={"width_multiplier": Fraction(3, 2)}, round_to=8,
    )  # fmt: skip
    assert [row.output.channels for row in net.rows] == [3, 8, 10]
    assert layer(net, "half").layer.output.channels == make_divisible(Fraction(15, 2), 8)
