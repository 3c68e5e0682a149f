"""Polynomials as expressions of sympy: the face to the outside, and the only place that imports it.

Solving, factoring and printing in other languages are sympy's affair: `sympy.sympify(analysis.totals.params)`.
"""

from typing import Any

import sympy

from inception_calc.dims.ring import Factor, Sum


class WholeQuotient(sympy.Function):  # type: ignore[misc]
    """floor(dividend / divisor), unevaluated until both are numbers.

    sympy 1.14 takes (Min(6, 2 n) / 6).is_integer for true and drops the floor around it.
    """

    nargs = 2
    is_integer = True

    @classmethod
    def eval(cls, dividend: Any, divisor: Any) -> Any:
        """The quotient of two numbers; None keeps the function."""
        if dividend.is_Rational and divisor.is_Rational:
            return sympy.Integer(dividend // divisor)
        return None

    def _latex(self, printer: Any) -> str:
        dividend, divisor = (printer._print(side) for side in self.args)
        return rf"\left\lfloor{{\frac{{{dividend}}}{{{divisor}}}}}\right\rfloor"


def expression(polynomial: Sum) -> Any:
    """The same value in sympy's terms."""
    return sympy.Add(
        *(
            sympy.Mul(sympy.Rational(coefficient), *(atom.told(_Teller) ** power for atom, power in monomial))
            for monomial, coefficient in polynomial.ordered
        )
    )


class _Teller:
    """What the atoms of a polynomial are in sympy's terms."""

    @staticmethod
    def symbol(name: str, whole: bool) -> Any:
        return sympy.Symbol(name, positive=True, integer=whole or None)

    @staticmethod
    def quotient(atom: Factor) -> Any:
        dividend, divisor = map(expression, atom.inner)
        ratio = dividend / divisor
        return WholeQuotient(dividend, divisor) if ratio.has(sympy.Min, sympy.Max) else sympy.floor(ratio)

    @staticmethod
    def extreme(atom: Factor, largest: bool) -> Any:
        return (sympy.Max if largest else sympy.Min)(*map(expression, atom.inner))
