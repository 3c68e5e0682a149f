"""A dimension is an int or a symbol. No room but this one imports sympy.

Formulas everywhere else use `+ - * // %` and the helpers below, so one code path serves numbers and
symbols: ints in give ints out, and sympy is imported only once a symbol is made.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from inception_calc.dims.bounds import bounded
from inception_calc.problems import Fault

if TYPE_CHECKING:
    Dim: TypeAlias = int | Any
else:
    Dim = Any
"""An int, or a sympy expression (which has no type stubs)."""

LARGEST = 10**12
"""No size or count of a network comes near this; hostile specs must not make integers of a million digits."""

BUILT_IN_SYMBOLS = ("batch", "height", "width", "size", "width_multiplier")


class FeatureMap(NamedTuple):
    """The shape of one image's activations. H x W x C in papers, CHW in JSON: decided at the edge."""

    channels: Dim
    height: Dim
    width: Dim

    @property
    def elements(self) -> Dim:
        """The number of values: channels * height * width."""
        return self.channels * self.height * self.width


def symbol(name: str) -> Dim:
    """A free positive integer called `name`; the width multiplier alone may also be a fraction."""
    import sympy

    if name == "width_multiplier":
        return sympy.Symbol(name, positive=True)
    return sympy.Symbol(name, integer=True, positive=True)


def is_number(value: object) -> bool:
    """True when no symbol is left in `value`."""
    return isinstance(value, int | Fraction) or not getattr(value, "free_symbols", True)


def free_symbols(value: Dim) -> frozenset[str]:
    """The names of the symbols that `value` depends on."""
    if isinstance(value, int | Fraction):
        return frozenset()
    return frozenset(str(name) for name in value.free_symbols)


def floor_div(dividend: Dim, divisor: Dim) -> Dim:
    """The quotient rounded down, symbols in one form: floor((n + 3) / 2) is floor((n + 1) / 2) + 1.

    sympy's own `//` leaves the two apart, and branches of equal size would not be known to join.
    """
    if isinstance(dividend, int | Fraction) or not isinstance(divisor, int):
        return dividend // divisor
    import sympy

    bounded(sympy.sympify(dividend))
    constant, rest = sympy.sympify(dividend).as_coeff_Add()
    if not constant.is_Integer:
        return sympy.floor(dividend / divisor)
    whole, remainder = divmod(int(constant), divisor)
    if rest.has(sympy.Min, sympy.Max):
        from inception_calc.dims.whole_quotient import WholeQuotient

        return whole + WholeQuotient(rest + remainder, divisor)
    return whole + sympy.floor((rest + remainder) / divisor)


def ceil_div(dividend: Dim, divisor: Dim) -> Dim:
    """The quotient rounded up, written over a floor so that equal sizes get equal formulas."""
    return floor_div(dividend + divisor - 1, divisor)


def modulo(dividend: Dim, divisor: Dim) -> Dim:
    """The remainder, as a floor, so that formulas know one rounding only."""
    return dividend - divisor * floor_div(dividend, divisor)


def minimum(first: Dim, second: Dim) -> Dim:
    """The smaller of two quantities."""
    if isinstance(first, int | Fraction) and isinstance(second, int | Fraction):
        return min(first, second)
    import sympy

    difference = sympy.sympify(first - second)  # often a number, and then no symbol decides
    if difference.is_Number:
        return first if difference <= 0 else second
    return sympy.Min(bounded(sympy.sympify(first)), bounded(sympy.sympify(second)))


def maximum(first: Dim, second: Dim) -> Dim:
    """The larger of two quantities."""
    if isinstance(first, int | Fraction) and isinstance(second, int | Fraction):
        return max(first, second)
    import sympy

    difference = sympy.sympify(first - second)
    if difference.is_Number:
        return first if difference >= 0 else second
    return sympy.Max(bounded(sympy.sympify(first)), bounded(sympy.sympify(second)))


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
    if first is second or (isinstance(first, int) and isinstance(second, int)):
        return bool(first == second)
    from inception_calc.dims.normal import polynomial
    from inception_calc.dims.polynomial import never_negative

    difference = polynomial(first) - polynomial(second)
    if difference.constant is not None:
        return difference.constant == 0
    return False if never_negative(difference - 1) or never_negative(-difference - 1) else None


def at_most(first: Dim, second: Dim) -> bool | None:
    """Whether the first is never larger; None where that depends on the value of a symbol, or is not easily seen."""
    if isinstance(first, int) and isinstance(second, int):
        return first <= second
    from inception_calc.dims.normal import polynomial
    from inception_calc.dims.polynomial import never_negative

    difference = polynomial(second) - polynomial(first)
    if difference.constant is not None:
        return difference.constant >= 0
    return True if never_negative(difference) else False if never_negative(-difference - 1) else None


def simplified(value: Dim) -> Dim:
    """`value` multiplied out; an int where no symbol is left."""
    if isinstance(value, int):
        return value
    import sympy

    expanded = sympy.expand(value)
    return int(expanded) if expanded.is_Integer else expanded


def substitute(value: Dim, numbers: dict[str, int | Fraction]) -> Dim:
    """`value` with symbols replaced by numbers; an int where none is left."""
    if isinstance(value, int):
        return value
    import sympy

    known = {symbol(name): sympy.Rational(number) for name, number in numbers.items()}
    return simplified(sympy.sympify(value).subs(known))


def total(values: Iterable[Dim]) -> Dim:
    """The sum, quick for numbers and for long lists of symbolic terms alike."""
    numbers, terms = 0, []
    for value in values:
        if isinstance(value, int):
            numbers += value
        else:
            terms.append(value)
    if not terms:
        return numbers
    import sympy

    return sympy.Add(numbers, *terms)


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
    import sympy

    result = sympy.cancel(sympy.sympify(dividend) / divisor)
    plain = not sympy.fraction(result)[1].free_symbols  # 96 / groups is not, where the groups are free
    return result if plain else floor_div(dividend, divisor)


def formula_text(value: Dim) -> str:
    """`value` in the grammar of `formula`: integers, names, `+ - * // **`, parentheses, min and max."""
    if isinstance(value, int):
        return str(value)
    from inception_calc.dims.normal import polynomial
    from inception_calc.dims.printing import python_text

    return python_text(polynomial(value))


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
    """`value`, or a fault when it is a number below `least` or beyond any network; `Undecided` for endless formulas."""
    if not isinstance(value, int | Fraction):
        return bounded(value)
    if isinstance(value, int):
        if value < least:
            raise Fault("too-small", f"{what} is {value}, it must be at least {least}", fix=f"write {least} or more")
        if value > LARGEST:
            raise Fault("too-large", f"{what} is larger than {LARGEST:,}", fix="use a smaller number")
    return value
