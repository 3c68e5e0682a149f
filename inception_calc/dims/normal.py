"""From sympy's expressions to polynomials in normal form."""

from fractions import Fraction
from functools import lru_cache
from typing import Any

from inception_calc.dims.polynomial import ONE, Polynomial, constant, extreme, quotient, summed, variable
from inception_calc.dims.quantity import Dim


def polynomial(value: Dim | Fraction) -> Polynomial:
    """A quantity as a polynomial. Everything that the helpers of `dims` make can be brought into this form."""
    return constant(value) if isinstance(value, int | Fraction) else _polynomial(value)


@lru_cache(maxsize=65536)
def _polynomial(value: Any) -> Polynomial:
    """One sympy expression; its parts are remembered, since layers share their sizes."""
    if value.is_Symbol:
        return variable(value.name)
    if value.is_Rational:
        return constant(int(value) if value.is_Integer else Fraction(int(value.p), int(value.q)))
    if value.is_Add:
        return summed([_polynomial(argument) for argument in value.args])
    if value.is_Mul:
        result = ONE
        for argument in value.args:
            result = result * _polynomial(argument)
        return result
    if value.is_Pow and value.exp.is_Integer and value.exp > 0:
        return _polynomial(value.base) ** int(value.exp)
    return _rounded(value)


def _rounded(value: Any) -> Polynomial:
    """Floors, ceilings and extremes."""
    kind = type(value).__name__
    if kind == "floor":
        return quotient(*_ratio(value.args[0]))
    if kind == "ceiling":
        dividend, divisor = _ratio(value.args[0])
        return -quotient(-dividend, divisor)
    if kind == "WholeQuotient":
        return quotient(*map(_polynomial, value.args))
    if kind in ("Min", "Max"):
        return extreme(kind == "Max", [_polynomial(argument) for argument in value.args])
    raise TypeError(f"no closed form for {value}")


def _ratio(value: Any) -> tuple[Polynomial, Polynomial]:
    """Dividend and divisor of what stands under a floor; the divisor is 1 unless a symbol divides."""
    if value.is_Add:
        dividend, divisor = _ratio(value.args[0])
        for argument in value.args[1:]:
            more, by = _ratio(argument)
            dividend, divisor = (
                (dividend + more, divisor) if by == divisor else (dividend * by + more * divisor, divisor * by)
            )
        return dividend, divisor
    if value.is_Mul:
        dividend, divisor = ONE, ONE
        for argument in value.args:
            more, by = _ratio(argument)
            dividend, divisor = dividend * more, divisor * by
        return dividend, divisor
    if value.is_Pow and value.exp.is_Integer and value.exp < 0:
        return ONE, _polynomial(value.base) ** int(-value.exp)
    return _polynomial(value), ONE
