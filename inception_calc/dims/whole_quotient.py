"""A floor that sympy leaves alone.

sympy 1.14 takes (Min(6, 2 n) / 6).is_integer for true and drops the floor around it, so a quotient of something
with Min or Max in it is kept as a function of its own, worked out once both sides are numbers.
"""

from __future__ import annotations

from typing import Any

import sympy


class WholeQuotient(sympy.Function):  # type: ignore[misc]
    """floor(dividend / divisor), unevaluated until both are numbers."""

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
