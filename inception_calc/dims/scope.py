"""What the names in a count stand for, and the value of a count there.

The width multiplier (language, rules 33 and 34) scales every additive term of a filter count once; terms
that hold `input_channels` are wide already, and a count that mentions the symbol `classes` stays as it is.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple

from inception_calc.dims.expression import Call, Name, Negative, Number, Operation, Tree, parse
from inception_calc.dims.quantity import (
    LARGEST,
    Dim,
    ceil_div,
    checked,
    floor_div,
    free_symbols,
    is_number,
    maximum,
    minimum,
    modulo,
    round_to,
)
from inception_calc.dims.shape import Shape
from inception_calc.problems import Fault, Suggestion, listed, nearest

NAMES = "the block's 'columns', and 'symbols'"
"""Where the names of a count are declared."""
NEVER_SCALED = ("classes", "vocabulary")
"""Symbols that belong to the data: no width multiplier changes them."""
INPUT_CHANNELS = "input_channels"


class Count(NamedTuple):
    """An integer, a column or an expression, as it stands in the file."""

    text: str


class Decimal(NamedTuple):
    """A decimal fraction (a dropout rate, a residual scale) or the column that holds one."""

    text: str


class Bound:
    """A column's value: the text at the call, and the scope of the call (rule 19).

    Each reading is worked out once: a chain of calls that each use a column twice must not double the work.
    """

    __slots__ = ("_readings", "scope", "text")

    def __init__(self, text: str, scope: "Scope") -> None:
        self.text = text
        self.scope = scope
        self._readings: dict[str, Any] = {}

    def reading(self, of: "Callable[[Scope, Tree], Any]") -> Any:
        """What `of` (a method of `Scope`) makes of the column's text in the scope of the call."""
        key = of.__name__
        if key not in self._readings:
            try:
                self._readings[key] = of(self.scope, self.scope._tree(self.text))
            except Fault as fault:
                self._readings[key] = fault
        found = self._readings[key]
        if isinstance(found, Fault):
            raise Fault(found.code, found.what, fix=found.fix)
        return found


class Scaling(NamedTuple):
    """How filter counts follow the width multiplier: exactly, or rounded to a multiple."""

    multiplier: Dim | Fraction = 1
    round_to: int | None = None


UNSCALED = Scaling()
NO_MAPS: Mapping[str, Shape] = MappingProxyType({})


