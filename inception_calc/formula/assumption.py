"""Assumptions about a symbol's remainder: `size % 32 == 0` makes every floor of GoogLeNet a plain quotient."""

from dataclasses import dataclass
from fractions import Fraction

from inception_calc.dims import parse, symbol
from inception_calc.dims.expression import Name, Number, Operation
from inception_calc.dims.polynomial import FRACTIONAL, Polynomial, polynomial
from inception_calc.problems import Fault, InputError, Location, Problem, listed, nearest

GRAMMAR = "write --assume 'size % 32 == 0'"
MULTIPLES = ("m", "n", "p", "q", "r", "t", "u", "v")
"""What the multiples are called, as far as the spec leaves the letters free."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """`name` is `divisor * multiple - shortfall`, for a positive integer that `multiple` names."""

    text: str
    name: str
    divisor: int
    remainder: int
    multiple: str

    @property
    def shortfall(self) -> int:
        """What the symbol lacks of a multiple of the divisor: the values are 32 m - 27 for remainder 5, m = 1, 2 ..."""
        return -self.remainder % self.divisor

    @property
    def value(self) -> Polynomial:
        """What is put in for the symbol."""
        return polynomial(symbol(self.multiple) * self.divisor - self.shortfall)

    @property
    def back(self) -> Polynomial:
        """The multiple in terms of the symbol."""
        return polynomial((symbol(self.name) + self.shortfall) * Fraction(1, self.divisor))


def read_assumption(text: str, free: tuple[str, ...], taken: set[str], known: tuple[str, ...]) -> Assumption:
    """The assumption that a text states about a free symbol; raises `InputError` with the place in the text.

    `taken` are names that the multiple may not have, `known` the symbols that the network has.
    """
    left, equals, right = text.partition("==")
    if not equals or "==" in right:
        raise _error(text, Fault("bad-assumption", "an assumption is an equation", fix=GRAMMAR, span=(0, len(text))))
    try:
        name, divisor = _modulus(left)
        remainder = _integer(right, len(left) + 2)
    except Fault as fault:
        raise _error(text, fault) from None
    width = len(name.text)
    if name.text not in free:
        there = (
            f"free it: --free {name.text}"
            if name.text in known
            else f"the symbols here are {listed(known, all_in='symbols of the spec')}"
        )
        hint = nearest(name.text, free) or there
        raise _error(text, Fault("unknown-symbol", f"'{name.text}' is not free", fix=hint, span=(name.offset, width)))
    if name.text == FRACTIONAL:
        raise _error(
            text,
            Fault("bad-assumption", f"{FRACTIONAL} may be a fraction and has no remainder", span=(name.offset, width)),
        )
    if not 0 <= remainder < divisor:
        raise _error(
            text,
            Fault(
                "bad-assumption",
                f"a remainder by {divisor} lies between 0 and {divisor - 1}",
                span=(len(left) + 2, len(right)),
            ),
        )
    multiple = next(letter for letter in (*MULTIPLES, *(f"m{i}" for i in range(2, 99))) if letter not in taken)
    return Assumption(" ".join(text.split()), name.text, divisor, remainder, multiple)


def _modulus(text: str) -> tuple[Name, int]:
    tree = parse(text)
    if (
        isinstance(tree, Operation)
        and tree.mark == "%"
        and isinstance(tree.left, Name)
        and isinstance(tree.right, Number)
        and isinstance(tree.right.value, int)
        and tree.right.value > 0
    ):
        return tree.left, tree.right.value
    raise Fault("bad-assumption", "the left side must be SYMBOL % NUMBER", fix=GRAMMAR, span=(0, len(text)))


def _integer(text: str, offset: int) -> int:
    try:
        tree = parse(text)
    except Fault as fault:
        start, width = fault.span or (0, 1)
        fault.span = (start + offset, width)
        raise
    if isinstance(tree, Number) and isinstance(tree.value, int):
        return tree.value
    raise Fault("bad-assumption", "the right side must be an integer", fix=GRAMMAR, span=(offset, len(text)))


def _error(text: str, fault: Fault) -> InputError:
    start, width = fault.span or (0, len(text))
    return InputError(Problem(fault.code, fault.what, Location("--assume", 1, start + 1, width, text), fault.fix))
