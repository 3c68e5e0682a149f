"""Closed forms on arrays against their values in Python's integers, up to and beyond 64 bits."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inception_calc.dims.polynomial import extreme, polynomial, quotient, variable
from inception_calc.sweep.program import Indivisible, Program

NAMES = ["a", "b", "c"]
A, B, C = map(variable, NAMES)


@st.composite
def forms(draw, depth: int = 2):
    """A sum of products of symbols, floors and extremes with whole and fractional coefficients."""
    if depth == 0:
        return draw(st.sampled_from([A, B, C, polynomial(draw(st.integers(-9, 9)))]))
    one, other = draw(forms(depth=depth - 1)), draw(forms(depth=depth - 1))
    kind = draw(st.sampled_from(["+", "-", "*", "//", "max", "min", "/"]))
    if kind == "//":
        return quotient(one, polynomial(draw(st.integers(1, 9))))
    if kind in ("max", "min"):
        return extreme(kind == "max", [one, other])
    if kind == "/":
        return polynomial(one * polynomial(1) * draw(st.fractions(1, 9, max_denominator=4)))
    return polynomial({"+": lambda: one + other, "-": lambda: one - other, "*": lambda: one * other}[kind]())


@given(forms(), st.lists(st.integers(1, 10**6), min_size=3, max_size=3))
@settings(max_examples=60)
def test_arrays_numbers_and_intervals_say_what_python_integers_say(form, start):
    program = Program([[form]], NAMES)
    steps = [[first, first + 3, 2 * first] for first in start]
    corners = [(min(own), max(own)) for own in steps]
    kind = numpy.int64 if program.fits(corners) else object
    grid = [numpy.array(own, kind).reshape(-1, *[1] * (2 - place)) for place, own in enumerate(steps)]
    (found,), (divisor,) = program.arrays(grid), program.divisors
    whole = numpy.broadcast_to(found, (3, 3, 3))
    ((low, high),) = program.bounds(corners)
    for place in numpy.ndindex(3, 3, 3):
        point = [own[digit] for own, digit in zip(steps, place, strict=True)]
        exact = form.value(dict(zip(NAMES, point, strict=True))) * divisor
        assert int(whole[place]) == exact == program.numbers(point)[0]
        assert low <= exact <= high


@pytest.mark.parametrize("over", [0, 1])
def test_sixty_four_bits_are_used_up_to_their_last_number_and_never_beyond(over: int):
    """a * b + a reaches 2^63 - 1 exactly, then one more."""
    largest = 2**63 - 1 + over
    a, b = (7, largest // 7 - 1) if over == 0 else (2, largest // 2 - 1)
    assert a * b + a == largest
    program = Program([[polynomial(A * B + A)]], NAMES)
    assert program.fits([(1, a), (1, b), (1, 1)]) is (over == 0)
    kind = numpy.int64 if over == 0 else object
    (found,) = program.arrays([numpy.array([a], kind), numpy.array([b], kind), 1])
    assert int(found[0]) == largest


def test_a_number_on_the_way_counts_as_much_as_the_result():
    """(a * b) // 2^50 is small, a * b is not."""
    program = Program([[quotient(polynomial(A * B), polynomial(2**50))]], NAMES)
    assert not program.fits([(1, 2**40), (1, 2**40), (1, 1)])
    assert program.numbers([2**40, 2**40, 1]) == [2**30]


def test_a_divisor_that_may_be_zero_is_refused():
    program = Program([[quotient(A, polynomial(B - 3))]], NAMES)
    with pytest.raises(Indivisible):
        program.bounds([(1, 9), (1, 9), (1, 1)])
    assert program.bounds([(8, 9), (5, 5), (1, 1)]) == [(4, 4)]


def test_equal_parts_are_one_step():
    program = Program([[polynomial(A * B * 5 + C)], [polynomial(A * B * 7 + C)]], NAMES)
    products = [
        step for step in program.steps if step[0] == 3 and program.steps[step[1]][0] == program.steps[step[2]][0] == 0
    ]
    assert len(products) <= 1
