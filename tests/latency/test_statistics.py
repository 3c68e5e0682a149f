"""The statistics, against Python's own, published examples, and the conditions that define a solution."""

from __future__ import annotations

import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_calc.latency.statistics import (
    jackknife_error,
    median,
    median_interval,
    non_negative_least_squares,
    percentile,
    r_squared,
    spearman,
)

VALUES = st.lists(st.floats(0, 1e6), min_size=2, max_size=30)


@given(VALUES)
def test_percentiles_are_those_of_python(values: list[float]):
    tenths = statistics.quantiles(values, n=10, method="inclusive")
    assert percentile(values, 0.1) == pytest.approx(tenths[0])
    assert percentile(values, 0.9) == pytest.approx(tenths[8])
    assert median(values) == pytest.approx(statistics.median(values))


@given(st.lists(st.integers(0, 1000), min_size=3, max_size=30))
def test_spearman_looks_at_the_order_alone(values: list[int]):
    grown = [value**3 for value in values]
    found = spearman(values, grown)
    assert found is None or found == pytest.approx(spearman(values, values))


def test_spearman_of_a_textbook():
    """IQ and hours of television, en.wikipedia.org/wiki/Spearman's_rank_correlation_coefficient: -29/165."""
    iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
    assert spearman(iq, hours) == pytest.approx(-29 / 165)


def test_ties_share_their_rank():
    assert spearman([1, 2, 2, 3], [1, 2, 2, 3]) == pytest.approx(1)
    assert spearman([1, 1, 1], [1, 2, 3]) is None


@pytest.mark.parametrize(("n", "k"), [(6, 1), (10, 2), (20, 6), (30, 10)])
def test_intervals_of_a_median_are_those_of_the_sign_test(n: int, k: int):
    """Ranks of the 95 % interval as tables of nonparametric statistics print them: n = 20 has the 6th and 15th."""
    assert median_interval(list(range(1, n + 1))) == (k, n + 1 - k)


def test_r_squared():
    assert r_squared([1, 2, 3], [1, 2, 3]) == 1
    assert r_squared([1, 2, 3], [2, 2, 2]) == 0
    assert r_squared([2, 2, 2], [2, 2, 2]) is None


NUMBER = st.integers(0, 50)


@given(st.lists(st.tuples(NUMBER, NUMBER, NUMBER, st.integers(-20, 100)), min_size=1, max_size=12))
def test_least_squares_meets_the_conditions_of_a_minimum(points: list[tuple[int, int, int, int]]):
    """Karush-Kuhn-Tucker: no coefficient is negative; the gradient is zero where one is positive, else not negative."""
    rows, targets = [point[:3] for point in points], [point[3] for point in points]
    found = non_negative_least_squares(rows, targets)
    assert min(found) >= 0
    left = [sum(a * b for a, b in zip(row, found, strict=True)) - t for row, t in zip(rows, targets, strict=True)]
    for column in range(3):
        size = sum(row[column] ** 2 for row in rows) or 1
        gradient = sum(row[column] * error for row, error in zip(rows, left, strict=True)) / size
        scale = max(map(abs, targets), default=1) + 1
        assert gradient >= -1e-5 * scale
        assert found[column] == 0 or abs(gradient) <= 1e-5 * scale


def test_least_squares_finds_what_made_the_numbers():
    generator = random.Random(1)  # noqa: S311 - no secret
    rows = [[generator.random() for _ in range(3)] for _ in range(20)]
    targets = [2 * a + 0 * b + 0.5 * c for a, b, c in rows]
    assert non_negative_least_squares(rows, targets) == pytest.approx([2, 0, 0.5], abs=1e-9)


@given(st.lists(st.integers(-100, 100), min_size=2, max_size=20))
def test_the_jackknife_of_a_mean_is_its_standard_error(values: list[int]):
    """Efron and Stein 1981, section 1: for the mean it is s / sqrt(n)."""
    without = [(sum(values) - value) / (len(values) - 1) for value in values]
    assert jackknife_error(without) == pytest.approx(statistics.stdev(values) / len(values) ** 0.5)
