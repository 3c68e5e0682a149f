"""Does a formula grow with its symbols? Then its largest value over a range stands at the range's upper end.

The proof goes by structure, never by trying: a number, a symbol, sums, roundings, minima and maxima of what grows
grow; products and powers grow where every factor grows and is not negative at the lower end, and so nowhere above
it. Where the structure says nothing, the answer is "not known", not "no".
"""

from collections.abc import Mapping
from typing import Any

from inception_calc.dims.quantity import Dim, substitute


class Growth:
    """Judges formulas over one range; every symbol in it lies at or above its lower end."""

    def __init__(self, low: Mapping[str, int]) -> None:
        self.low = dict(low)
        self.known: dict[Any, bool] = {}
        self.lowest: dict[Any, Any] = {}

    def grows(self, value: Dim) -> bool:
        """True where `value` is proven never to fall when a symbol rises."""
        if isinstance(value, int):
            return True
        if value not in self.known:
            self.known[value] = self._grows(value)
        return self.known[value]

    def _grows(self, value: Any) -> bool:
        if value.is_Number:
            return True
        if value.is_Symbol:
            return str(value) in self.low
        if value.is_Add or value.func.__name__ in ("floor", "ceiling", "Min", "Max"):
            return all(self.grows(part) for part in value.args)
        if value.func.__name__ == "WholeQuotient":
            dividend, divisor = value.args
            return bool(divisor.is_Integer and divisor > 0) and self.grows(dividend)
        if value.is_Mul:
            return all(self.grows(factor) and self._starts_at_zero(factor) for factor in value.args)
        if value.is_Pow:
            base, exponent = value.args
            return bool(exponent.is_Integer and exponent > 0) and self.grows(base) and self._starts_at_zero(base)
        return False

    def _starts_at_zero(self, value: Any) -> bool:
        """True where `value`, which grows, is not negative at the lower end."""
        if value not in self.lowest:
            self.lowest[value] = substitute(value, dict(self.low))
        lowest = self.lowest[value]
        return bool(lowest >= 0) if isinstance(lowest, int) or getattr(lowest, "is_number", False) else False
