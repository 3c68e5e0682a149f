"""The normal form against plain arithmetic: every rewriting of floors and extremes keeps every value."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from inception_calc.dims.named_sizes import named_sizes
from inception_calc.dims.polynomial import (
    Polynomial,
    constant,
    extreme,
    never_negative,
    polynomial,
    quotient,
    variable,
)
from inception_calc.dims.printing import python_text
from tests.formula.restricted import evaluate

NAMES = ("a", "b", "width_multiplier")
VALUES = st.fixed_dictionaries(
    {
        "a": st.integers(1, 50),
        "b": st.integers(1, 50),
        "width_multiplier": st.fractions(Fraction(1, 8), 4, max_denominator=8),
    }
)


@st.composite
def pairs(draw: st.DrawFn, depth: int = 4):
    """A polynomial, and a function that works the same number out without it."""
    kind = draw(st.integers(0, 6 if depth else 1))
    if kind == 0:
        number = draw(st.integers(-9, 40))
        return constant(number), lambda _: number
    if kind == 1:
        name = draw(st.sampled_from(NAMES))
        return variable(name), lambda values: values[name]
    (left, one), (right, other) = draw(pairs(depth - 1)), draw(pairs(depth - 1))
    if kind == 2:
        return polynomial(left + right), lambda values: one(values) + other(values)
    if kind == 3:
        return polynomial(left - right), lambda values: one(values) - other(values)
    if kind == 4:
        return polynomial(left * right), lambda values: one(values) * other(values)
    if kind == 5:
        divisor = draw(st.integers(1, 6))
        return quotient(left, constant(divisor)), lambda values: one(values) // divisor
    largest = draw(st.booleans())
    return extreme(largest, [left, right]), lambda values: (max if largest else min)(one(values), other(values))


@settings(max_examples=300)
@given(pairs(), st.lists(VALUES, min_size=2, max_size=3))
def test_the_normal_form_has_the_value_of_plain_arithmetic(pair, several):
    form, plain = pair
    for values in several:
        assert form.value(values) == plain(values)
        assert evaluate(python_text(form), values) == plain(values)


@settings(max_examples=100)
@given(pairs(), VALUES, st.integers(1, 9), st.integers(0, 8))
def test_a_replaced_symbol_is_as_good_as_its_value(pair, values, times, less):
    form, plain = pair
    replaced = form.replaced({"a": variable("m") * times + less})
    inner = {**values, "m": values["a"]}
    assert replaced.value(inner) == plain({**values, "a": times * values["a"] + less})


@settings(max_examples=100)
@given(pairs(), VALUES)
def test_what_is_never_negative_is_not_negative(pair, values):
    form, plain = pair
    if never_negative(form):
        assert plain(values) >= 0


@settings(max_examples=100)
@given(pairs(depth=3), VALUES)
def test_a_derivative_is_that_of_the_powers(pair, values):
    """Of a polynomial in one symbol: sum of i c_i a^(i - 1)."""
    form, _ = pair
    slope, powers = form.derivatives("ab")["a"], form.by_power("a")
    assert (slope is None) == (powers is None)
    if slope is not None and powers is not None:
        expected = sum(i * power.value(values) * values["a"] ** (i - 1) for i, power in enumerate(powers) if i)
        assert slope.value(values) == expected


def halves(times: int) -> Polynomial:
    form = variable("size")
    for _ in range(times):
        form = quotient(form + 1, constant(2))
    return form


def test_floors_inside_floors_melt_into_one():
    """ceil(ceil(n / 2) / 2) is ceil(n / 4)."""
    assert python_text(halves(5)) == "((size + 31)//32)"
    assert halves(2) == quotient(variable("size") + 3, constant(4))


def test_multiples_of_the_divisor_come_out():
    assert quotient(variable("size") + 3, constant(2)) == quotient(variable("size") + 1, constant(2)) + 1
    assert quotient(variable("m") * 32 + 31, constant(32)) == variable("m")
    assert python_text(quotient(variable("width_multiplier") * 4, constant(2))) != "2*width_multiplier"


def test_sizes_get_names_once():
    form = halves(1) * halves(1) + halves(3)
    sizes = named_sizes([form], taken=["h2"])
    assert sizes.text(form) == "h1**2 + h3"
    assert sizes.definitions() == [("h1", "ceil_div(size, 2)"), ("h3", "ceil_div(size, 8)")]
    assert sizes.latex(form) == "h_{1}^{2} + h_{3}"