class Scope:
    """Names and their values at one place of the graph; never changed after it is made."""

    __slots__ = ("columns", INPUT_CHANNELS, "maps", "scaling", "symbols")

    def __init__(
        self,
        symbols: Mapping[str, Dim],
        columns: Mapping[str, Bound] | None = None,
        input_channels: Dim = 0,
        scaling: Scaling | None = None,
        maps: Mapping[str, Shape] = NO_MAPS,
    ) -> None:
        self.maps = maps
        """The outputs of the rows that are finished, by name."""
        self.symbols = symbols
        self.columns = columns or {}
        self.input_channels = input_channels
        self.scaling = scaling or Scaling()

    def count(self, count: Count, what: str, least: int = 1) -> Dim:
        """The plain value; a fault where it is below `least`."""
        return self._checked(self._value(self._tree(count.text)), what, least, count)

    def scaled(self, count: Count, what: str) -> Dim:
        """The value of a filter or unit count under the width multiplier."""
        if isinstance(self.scaling.multiplier, int) and self.scaling.multiplier == 1:
            return self.count(count, what)
        plain = self.count(count, what)
        if not self._leaves(self._tree(count.text)).isdisjoint(NEVER_SCALED):
            return plain
        return self._checked(self._wide(count, plain, what), what, 1, count)

    def compared(self, counts: Iterable[Count], what: str) -> list[Dim]:
        """The values of counts that are compared: where the channels that enter are among them, all follow the width.

        So `out == input_channels` holds at any width where it holds at 1, and `s == 1` stays a comparison of strides.
        """
        counts = tuple(counts)
        follow = any(INPUT_CHANNELS in self._leaves(self._tree(count.text)) for count in counts)
        plain = [self.count(count, what, -LARGEST) for count in counts]
        if not follow or self.scaling == UNSCALED:
            return plain
        return [self._wide(count, value, what) for count, value in zip(counts, plain, strict=True)]

    def _wide(self, count: Count, plain: Dim, what: str) -> Dim:
        """A count under the width multiplier, whole or rounded; `plain` is what it is at 1."""
        wide = self._scaled(self._tree(count.text))
        if self.scaling.round_to is not None and self._has_narrow_part(count.text):
            wide = self._rounded(wide, self.scaling.round_to, what)
        if isinstance(wide, Fraction):
            if wide.denominator != 1:
                shown = plain * self.scaling.multiplier if isinstance(plain, int) else wide
                raise Fault(
                    "not-whole",
                    f"{what}: {plain} times the width multiplier {self.scaling.multiplier} is {float(shown):g},"
                    " not a whole number",
                    fix="choose another width_multiplier, or --round 8 (multiples of eight) or --round 1 (floor)",
                )
            wide = int(wide)
        return wide

    def map_of(self, row: str) -> Shape:
        """What an earlier row leaves; a fault where no such row is finished."""
        if row not in self.maps:
            raise Fault("later-row", f"the row '{row}' does not stand before this one", fix="take a row above")
        return self.maps[row]

    def word(self, column: str) -> str:
        """The text that stands in a column, handed through from the outermost call."""
        scope = self
        while column in scope.columns:
            bound = scope.columns[column]
            column, scope = bound.text, bound.scope
        return column

    def decimal(self, decimal: Decimal) -> Fraction:
        """The value of a decimal fraction."""
        if decimal.text in self.columns:
            bound = self.columns[decimal.text]
            return bound.scope.decimal(Decimal(bound.text))
        return read_decimal(decimal.text)

    def bind(self, columns: Mapping[str, str], input_channels: Dim) -> "Scope":
        """The scope inside a block called here with these column values."""
        bound = {name: Bound(text, self) for name, text in columns.items()}
        readings = (
            [Scope._value] if self.scaling == UNSCALED else [Scope._value, Scope._scaled, Scope._narrow, Scope._leaves]
        )
        for column in bound.values():  # read from outside inwards, so that a chain of calls is no deep recursion
            with suppress(Fault):
                for reading in readings:
                    column.reading(reading)
        return Scope(self.symbols, bound, input_channels, self.scaling, self.maps)

    def entered(self, input_channels: Dim) -> "Scope":
        """The same names, seen from a row or repetition that this many channels enter (rule 18)."""
        if input_channels is self.input_channels:
            return self
        return Scope(self.symbols, self.columns, input_channels, self.scaling, self.maps)

    def names(self) -> list[str]:
        """Every name that may stand in a count here."""
        return [*self.columns, *self.symbols, INPUT_CHANNELS]

    def _tree(self, text: str) -> Tree:
        if text in self.columns:
            return Name(text, 0, quoted=True)
        return Name(text, 0) if text in self.symbols else parse(text)

    def _checked(self, value: Dim, what: str, least: int, count: Count) -> Dim:
        if isinstance(value, Fraction):
            value = int(value) if value.denominator == 1 else value
        if not isinstance(value, int | Fraction):
            return checked(value, what, least)
        try:
            return checked(value, what if count.text == str(value) else f"{what} '{count.text}'", least)
        except Fault as fault:
            fault.span = (0, len(count.text))
            raise

    def _look_up(self, name: Name) -> "Dim | Bound":
        if name.text in self.columns:
            return self.columns[name.text]
        if not name.quoted:
            if name.text == INPUT_CHANNELS:
                return self.input_channels
            if name.text in self.symbols:
                return self.symbols[name.text]
        raise unknown_name(name, self.names())

    def _value(self, tree: Tree) -> Dim:
        if isinstance(tree, Number):
            return tree.value
        if isinstance(tree, Name):
            found = self._look_up(tree)
            return found.reading(Scope._value) if isinstance(found, Bound) else found
        if isinstance(tree, Negative):
            return -self._value(tree.operand)
        if isinstance(tree, Operation):
            return operate(tree.mark, self._value(tree.left), self._value(tree.right))
        if isinstance(tree, Call):
            return call(tree.function, [self._value(argument) for argument in tree.arguments])
        raise Fault("bad-expression", "a count cannot refer to another spec", span=(tree.offset, len(tree.text)))

    def _scaled(self, tree: Tree) -> Dim:
        """The value with each additive term multiplied once, but for those that hold `input_channels`."""
        if isinstance(tree, Name):
            found = self._look_up(tree)
            if isinstance(found, Bound):
                return found.reading(Scope._scaled)
            return found if tree.text == INPUT_CHANNELS else self._times(found)
        if isinstance(tree, Negative):
            return -self._scaled(tree.operand)
        if isinstance(tree, Call):
            first, *rest = tree.arguments
            if tree.function in ("min", "max"):
                return call(tree.function, [self._scaled(argument) for argument in tree.arguments])
            return call(tree.function, [self._scaled(first), *(self._value(argument) for argument in rest)])
        if isinstance(tree, Operation):
            if tree.mark in ("+", "-"):
                return operate(tree.mark, self._scaled(tree.left), self._scaled(tree.right))
            if tree.mark in ("//", "%"):
                return operate(tree.mark, self._scaled(tree.left), self._value(tree.right))
            wide_left, wide_right = (INPUT_CHANNELS in self._leaves(side) for side in (tree.left, tree.right))
            if wide_right and not wide_left:
                return operate(tree.mark, self._value(tree.left), self._scaled(tree.right))
            if not wide_right:
                return operate(tree.mark, self._scaled(tree.left), self._value(tree.right))
            # (a + b c)(d + e c) for c input channels: only the narrow part a d is multiplied, and once
            narrow = self._narrow(tree.left) * self._narrow(tree.right)
            return self._value(tree) - narrow + self._times(narrow)
        return self._times(self._value(tree))

    def _narrow(self, tree: Tree) -> Dim:
        """The value with `input_channels` set to nothing."""
        if isinstance(tree, Name):
            found = self._look_up(tree)
            if isinstance(found, Bound):
                return found.reading(Scope._narrow)
            return 0 if tree.text == INPUT_CHANNELS else found
        if isinstance(tree, Negative):
            return -self._narrow(tree.operand)
        if isinstance(tree, Operation):
            right = tree.right
            divisor = self._value(right) if tree.mark in ("//", "%") else self._narrow(right)
            return operate(tree.mark, self._narrow(tree.left), divisor)
        if isinstance(tree, Call):
            return call(tree.function, [self._narrow(argument) for argument in tree.arguments])
        return self._value(tree)

    def _times(self, value: Dim) -> Dim:
        scaled = value * self.scaling.multiplier
        return int(scaled) if isinstance(scaled, Fraction) and scaled.denominator == 1 else scaled

    def _rounded(self, value: Dim, multiple: int, what: str) -> Dim:
        if not is_number(value):
            raise Fault(
                "free-multiplier",
                f"{what}: rounding needs a number, but {listed(sorted(free_symbols(value)))} is free",
                fix="set width_multiplier, or leave --round out",
            )
        return maximum(1, floor_div(value, 1)) if multiple == 1 else round_to(value, multiple)

    def _has_narrow_part(self, text: str) -> bool:
        """True when something in the count is multiplied: then rounding applies."""
        tree = self._tree(text)
        return self._scaled(tree) is not self._value(tree) and self._scaled(tree) != self._value(tree)

    def _leaves(self, tree: Tree) -> frozenset[str]:
        """The names that the value finally depends on, columns followed to their calls."""
        if isinstance(tree, Name) and tree.text in self.columns:
            leaves: frozenset[str] = self.columns[tree.text].reading(Scope._leaves)
            return leaves
        if isinstance(tree, Name):
            return frozenset((tree.text,))
        if isinstance(tree, Negative):
            return self._leaves(tree.operand)
        if isinstance(tree, Operation):
            return self._leaves(tree.left) | self._leaves(tree.right)
        if isinstance(tree, Call):
            return frozenset().union(*map(self._leaves, tree.arguments))
        return frozenset()


