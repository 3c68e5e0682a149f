"""The values of one axis of a space, as they are typed: `16:128:16`, `32,48,64`, `1/2,3/4,1`.

A range is never written out: an axis of a billion values is three numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm
from typing import TypeAlias

from inception_calc.problems import Fault

MOST_LISTED = 100_000
"""Values that are written out one by one."""
LARGEST = 10**9
"""The largest value of a symbol or cell, as everywhere."""
LONGEST_NUMBER = 24
GRAMMAR = "write values as 32,48,64 or as FIRST:LAST:STEP, 16:128:16, the last one included"

Value: TypeAlias = int | Fraction | str
"""A number, or the name of a variant."""


class Steps(Sequence[int | Fraction]):
    """The values `(first + step * i) / divisor`, never written out."""

    def __init__(self, numerators: range, divisor: int = 1) -> None:
        self.numerators = numerators
        self.divisor = divisor

    def __len__(self) -> int:
        return len(self.numerators)

    def __getitem__(self, place: int) -> int | Fraction:  # type: ignore[override]
        return plain(Fraction(self.numerators[place], self.divisor))


Values: TypeAlias = Steps | tuple[Value, ...]


def read_values(text: str, *, fractions: bool = False, least: int = 1) -> Values:
    """The numbers that a text states; a `Fault` for what is none. `fractions` are for the width multiplier alone; a
    symbol of the spec may be 0 (`least`).
    """
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 1 and ":" in text:
        return _range(text, fractions, least)
    values: list[int | Fraction] = []
    for part in parts:
        if ":" in part:
            values += _range(part, fractions, least, MOST_LISTED - len(values))
        else:
            values.append(_number(part, fractions, least))
        if len(values) > MOST_LISTED:
            raise _too_many(len(values))
    seen: set[int | Fraction] = set()
    for value in values:
        if value in seen:
            raise Fault("bad-value", f"{value} stands twice among the values", fix="leave one out")
        seen.add(value)
    return tuple(values)


def read_names(text: str) -> tuple[str, ...]:
    """The names of variants that a text states."""
    names = tuple(part.strip() for part in text.split(","))
    if not all(names):
        raise Fault("bad-value", f"'{text}' has an empty name", fix="write variant=default,naive")
    if len(set(names)) < len(names):
        raise Fault("bad-value", f"'{text}' names a variant twice", fix="leave one out")
    return names


def _range(text: str, fractions: bool, least: int, most: int | None = None) -> Steps:
    parts = text.split(":")
    if len(parts) not in (2, 3):
        raise Fault("bad-value", f"'{text}' is no range", fix=GRAMMAR)
    first, last = (_number(part.strip(), fractions, least) for part in parts[:2])
    step = _number(parts[2].strip(), fractions, 1) if len(parts) == 3 else 1
    if last < first:
        raise Fault("bad-value", f"the range '{text}' has no value", fix=f"the smaller one first: {last}:{first}")
    divisor = lcm(*(Fraction(number).denominator for number in (first, step)))
    numerators = range(int(first * divisor), (last * divisor).__floor__() + 1, int(step * divisor))
    if most is not None and len(numerators) > most:
        raise _too_many(len(numerators))
    return Steps(numerators, divisor)


def _too_many(number: int) -> Fault:
    return Fault("too-many", f"{number:,} values are too many for a list", fix="write one range: FIRST:LAST:STEP")


def _number(text: str, fractions: bool, least: int) -> int | Fraction:
    if not text:
        raise Fault("bad-value", "a value is missing", fix=GRAMMAR)
    try:
        if len(text) > LONGEST_NUMBER or not text.isascii() or "_" in text or "e" in text.casefold():
            raise ValueError
        value = Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise Fault("bad-value", f"'{text[:LONGEST_NUMBER]}' is no number", fix=GRAMMAR) from None
    if value < 0 or (value == 0 and least):
        raise Fault("bad-value", f"a value must be positive, not {text}", fix="write 1 or more")
    if value > LARGEST or value.denominator > LARGEST:
        raise Fault("bad-value", f"{text} is larger than a billion", fix="write smaller numbers")
    if value.denominator != 1 and not fractions:
        raise Fault("bad-value", f"{text} is no integer", fix="only width_multiplier takes fractions")
    return plain(value)


def plain(value: Fraction) -> int | Fraction:
    """An int where the fraction is whole."""
    return int(value) if value.denominator == 1 else value


def progression(values: Values) -> tuple[Fraction, Fraction]:
    """`step` and `before` such that every value is `before + step * t` for positive integers t.

    What all values of an axis have in common takes the rounding out of closed forms: multiples of 16 halve evenly.
    """
    if isinstance(values, Steps):
        step = Fraction(values.numerators.step if len(values) > 1 else 1, values.divisor)
        return step, Fraction(values[0]) - step
    numbers = [Fraction(value) for value in values if not isinstance(value, str)]
    divisor = lcm(*(number.denominator for number in numbers))
    whole = [int(number * divisor) for number in numbers]
    step = Fraction(gcd(*(after - before for before, after in pairwise(whole))) or 1, divisor)
    return step, min(numbers) - step
