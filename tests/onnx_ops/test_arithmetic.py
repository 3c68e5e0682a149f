"""Symbols against numbers: a formula with numbers put in is what the numbers alone give, and what Python says."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import numpy
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inception_calc.dims import substitute, symbol
from inception_calc.onnx_ops import arithmetic as a
from inception_calc.onnx_ops.kind import Call
from inception_calc.onnx_ops.register import find
from inception_calc.onnx_ops.value import INT64, Tensor
from inception_calc.problems import Fault

N, M = symbol("n"), symbol("m")
size = st.integers(1, 40)
place = st.integers(-50, 50)


def at(value: object, n: int, m: int = 1) -> object:
    return substitute(value, {"n": n, "m": m})


def call(name: str, version: int, *inputs: Tensor, **settings: object) -> Tensor:
    kind = find("", name, version)
    assert kind is not None
    defaults = {key: setting.default for key, setting in kind.settings.items()}
    (output, *_) = kind.rule(Call("node_0", defaults | settings, inputs, 1))
    assert isinstance(output, Tensor)
    return output


def vector(*values: object) -> Tensor:
    return Tensor((len(values),), INT64, values)


@given(size, place, place, st.integers(1, 7), st.sampled_from([1, -1]))
def test_slices_are_pythons(n, start, end, step, sign):
    """With a number, and with the size left free wherever start and end do not depend on it."""
    expected = len(range(n)[start:end:step] if sign > 0 else range(n)[slice(start, end, -step)])
    given_ = (vector(start), vector(end), vector(0), vector(sign * step))
    if sign < 0 and (start < -n or end < -n):
        assume(False)  # ONNX clamps a start below the axis to its first element, Python finds none
    assert call("Slice", 13, Tensor((n,)), *given_).shape == (expected,)
    (free,) = call("Slice", 13, Tensor((N,)), *given_).shape
    assert at(free, n) == expected


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=12), st.data())
def test_slices_of_known_elements_are_pythons(values, data):
    start, end = data.draw(place), data.draw(place)
    step = data.draw(st.integers(1, 4))
    sliced = call("Slice", 13, vector(*values), vector(start), vector(end), vector(0), vector(step))
    assert list(sliced.values or ()) == values[start:end:step]


@given(size, st.integers(-9, 9), st.integers(-9, 9).filter(bool))
def test_division_drops_the_remainder_toward_zero(n, shift, divisor):
    expected = int(Fraction(n + shift, divisor))
    assert a.truncated_quotient(n + shift, divisor) == expected
    free = a.truncated_quotient(N + shift, divisor)
    assert free is None or at(free, n) == expected
    assert free is not None or shift < 0


@given(size, st.fractions(-3, 3, max_denominator=12), st.integers(-5, 5))
def test_rounding_of_formulas_with_fractions(n, factor, shift):
    value, number = N * factor + shift, n * factor + shift
    assert at(a.rounded_down(value), n) == floor(number)
    assert at(a.rounded_up(value), n) == ceil(number)
    cast = a.whole(value)
    assert cast is None or at(cast, n) == int(number)


@given(size, size)
def test_broadcast_is_right_wherever_the_network_exists(n, m):
    assume(n == m or 1 in {n, m})
    undecided: list[tuple[object, object]] = []
    assert at(a.broadcast(N, M, undecided), n, m) == max(n, m)
    assert undecided == [(N, M)]
    assert a.broadcast(n, m) == max(n, m)


@pytest.mark.parametrize(
    ("first", "second", "both"), [(1, N, N), (N, 1, N), (5, N, 5), (N, 5, 5), (0, N, 0), (N, N, N)]
)
def test_a_number_decides_for_a_symbol(first, second, both):
    assert a.broadcast(first, second) == both


def test_numbers_that_differ_are_a_fault():
    with pytest.raises(Fault):
        a.broadcast(3, 4)


def test_a_symbol_never_equals_what_is_not_positive():
    assert a.equal(N, -1) is False
    assert a.equal(N, 0) is False
    assert a.equal(N, 3) is None
    assert a.less(N, 1) is False
    assert a.less(0, N) is True


@given(size, st.sampled_from([0.25, 0.5, 0.7, 1.0, 1.5, 2.0, 2.6666667, 3.3, 4.0]))
def test_scaled_sizes_are_those_of_floats_of_32_bits(n, scale):
    single = numpy.float32(scale)
    expected = int(numpy.floor(numpy.float32(n) * single))
    exact = a.exact(float(single))
    assert a.scaled(n, exact) == expected
    assert at(a.scaled(N, exact), n) == expected


@given(
    size, st.integers(1, 7), st.integers(1, 4), st.integers(0, 3), st.integers(0, 3), st.integers(1, 3), st.booleans()
)
def test_pools_take_the_positions_that_a_walk_over_the_axis_finds(n, kernel, stride, before, after, dilation, up):
    """Rounded up, a last window counts that begins on the map or in the padding before it."""
    reach = dilation * (kernel - 1) + 1
    assume(n + before + after >= reach)
    starts = range(-before, n, stride) if up else range(-before, n + after - reach + 1, stride)
    expected = len([s for s in starts if s + reach <= n + after or (s - stride + reach < n + after)])
    settings = {
        "kernel_shape": (kernel,),
        "strides": (stride,),
        "pads": (before, after),
        "dilations": (dilation,),
        "ceil_mode": int(up),
    }
    assert call("MaxPool", 12, Tensor((1, 1, n)), **settings).shape == (1, 1, expected)
    try:
        free = call("MaxPool", 12, Tensor((1, 1, N)), **settings).shape
    except Fault:
        assert reach > before + after + 1
    else:
        assert at(free[2], n) == expected


@given(size, size, st.integers(1, 6))
def test_reshapes_keep_the_elements(n, m, group):
    x = Tensor((N, M, 12))
    y = call("Reshape", 14, x, vector(0, -1, group))
    if 12 % group == 0:
        assert at(y.elements, n, m) == n * m * 12
