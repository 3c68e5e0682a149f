"""Printed text -> what it may mean: `159K` is 159 of a unit, rounded or truncated to three digits.

A printed number stands for every value that rounding or truncation writes so; the digits after its last one
are not known, so nothing here ever makes any up.
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from math import floor
from typing import NamedTuple

NUMBER = re.compile(
    r"([+-]?)(\d{1,3}(?:,\d{3})+|\d{1,18})(?:\.(\d{1,12}))?(?: ?([KMBGTk]|thousand|million|billion))?%?", re.ASCII
)
SHAPE = re.compile(r"\d{1,9}(?:x\d{1,9})*", re.ASCII)

WORDS = {"thousand": "K", "million": "M", "billion": "B"}

EXACT, ROUNDED, TRUNCATED = "exact", "rounded", "truncated"

DECIMAL = {"K": 10**3, "M": 10**6, "B": 10**9, "G": 10**9, "T": 10**12}
BINARY = {"K": 2**10, "M": 2**20, "B": 2**30, "G": 2**30, "T": 2**40}


class PrintedNumber(NamedTuple):
    """A number as its source prints it: `digits` of the unit that `suffix` names, to so many `decimals`."""

    text: str
    digits: Fraction
    decimals: int
    suffix: str

    @property
    def known_digits(self) -> int:
        """How many digits the source prints, zeros in front left out."""
        return len(str(int(abs(self.digits) * 10**self.decimals)))

    def unit(self, units: Mapping[str, int]) -> int:
        """What the suffix stands for."""
        return units[self.suffix] if self.suffix else 1

    def value(self, units: Mapping[str, int]) -> Fraction:
        """The number with its unit worked in."""
        return self.digits * self.unit(units)

    def range(self, units: Mapping[str, int]) -> tuple[Fraction, Fraction]:
        """The values that are printed so, from the first (rounded up) to the one after the last (truncated)."""
        last = Fraction(self.unit(units), 10**self.decimals)
        value = self.value(units)
        return (value - last / 2, value + last) if value >= 0 else (value - last, value + last / 2)

    def roundings(self, value: int | Fraction, units: Mapping[str, int]) -> frozenset[str]:
        """The ways in which `value` is printed so: exact (then the others too), rounded, truncated, or none.

        Rounded is at most half a unit of the last digit away; a half goes up, or to the even digit: 2.5 is 3 or 2.
        """
        scaled = abs(Fraction(value)) / self.unit(units) * 10**self.decimals
        shown = abs(self.digits) * 10**self.decimals
        if scaled and self.digits and (value < 0) != (self.digits < 0):
            return frozenset()
        if scaled == shown:
            return frozenset((EXACT, ROUNDED, TRUNCATED))
        halves_up, to_even = floor(scaled + Fraction(1, 2)), round(scaled)
        fits = {ROUNDED: shown in (halves_up, to_even), TRUNCATED: shown == floor(scaled)}
        return frozenset(way for way, holds in fits.items() if holds)


class PrintedShape(NamedTuple):
    """A map's size as its source prints it: the spatial axes, and channels behind them where they are printed."""

    sides: tuple[int, ...]
    channels: int | None


def read_number(text: str) -> PrintedNumber | None:
    """A printed number such as `2.7K`, `1,072`, `60 million`, `-3.45` or `25%`; None for any other text."""
    match = NUMBER.fullmatch(text)
    if match is None:
        return None
    sign, whole, decimals, suffix = match.groups()
    digits = Fraction(f"{sign}{whole.replace(',', '')}.{decimals or 0}")
    suffix = suffix or ""
    return PrintedNumber(text, digits, len(decimals or ""), WORDS.get(suffix, suffix.upper()))


def read_shape(text: str, axes: int) -> PrintedShape | None:
    """A printed size of a map of so many axes, `28x28x256` or `27x27` of two; None for any other text."""
    if SHAPE.fullmatch(text) is None:
        return None
    sizes = tuple(map(int, text.split("x")))
    if len(sizes) not in (axes, axes + 1):
        return None
    return PrintedShape(sizes[:axes], sizes[axes] if len(sizes) > axes else None)
