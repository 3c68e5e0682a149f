"""Formulas as text: what Python makes of the printed text is what substitution gives (design, section 5)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from inception_calc.dims import Along, Count, Scope, formula_text, substitute, symbol
from inception_calc.dims.quantity import round_to
from inception_calc.problems import Fault
from tests.dims.trees import evaluate, expressions

NAMES = ("n", "E", "gamma")
NUMBERS = st.fixed_dictionaries({name: st.integers(1, 60) for name in NAMES})


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(expressions(NAMES, depth=2), st.lists(NUMBERS, min_size=3, max_size=3))
def test_the_printed_text_says_what_the_expression_says(text: str, settings_: list[dict[str, int]]):
    try:
        formula = Scope({name: symbol(name) for name in NAMES}).count(Count(text), "count", -(10**15))
    except Fault:
        assume(False)
    printed = formula_text(formula)
    for numbers in settings_:
        expected = evaluate(text.strip(), **numbers)
        assert substitute(formula, numbers) == expected
        assert evaluate(printed, **numbers) == expected


FOOLED = ["min(6, 2 * n) // 6", "max(0, 2 * n - 6) // 6", "ceil_div(max(2, 2 * n - 4), 6)"]


@pytest.mark.parametrize("text", FOOLED)
def test_a_quotient_is_rounded_whatever_sympy_thinks_is_whole(text: str):
    """sympy 1.14 takes (Min(6, 2 n) / 6).is_integer for true, and drops the floor."""
    formula = Scope({"n": symbol("n")}).count(Count(text), "count", 0)
    numbers = [evaluate(text, n=n) for n in range(1, 9)]
    assert [substitute(formula, {"n": n}) for n in range(1, 9)] == numbers
    assert [evaluate(formula_text(formula), n=n) for n in range(1, 9)] == numbers


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(1, 4), st.integers(0, 2), st.booleans()), min_size=1, max_size=4),
    st.integers(40, 300),
)
def test_the_size_behind_a_chain_of_windows_is_printed_exactly(chain: list[tuple[int, int, int, bool]], n: int):
    number, formula = n, symbol("size")
    for kernel, stride, pad, ceil in chain:
        padding = min(pad, kernel - 1)
        along = Along(kernel, stride, (padding, padding), ceil=ceil)
        number = along.positions(number)
        assume(number is not None)
        formula = along.positions(formula)
    area = formula * formula * 3
    assert evaluate(formula_text(formula), size=n) == number
    assert evaluate(formula_text(area), size=n) == 3 * number * number == substitute(area, {"size": n})


@given(st.integers(1, 300), st.sampled_from([1, 8, 10]))
def test_rounded_counts_are_printed_exactly(n: int, multiple: int):
    formula = round_to(symbol("n") * 3, multiple)
    assert evaluate(formula_text(formula), n=n) == substitute(formula, {"n": n})


@given(st.integers(1, 16), st.integers(1, 4))
def test_whole_polynomials_with_fractions_in_them_are_printed_exactly(n: int, k: int):
    """n (n + 1) / 2 is whole for every n, but no coefficient of it is."""
    count = symbol("n")
    formula = count * (count + 1) * Fraction(1, 2) * k
    assert evaluate(formula_text(formula), n=n) == k * sum(range(n + 1))


def test_a_number_is_its_digits():
    assert formula_text(1_582_671_872) == "1582671872"


@pytest.mark.parametrize("name", ["N", "S", "E", "I", "pi", "gamma", "zeta", "lambda_"])
def test_names_that_sympy_knows_are_plain_names(name: str):
    """Language: sympy captures names such as N, S, E, gamma."""
    formula = symbol(name) * 2 + 1
    assert evaluate(formula_text(formula), **{name: 20}) == 41
    assert substitute(formula, {name: 20}) == 41
