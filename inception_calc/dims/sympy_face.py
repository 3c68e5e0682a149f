"""Polynomials as expressions of sympy: the face to the outside, and the only place that imports it.

Solving, factoring and printing in other languages are sympy's affair: `sympy.sympify(analysis.totals.params)`.
"""

from typing import Any

import sympy

from inception_calc.dims.polynomial import FRACTIONAL, Atom, Extreme, Polynomial, Quotient, Variable


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


def expression(polynomial: Polynomial) -> Any:
    """The same value in sympy's terms."""
    return sympy.Add(
        *(
            sympy.Mul(sympy.Rational(coefficient), *(_atom(atom) ** power for atom, power in monomial))
            for monomial, coefficient in polynomial.ordered
        )
    )


def _atom(atom: Atom) -> Any:
    if isinstance(atom, Variable):
        return sympy.Symbol(atom.name, positive=True, integer=None if atom.name == FRACTIONAL else True)
    if isinstance(atom, Quotient):
        dividend, divisor = expression(atom.dividend), expression(atom.divisor)
        ratio = dividend / divisor
        return WholeQuotient(dividend, divisor) if ratio.has(sympy.Min, sympy.Max) else sympy.floor(ratio)
    assert isinstance(atom, Extreme)
    return (sympy.Max if atom.largest else sympy.Min)(*map(expression, atom.arguments))