def unknown_name(name: Name, known: list[str]) -> Fault:
    """The fault for a name that means nothing where it stands."""
    near = nearest(name.text, known)
    if isinstance(near, Suggestion) and name.quoted:
        near = Suggestion(f"'{near.word}'", near)
    return Fault(
        "unknown-symbol",
        f"'{name.text}' is no {'column' if name.quoted else 'column or symbol'} here",
        fix=near or f"the names here are {listed(known, all_in=NAMES)}",
        span=(name.offset, len(name.text) + 2 * name.quoted),
    )


def evaluated(formula: str, values: Mapping[str, Dim]) -> Dim:
    """The value of a formula in the grammar of specs, its names, in quotes or not, standing for these values."""
    plain = Scope(values, {}, values.get(INPUT_CHANNELS, 0))
    return Scope(values, {name: Bound(name, plain) for name in values}, plain.input_channels)._value(parse(formula))


def operate(mark: str, left: Dim, right: Dim) -> Dim:
    """One arithmetic operation of the grammar; `/` is exact division, for formulas of claims."""
    if mark == "+":
        return left + right
    if mark == "-":
        return left - right
    if mark == "*":
        value = left * right
        if isinstance(value, int) and abs(value) > LARGEST**2:
            raise Fault("too-large", f"a product is larger than {LARGEST**2:.0e}", fix="use smaller numbers")
        return value
    if isinstance(right, int | Fraction) and right == 0:
        raise Fault("division-by-zero", "the divisor is zero", fix="divide by a positive number")
    if mark == "/":
        return Fraction(left) / right if isinstance(left, int | Fraction) else left / right
    return floor_div(left, right) if mark == "//" else modulo(left, right)


def call(function: str, arguments: list[Dim]) -> Dim:
    """One function of the grammar."""
    if function in ("min", "max"):
        result = arguments[0]
        for argument in arguments[1:]:
            result = minimum(result, argument) if function == "min" else maximum(result, argument)
        return result
    first, second = arguments
    if isinstance(second, int | Fraction) and second == 0:
        raise Fault("division-by-zero", f"the second argument of {function} is zero", fix="write a positive number")
    return ceil_div(first, second) if function == "ceil_div" else round_to(first, second)


def read_decimal(text: str) -> Fraction:
    """The value of a decimal such as 0.4; a fault for anything else."""
    whole, _, part = text.partition(".")
    if len(text) > 18 or not (whole + part).isascii() or not whole.isdigit() or (part and not part.isdigit()):
        raise Fault("bad-decimal", f"'{text}' is no decimal fraction", fix="write it like 0.4")
    return Fraction(text)
