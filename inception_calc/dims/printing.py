"""Symbolic values as text in the grammar of `formula`: integers, names, `+ - * // **`, parentheses, min, max."""

from __future__ import annotations

from math import lcm
from typing import Any

import sympy

from inception_calc.dims.whole_quotient import WholeQuotient


def python_text(value: Any) -> str:
    """One expression that Python evaluates to exactly the value, floors written as `//`.

    Rational coefficients are put over one whole divisor; the result is a polynomial with integer values, so
    the division is exact.
    """
    return _Printer().text(sympy.sympify(value))


class _Printer:
    """Writes sums, products, powers and floors; anything else is a mistake of ours, not of the user."""

    def text(self, value: Any) -> str:
        terms = sorted(sympy.Add.make_args(value), key=_order)
        divisor = lcm(*(int(term.as_coeff_Mul()[0].q) for term in terms))
        if divisor != 1:
            return f"({self.text(sympy.expand(value * divisor))})//{divisor}"
        written = ""
        for term in terms:
            coefficient, rest = term.as_coeff_Mul()
            sign = " - " if coefficient < 0 else " + "
            written += (sign if written else sign.strip().strip("+")) + self.product(abs(coefficient), rest)
        return written

    def product(self, coefficient: Any, rest: Any) -> str:
        if rest == 1:
            return str(coefficient)
        factors = [self.power(factor) for factor in sorted(sympy.Mul.make_args(rest), key=sympy.default_sort_key)]
        return "*".join(factors if coefficient == 1 else [str(coefficient), *factors])

    def power(self, factor: Any) -> str:
        base, exponent = factor.as_base_exp()
        if exponent == 1:
            return self.atom(base)
        if not (exponent.is_Integer and exponent > 1):
            raise TypeError(f"no formula text for {factor}")
        return f"{self.atom(base)}**{exponent}"

    def atom(self, value: Any) -> str:
        if value.is_Symbol or (value.is_Integer and value >= 0):
            return str(value)
        if isinstance(value, sympy.floor):
            inner = sympy.expand(value.args[0])
            divisor = lcm(*(int(term.as_coeff_Mul()[0].q) for term in sympy.Add.make_args(inner)))
            return f"(({self.text(sympy.expand(inner * divisor))})//{divisor})"
        if isinstance(value, WholeQuotient):
            dividend, divisor = value.args
            return f"(({self.text(sympy.expand(dividend))})//{self.atom(divisor)})"
        if isinstance(value, sympy.ceiling):
            return f"(-({self.text(sympy.expand(sympy.floor(-value.args[0])))}))"
        if isinstance(value, sympy.Min | sympy.Max):
            arguments = ", ".join(self.text(argument) for argument in sorted(value.args, key=sympy.default_sort_key))
            return f"{'min' if isinstance(value, sympy.Min) else 'max'}({arguments})"
        if value.is_Add:
            return f"({self.text(value)})"
        raise TypeError(f"no formula text for {value}")


def _order(term: Any) -> tuple[int, Any]:
    """Highest degree first, constants last."""
    degree = sum(factor.as_base_exp()[1] for factor in sympy.Mul.make_args(term) if not factor.is_Number)
    return (-int(degree) if degree.is_Integer else 0) if not isinstance(
        degree, int
    ) else -degree, sympy.default_sort_key(term)
