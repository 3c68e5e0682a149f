"""Where a polynomial of low degree changes its sign over the positive real numbers, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt, lcm
from typing import NamedTuple

from inception_calc.dims.ring import Rational


class Root(NamedTuple):
    """The number (whole + sign * sqrt(radicand)) / divisor; the radicand is 0 for a fraction."""

    whole: int
    divisor: int
    radicand: int = 0
    sign: int = 1

    @property
    def text(self) -> str:
        """`3/8`, or `(sqrt(17) - 1)/4`."""
        if not self.radicand:
            return str(Fraction(self.whole, self.divisor))
        root = f"sqrt({self.radicand})"
        whole = f"{'+' if self.whole > 0 else '-'} {abs(self.whole)}" if self.whole else ""
        above = f"{root} {whole}".rstrip() if self.sign > 0 else f"{self.whole} - {root}"
        return f"({above})/{self.divisor}" if self.divisor != 1 else above

    @property
    def decimal(self) -> float:
        """About its value, from 18 exact digits."""
        scale = 10**18
        root = isqrt(self.radicand * scale * scale)
        return float(Fraction(self.whole * scale + self.sign * root, self.divisor * scale))


def sign_changes(coefficients: Sequence[Rational]) -> tuple[Root, ...] | None:
    """The positive numbers at which a polynomial changes its sign, smallest first; None where its degree is too high.

    The coefficients stand from the constant up. Factors of the unknown itself do not count for the degree: two at most.
    """
    scale = lcm(*(Fraction(one).denominator for one in coefficients)) if coefficients else 1
    whole = [int(one * scale) for one in coefficients]
    while whole and whole[-1] == 0:
        whole.pop()
    while whole and whole[0] == 0:
        del whole[0]
    if len(whole) > 3:
        return None
    if len(whole) < 2:
        return ()
    if len(whole) == 2:
        constant, slope = whole
        return (Root(-constant, slope),) if constant * slope < 0 else ()
    constant, slope, square = whole if whole[2] > 0 else [-one for one in whole]
    radicand = slope * slope - 4 * square * constant
    if radicand <= 0:
        return ()
    outside = isqrt(radicand)
    if outside * outside == radicand:
        roots = [Root(-slope - outside, 2 * square), Root(-slope + outside, 2 * square)]
    else:
        roots = [_reduced(-slope, 2 * square, radicand, sign) for sign in (-1, 1)]
    return tuple(root for root in roots if root.decimal > 0)


def _reduced(whole: int, divisor: int, radicand: int, sign: int) -> Root:
    """The root with the common factors of all three taken out: 2 is what closed forms leave."""
    for prime in (2, 3, 5, 7):
        while whole % prime == 0 and divisor % prime == 0 and radicand % (prime * prime) == 0:
            whole, divisor, radicand = whole // prime, divisor // prime, radicand // (prime * prime)
    return Root(whole, divisor, radicand, sign)
