"""Counts and bytes as people write them in limits: `1.6G`, `28MB`, `8MiB`.

Units are `k M G T` for counts, `kB MB GB` (powers of 1000) or `KiB MiB GiB` (powers of 1024) for bytes; anything else
is a fault with a hint, because a wrong unit is a limit that holds by accident.
"""

import re
from fractions import Fraction

from inception_calc.problems import Fault

COUNT_UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
BYTE_UNITS = {"kB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
WRITTEN = re.compile(r"(\d{1,18}(?:\.\d{1,12})?)[ ]?([^\d\s.]*)", re.ASCII)
LARGEST = 10**18


def read_count(text: str) -> int:
    """`1.6G`, `7M`, `1582671872`."""
    return read_amount(text).__floor__()


def read_bytes(text: str) -> int:
    """`28MB`, `8MiB`; the bytes that fit, where the number is not whole."""
    return read_amount(text, in_bytes=True).__floor__()


def read_amount(text: str, in_bytes: bool = False) -> Fraction:
    """A count, which is whole, or a number of bytes, which need not be (1.01KiB); raises a `Fault`."""
    units = BYTE_UNITS if in_bytes else COUNT_UNITS
    fix = (
        "write kB MB GB (powers of 1000) or KiB MiB GiB (powers of 1024)"
        if in_bytes
        else "write digits, or k M G T after them: 1.6G"
    )
    match = WRITTEN.fullmatch(text)
    if match is None:
        raise Fault("bad-number", f"'{text}' is no number", fix=fix)
    digits, unit = match.groups()
    if unit not in units:
        raise Fault("bad-unit", _unit_text(text, unit, units), fix=_unit_hint(digits, unit, units) or fix)
    number = Fraction(digits) * units[unit]
    if not in_bytes and number.denominator != 1:
        raise Fault("bad-number", f"'{text}' is no whole number", fix="round it")
    if number > LARGEST:
        raise Fault("too-large", f"'{text}' is larger than any network", fix="use a smaller number")
    return number


def _unit_text(text: str, unit: str, units: dict[str, int]) -> str:
    if unit == "":
        return f"'{text}' is bytes without a unit"
    return f"'{unit}' is no unit of {'bytes' if units is BYTE_UNITS else 'a count'}"


def _unit_hint(digits: str, unit: str, units: dict[str, int]) -> str:
    """What was probably meant; where two things may be meant, both."""
    if units is BYTE_UNITS and unit == "KB":
        return f"write {digits}kB (1000) or {digits}KiB (1024)"
    close = [known for known in units if known and known.lower() == unit.lower()]
    if close:
        return f"did you mean '{digits}{close[0]}'?"
    if units is BYTE_UNITS and f"{unit}B" in units:
        return f"did you mean '{digits}{unit}B'?"
    if units is COUNT_UNITS and (unit.endswith("B") or unit == "B"):
        return f"this is a count, no bytes; 10^9 is G: '{digits}G'" if unit == "B" else "this is a count, no bytes"
    return ""
