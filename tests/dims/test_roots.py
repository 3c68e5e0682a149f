"""Sign changes of polynomials over the positive numbers, against the signs on both sides."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_calc.dims.progression import Progression
from inception_calc.dims.roots import sign_changes


def value(coefficients: list[Fraction | int], at: Fraction) -> Fraction:
    return sum((coefficient * at**power for power, coefficient in enumerate(coefficients)), Fraction(0))


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=3), st.integers(0, 2), st.integers(1, 6))
def test_the_sign_differs_on_both_sides_and_nowhere_else(coefficients: list[int], power: int, divisor: int):
    shifted = [Fraction(0)] * power + [Fraction(one, divisor) for one in coefficients]
    changes = sign_changes(shifted)
    assert changes is not None
    places = [Fraction(root.decimal) for root in changes]
    assert places == sorted(places)
    tiny = Fraction(1, 10**6)
    for place in places:
        assert value(shifted, place - tiny) * value(shifted, place + tiny) < 0
    ends = [tiny / 10**6, *places, Fraction(10**4)]
    for low, high in pairwise(ends):
        inside = [low + (high - low) * Fraction(part, 12) for part in range(1, 12)]
        signs = {(number > 0) - (number < 0) for number in (value(shifted, at) for at in inside)} - {0}
        assert len(signs) <= 1


@pytest.mark.parametrize(
    ("coefficients", "texts"),
    [
        ([0, -28, 6], ["14/3"]),
        ([-2, 0, 1], ["sqrt(2)"]),
        ([-1, -1, 1], ["(sqrt(5) + 1)/2"]),
        ([6, -5, 1], ["2", "3"]),
        ([1, -4, 1], ["2 - sqrt(3)", "sqrt(3) + 2"]),
        ([1, -2, 1], []),
        ([5], []),
        ([1, 1, 1], []),
        ([-6, 5, -1], ["2", "3"]),
    ],
)
def test_roots_are_written_as_in_school(coefficients: list[int], texts: list[str]):
    changes = sign_changes(coefficients)
    assert changes is not None
    assert [root.text for root in changes] == texts


def test_no_short_name_beyond_degree_two():
    assert sign_changes([1, 2, 3, 4]) is None


def test_a_progression_names_its_values():
    assert [Progression(32, -27).value(count) for count in (1, 2, 3)] == [5, 37, 69]
    assert Progression(Fraction(1, 8)).value(4) == Fraction(1, 2)
