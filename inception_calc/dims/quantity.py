"""A dimension is an int or a symbolic quantity, a polynomial in symbols that are positive integers.

Formulas everywhere else use `+ - * // %` and the helpers below, so one code path serves numbers and symbols: ints in
give ints out. What decides between two quantities may be undecided, and says so (`same`, `at_most`).
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from inception_calc.dims.polynomial import (
    Polynomial,
    divided,
    extreme,
    never_negative,
    polynomial,
    summed,
    variable,
)
from inception_calc.problems import Fault

if TYPE_CHECKING:
    Dim: TypeAlias = int | Any
else:
    Dim = Any
"""An int or a `Polynomial`; a Fraction where the width multiplier makes one."""

LARGEST = 10**12
"""No size or count of a network comes near this; hostile specs must not make integers of a million digits."""

BUILT_IN_SYMBOLS = ("batch", "length", "depth_size", "height", "width", "size", "width_multiplier")


def symbol(name: str) -> Dim:
    """A free positive integer called `name`; the width multiplier alone may also be a fraction."""
    return variable(name)


def is_number(value: object) -> bool:
    """True when no symbol is left in `value`."""
    return isinstance(value, int | Fraction)


def free_symbols(value: Dim) -> frozenset[str]:
    """The names of the symbols that `value` depends on."""
    return value.names if isinstance(value, Polynomial) else frozenset()


def floor_div(dividend: Dim, divisor: Dim) -> Dim:
    """The quotient rounded down, symbols in one form: floor((n + 3) / 2) is floor((n + 1) / 2) + 1."""
    return dividend // divisor


def ceil_div(dividend: Dim, divisor: Dim) -> Dim:
    """The quotient rounded up, written over a floor so that equal sizes get equal formulas."""
    return floor_div(dividend + divisor - 1, divisor)


def modulo(dividend: Dim, divisor: Dim) -> Dim:
    """The remainder, symbols as a floor, so that formulas know one rounding only."""
    return dividend % divisor


def minimum(first: Dim, second: Dim) -> Dim:
    """The smaller of two quantities."""
    if isinstance(first, int | Fraction) and isinstance(second, int | Fraction):
        return min(first, second)
    return _plain(extreme(False, (polynomial(first), polynomial(second))))


def maximum(first: Dim, second: Dim) -> Dim:
    """The larger of two quantities."""
    if isinstance(first, int | Fraction) and isinstance(second, int | Fraction):
        return max(first, second)
    return _plain(extreme(True, (polynomial(first), polynomial(second))))


def _plain(value: Polynomial) -> Dim:
    """A number where no symbol is left."""
    number = value.constant
    return value if number is None else number


def round_to(value: Dim, multiple: Dim) -> Dim:
    """`value` rounded to a multiple as mobile networks round their channel counts.

    To the nearest multiple (halves up), never below one multiple, and one multiple more where that would
    lose over a tenth (MobileNetV2's published code, `make_divisible`).
    """
    nearest = maximum(multiple, floor_div(2 * value + multiple, 2 * multiple) * multiple)
    shortfall = 9 * value - 10 * nearest  # positive where more than a tenth is lost
    if isinstance(shortfall, int | Fraction):
        return nearest + multiple if shortfall > 0 else nearest
    return nearest + multiple * minimum(1, maximum(0, ceil_div(shortfall, 1)))


def same(first: Dim, second: Dim) -> bool | None:
    """Whether two dimensions are equal; None where that depends on the value of a symbol."""
    difference = first - second
    if is_number(difference):
        return bool(difference == 0)
    return False if never_negative(difference - 1) or never_negative(-difference - 1) else None


def at_most(first: Dim, second: Dim) -> bool | None:
    """Whether the first is never larger; None where that depends on the value of a symbol, or is not easily seen."""
    difference = second - first
    if is_number(difference):
        return bool(difference >= 0)
    return True if never_negative(difference) else False if never_negative(-difference - 1) else None


def substitute(value: Dim, numbers: Mapping[str, int | Fraction]) -> Dim:
    """`value` with symbols replaced by numbers; an int where none is left."""
    return _plain(value.replaced(numbers)) if isinstance(value, Polynomial) else value


def total(values: Iterable[Dim]) -> Dim:
    """The sum, quick for numbers and for long lists of symbolic terms alike."""
    numbers: Dim = 0
    symbolic: list[Polynomial] = []
    for value in values:
        if isinstance(value, Polynomial):
            symbolic.append(value)
        else:
            numbers += value
    return _plain(summed(symbolic)) + numbers if symbolic else numbers


def product(values: Iterable[Dim]) -> Dim:
    """The product; 1 for an empty list."""
    result: Dim = 1
    for value in values:
        result = result * value
    return result


def exact_quotient(dividend: Dim, divisor: Dim) -> Dim:
    """A quotient that is known to leave no remainder: a plain product where floors would hide it."""
    if isinstance(dividend, int) and isinstance(divisor, int):
        return dividend // divisor
    plain = divided(polynomial(dividend), polynomial(divisor))  # none for 96 / groups, where the groups are free
    return dividend // divisor if plain is None else _plain(plain)


def formula_text(value: Dim) -> str:
    """`value` in the grammar of `formula`: integers, names, `+ - * // **`, parentheses, min and max."""
    return str(value)


def factor_text(value: Dim) -> str:
    """The same as a factor: in parentheses, unless it is a number, a name or in parentheses already."""
    text = formula_text(value)
    return text if text.isalnum() or _in_parentheses(text) else f"({text})"


def _in_parentheses(text: str) -> bool:
    """Whether one pair of parentheses holds the whole text."""
    depth = 0
    for character in text[:-1]:
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return False
    return True


def checked(value: Dim, what: str, least: int = 1) -> Dim:
    """`value`, or a fault when it is a number below `least` or beyond any network."""
    if isinstance(value, int):
        if value < least:
            raise Fault("too-small", f"{what} is {value}, it must be at least {least}", fix=f"write {least} or more")
        if value > LARGEST:
            raise Fault("too-large", f"{what} is larger than {LARGEST:,}", fix="use a smaller number")
    return value
