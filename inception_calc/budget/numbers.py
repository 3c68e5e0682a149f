"""Numbers of budgets as they are written: counts, bytes, percentages, ratios and allowed changes.

Exact: a limit is a whole number or a fraction, never a float. Counts and bytes are written as everywhere else
(`analysis.units`).
"""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from inception_calc.analysis.units import BYTE_UNITS, COUNT_UNITS, read_bytes, read_count
from inception_calc.ops.fields import scalar
from inception_calc.problems import Fault

COUNT, BYTES, SHARE, RATIO = "count", "bytes", "share", "ratio"
"""What a number may be."""


class Limit(NamedTuple):
    """A limit as a number, as it is written, and what kind of number it is."""

    value: Fraction
    text: str
    unit: str


class Allowance(NamedTuple):
    """How far a number may rise over the base: by a part of it, or by an amount."""

    part: Fraction | None
    amount: int
    text: str

    def limit(self, base: int) -> int:
        """The highest value that is allowed, rounded down."""
        return base + self.amount if self.part is None else base + (base * self.part).__floor__()


def read_limit(value: object, unit: str) -> Limit:
    """A limit of the kind that its metric has."""
    text = scalar(value, {COUNT: "a number", BYTES: "a number of bytes", SHARE: "a percentage", RATIO: "a ratio"}[unit])
    readers: dict[str, Callable[[str], int | Fraction]] = {
        COUNT: read_count,
        BYTES: read_bytes,
        SHARE: read_percentage,
        RATIO: read_ratio,
    }
    number = readers[unit](text)
    if unit == SHARE and number >= 1:
        raise Fault("bad-number", f"a share of '{text}' limits nothing", fix="write less than 100%")
    return Limit(Fraction(number), text, unit)


MOST_DIGITS = 6
"""Digits of a percentage, before the point and behind it."""


def read_percentage(text: str) -> Fraction:
    """`15%` of one."""
    digits, sign = text.removesuffix("%"), text.endswith("%")
    number = re.fullmatch(r"(\d+)(?:\.(\d+))?", digits, re.ASCII)
    if sign and number and any(len(part or "") > MOST_DIGITS for part in number.groups()):
        what = f"'{text}' has more than {MOST_DIGITS} digits before or behind the point"
        raise Fault("bad-number", what, fix="write up to 999999%, and larger rises as a number: +2G")
    if not sign or not number:
        plain = re.fullmatch(r"[\d.]+", digits.strip(), re.ASCII)
        fix = f"write it with a percent sign: {digits.strip()}%" if plain else "write digits and a percent sign: 15%"
        raise Fault("bad-number", f"'{text}' is no percentage", fix=fix)
    return Fraction(digits) / 100


def read_ratio(text: str) -> Fraction:
    """`0.35`."""
    if not re.fullmatch(r"\d{1,6}(\.\d{1,12})?", text, re.ASCII):
        fix = "write a decimal number: 0.35" if not text.endswith("%") else "write 35% as 0.35"
        raise Fault("bad-number", f"'{text}' is no ratio", fix=fix)
    return Fraction(text)


def read_allowance(value: object, unit: str) -> Allowance:
    """`+1%`, `+0`, `+2M`, `+1MiB`: how far a number may rise."""
    text = scalar(value, "an allowed rise, such as +1% or +0")
    if not text.startswith("+"):
        hint = "decreases always pass; write the rise that is allowed, such as +0"
        raise Fault(
            "bad-change", f"'{text}' is no allowed rise", fix=hint if text.startswith("-") else f"write +{text}"
        )
    written = text[1:]
    if written.endswith("%"):
        return Allowance(read_percentage(written), 0, text)
    if written == "0":
        return Allowance(None, 0, text)
    return Allowance(None, read_bytes(written) if unit == BYTES else read_count(written), text)


def tightened(limit: Limit, value: Fraction) -> str:
    """The smallest limit at or above `value` with three digits, in units of the same family."""
    if limit.unit == SHARE:
        return f"{_decimal(_up(value * 100, 1), 1)}%"
    if limit.unit == RATIO:
        return _decimal(_up(value, 3), 3)
    if limit.unit == BYTES:
        binary = "i" in limit.text
        units = {unit: size for unit, size in BYTE_UNITS.items() if ("i" in unit) == binary}
    else:
        units = COUNT_UNITS
    number = int(value)
    fitting = [(unit, size) for unit, size in units.items() if size <= number]
    unit, size = fitting[-1] if fitting else next(iter(units.items()))
    scaled = Fraction(number, size)
    digits = 0 if size == 1 else max(0, 3 - len(str(int(scaled))))
    return f"{_decimal(_up(scaled, digits), digits)}{unit}"


def _up(value: Fraction, digits: int) -> Fraction:
    """`value` rounded up to some decimals."""
    return Fraction((value * 10**digits).__ceil__(), 10**digits)


def _decimal(value: Fraction, digits: int) -> str:
    text = f"{value.numerator * 10**digits // value.denominator:0{digits + 1}d}"
    whole, part = (text[:-digits], text[-digits:].rstrip("0")) if digits else (text, "")
    return f"{whole}.{part}" if part else whole
