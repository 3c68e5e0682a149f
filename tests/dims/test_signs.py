"""Where a closed form changes its sign, against looking at one integer after the other."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from inception_calc.dims.polynomial import ZERO, constant, extreme, polynomial, quotient, variable
from inception_calc.dims.signs import Region, sign_regions

X = variable("x")
LOOKED_AT = 300


@st.composite
def forms(draw: st.DrawFn):
    """Polynomials with roots in sight, some with rounded quotients, one inside the other."""
    form = ZERO
    for root in draw(st.lists(st.integers(-5, 60), max_size=4)):
        form = form * (X - root) + draw(st.integers(-20, 20))
    for shift in draw(st.lists(st.integers(0, 9), max_size=2)):
        inner = quotient(polynomial(X + shift), constant(draw(st.integers(2, 5))))
        outer = quotient(polynomial(inner * draw(st.integers(1, 3)) + shift), constant(draw(st.integers(1, 3))))
        form = form + outer * draw(st.integers(-9, 9)) * (X if draw(st.booleans()) else 1)
    return polynomial(form)


def sign(value) -> int:
    return (value > 0) - (value < 0)


def assert_regions_are(regions: tuple[Region, ...], form) -> None:
    assert regions[0].start == 1
    assert regions[-1].stop is None
    for one, following in pairwise(regions):
        assert one.stop is not None
        assert one.stop + 1 == following.start
        assert one.sign != following.sign
    for value in range(1, LOOKED_AT):
        (found,) = {r.sign for r in regions if r.start <= value and (r.stop is None or value <= r.stop)}
        assert found == sign(form.value({"x": value})), value


@settings(max_examples=200)
@given(forms())
def test_regions_are_those_of_every_integer(form):
    regions = sign_regions(form, "x")
    if regions is not None:
        assert_regions_are(regions, form)


def test_a_far_root_is_found_exactly():
    """x^2 - 10^20 changes its sign at 10^10."""
    assert sign_regions(X * X - 10**20, "x") == (
        Region(1, 10**10 - 1, -1),
        Region(10**10, 10**10, 0),
        Region(10**10 + 1, None, 1),
    )


def test_what_rises_needs_no_period():
    form = extreme(False, [X * 3, X + 100]) * quotient(X, constant(9001)) - 1
    regions = sign_regions(form, "x")
    assert regions == (Region(1, 9000, -1), Region(9001, None, 1))


def test_endless_disagreement_of_remainders_has_no_answer():
    """x - 2 floor(x / 2) - 1/2 is negative at every even and positive at every odd number."""
    assert sign_regions((X - quotient(X, constant(2)) * 2) * 2 - 1, "x") is None


def test_another_symbol_leaves_the_sign_open():
    assert sign_regions(X - variable("y"), "x") is None
