"""Dropout: `{dropout: 0.4}` costs nothing at inference (Srivastava et al. 2014, section 4)."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.helpers import counted, meant, row_problem, rows
from tests.ops import loops
from tests.ops.layers import maps


@given(maps())
def test_counts_are_those_of_the_walked_loops(x: loops.Map):
    assert counted("{dropout: 0.4}", x) == [loops.elementwise(x)]


def test_it_stores_nothing():
    """Design, section 2: in-place layers."""
    conv = "conv: {convolution: 1x1, filters: 4}"
    with_dropout, without = (rows(f"rows: {{{conv}{more}}}").totals for more in (", drop: {dropout: 0.4}", ""))
    assert with_dropout.activation_elements == without.activation_elements


@pytest.mark.parametrize("rate", ["1", "40", "1.5"])
def test_a_rate_lies_between_0_and_1(rate: str):
    problem = row_problem(f"rows: {{drop: {{dropout: {rate}}}}}")
    assert (problem.code, meant(problem)) == ("bad-rate", rate)


@pytest.mark.parametrize("rate", ["40%", "-0.1", ".5.", "1e-1", "+0.5"])
def test_a_rate_is_a_plain_decimal_fraction(rate: str):
    assert meant(row_problem(f"rows: {{drop: {{dropout: {rate}}}}}")) == rate
