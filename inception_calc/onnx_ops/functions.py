"""What operators do with elements that are known: ints, fractions and symbols; None where the result is not known."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt, sqrt

from inception_calc.dims import maximum, minimum, total
from inception_calc.onnx_ops.arithmetic import Scalar, less, numeric, truncated_quotient, whole

Function = Callable[..., Scalar]


def division(a: Scalar, b: Scalar) -> Scalar:
    """The exact quotient."""
    if numeric(a) and numeric(b):
        return Fraction(a) / b if b else None
    if isinstance(b, int | Fraction):
        return a * (1 / Fraction(b)) if b else None
    return None


def modulo(a: Scalar, b: Scalar) -> Scalar:
    """The remainder, with the divisor's sign."""
    if numeric(a) and numeric(b):
        return a % b if b else None
    quotient = truncated_quotient(a, b)
    return None if quotient is None else a - b * quotient


def power(a: Scalar, b: Scalar) -> Scalar:
    """A whole power, or the square root."""
    if b == Fraction(1, 2):
        return root(a)
    if not numeric(b) or b != int(b) or abs(b) > (64 if numeric(a) else 4):
        return None
    if b < 0:
        return Fraction(1) / Fraction(a) ** int(-b) if numeric(a) and a else None
    return a ** int(b)


def root(a: Scalar) -> Scalar:
    """The square root; a float where it is no whole number."""
    if not numeric(a) or a < 0:
        return None
    whole = isqrt(int(a))
    return whole if whole * whole == a else Fraction(sqrt(a))


def comparison(compare: Callable[[Scalar, Scalar], bool | None]) -> Function:
    """A comparison as a function of elements."""

    def function(a: Scalar, b: Scalar) -> Scalar:
        return compare(a, b)

    return function


def negation(value: Scalar) -> Scalar:
    """Not; None stays None."""
    return None if value is None else not value


def turned(compare: Callable[[Scalar, Scalar], bool | None], swap: bool) -> Function:
    """Not smaller, or not larger."""
    return lambda a, b: negation(compare(b, a) if swap else compare(a, b))


def logical(function: Callable[[bool, bool], bool]) -> Function:
    """A function of truths."""
    return lambda a, b: function(bool(a), bool(b)) if numeric(a) and numeric(b) else None


def bits(function: Callable[[int, int], int]) -> Function:
    """A function of the bits of two integers."""
    return lambda a, b: function(a, b) if isinstance(a, int) and isinstance(b, int) else None


def rounded(value: Scalar) -> Scalar:
    """The nearest integer, halves to the even one; of a formula with fractions in it that is not known."""
    return round(value) if numeric(value) else value if whole(value) is value else None


def sign_of(value: Scalar) -> Scalar:
    """-1, 0 or 1."""
    below, above = less(value, 0), less(0, value)
    return None if below is None or above is None else int(above) - int(below)


def absolute(value: Scalar) -> Scalar:
    """The value without its sign."""
    below = less(value, 0)
    return None if below is None else -value if below else value


def added(a: Scalar, b: Scalar) -> Scalar:
    """The sum of two."""
    return a + b


def subtract(a: Scalar, b: Scalar) -> Scalar:
    """The difference."""
    return a - b


def multiply(a: Scalar, b: Scalar) -> Scalar:
    """The product of two."""
    return a * b


def negate(value: Scalar) -> Scalar:
    """Minus the value."""
    return -value


def rectified(value: Scalar) -> Scalar:
    """The value, or 0 where it is below."""
    return maximum(value, 0)


def reciprocal(value: Scalar) -> Scalar:
    """1 over the value."""
    return Fraction(1) / value if numeric(value) and value else None


def summed(*values: Scalar) -> Scalar:
    """The sum of all."""
    return total(values) if all(isinstance(value, int) for value in values) else sum(values[1:], values[0])


def mean_of(*values: Scalar) -> Scalar:
    """The mean of all."""
    return division(summed(*values), len(values))


def largest(*values: Scalar) -> Scalar:
    """The largest of all."""
    result = values[0]
    for value in values[1:]:
        result = maximum(result, value)
    return result


def smallest(*values: Scalar) -> Scalar:
    """The smallest of all."""
    result = values[0]
    for value in values[1:]:
        result = minimum(result, value)
    return result


DIVISIONS: dict[Function, Function] = {division: truncated_quotient}
"""What an exact function is between integers."""
