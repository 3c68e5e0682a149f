"""Where a closed form in one symbol is negative, zero or positive, exactly, over all positive integers.

A polynomial rises or falls between the sign changes of its forward difference, whose degree is one less; so sign
changes are found by bisection over integers alone. A rounded quotient of divisor d becomes a polynomial in q for
v = d q - r, one for each remainder r.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import comb, lcm

from inception_calc.dims.polynomial import Atom, Extreme, Polynomial, Quotient, never_negative, polynomial, variable
from inception_calc.dims.ring import Rational

LONGEST_PERIOD = 4096
LONGEST_MIXTURE = 200_000
"""Integers that are looked at one by one where the remainders disagree."""
COUNTER = "q"
FAR = 2**80
"""Beyond every size and limit: what never falls has its last sign here."""


@dataclass(frozen=True, slots=True)
class Region:
    """The integers from `start` to `stop` (None: without end), where the sign is -1, 0 or 1."""

    start: int
    stop: int | None
    sign: int


def rises(form: Polynomial) -> bool:
    """Whether it is easily seen that the value never falls when a symbol grows; true of nearly every count."""
    return all(
        not monomial or (coefficient > 0 and all(map(_rises_with, dict(monomial))))
        for monomial, coefficient in form.terms.items()
    )


def sign_regions(value: Polynomial | Rational, name: str) -> tuple[Region, ...] | None:
    """The signs over the values 1, 2, 3 ... of the only symbol; None where no exact answer is known."""
    form = polynomial(value)
    if form.names - {name}:
        return None
    if rises(form):
        return tuple(_monotone(lambda value: form.value({name: value}), 1, FAR, endless=True))
    period = _period(form)
    if period is None:
        return None
    classes: list[tuple[Region, ...]] = []
    for remainder in range(period):
        plain = form.replaced({name: variable(COUNTER) * period - remainder})
        powers = plain.by_power(COUNTER)
        if powers is None or any(power.constant is None for power in powers):
            return None
        coefficients = [power.constant or 0 for power in powers]
        inner = integer_regions(coefficients)
        classes.append(
            tuple(
                Region(
                    region.start * period - remainder,
                    None if region.stop is None else region.stop * period - remainder,
                    region.sign,
                )
                for region in inner
            )
        )
    return classes[0] if period == 1 else _interleaved(classes, period)


def _rises_with(atom: Atom) -> bool:
    """Whether an atom never falls and is never negative, all symbols being positive."""
    if isinstance(atom, Quotient):
        divisor = atom.divisor.constant
        return divisor is not None and divisor > 0 and rises(atom.dividend) and never_negative(atom.dividend)
    if isinstance(atom, Extreme):
        return all(rises(argument) and never_negative(argument) for argument in atom.arguments)
    return True


def _period(form: Polynomial) -> int | None:
    """With which period the remainders of all quotients repeat; None where it is long or not known."""
    period = 1
    for atom in form.atoms():
        if isinstance(atom, Quotient):
            divisor = atom.divisor.constant
            inner = _period(atom.dividend)
            if divisor is None or inner is None or not isinstance(divisor, int):
                return None
            period = lcm(period, divisor * inner)
            if period > LONGEST_PERIOD:
                return None
    return period


def integer_regions(coefficients: Sequence[Rational], start: int = 1) -> tuple[Region, ...]:
    """The signs of a polynomial, coefficients from the constant up, over all integers from `start`."""
    coefficients = list(coefficients)
    while coefficients and coefficients[-1] == 0:
        coefficients.pop()
    if len(coefficients) <= 1:
        return (Region(start, None, _sign(coefficients[0] if coefficients else 0)),)

    def at(value: int) -> Rational:
        result: Rational = 0
        for coefficient in reversed(coefficients):
            result = result * value + coefficient
        return result

    pieces: list[Region] = []
    for piece in integer_regions(_difference(coefficients), start):
        stop = _far(at, piece.start, piece.sign) if piece.stop is None else piece.stop + 1
        pieces += _monotone(at, piece.start, stop, piece.stop is None)
    return _joined(pieces)


def _difference(coefficients: Sequence[Rational]) -> list[Rational]:
    """The coefficients of p(v + 1) - p(v)."""
    return [
        sum((coefficients[power] * comb(power, low) for power in range(low + 1, len(coefficients))), 0)
        for low in range(len(coefficients) - 1)
    ]


def _far(at: Callable[[int], Rational], start: int, direction: int) -> int:
    """A value from which on a polynomial that rises (or falls) without end has its last sign."""
    step = 1
    while _sign(at(start + step)) != direction:
        step *= 2
    return start + step


def _monotone(at: Callable[[int], Rational], start: int, stop: int, endless: bool) -> list[Region]:
    """The signs on a stretch where the polynomial never turns."""
    regions: list[Region] = []
    while True:
        sign = _sign(at(start))
        low, high = start, stop  # the last place of this sign lies here
        while low < high:
            middle = (low + high + 1) // 2
            if _sign(at(middle)) == sign:
                low = middle
            else:
                high = middle - 1
        if low == stop:
            return [*regions, Region(start, None if endless else stop, sign)]
        regions.append(Region(start, low, sign))
        start = low + 1


def _joined(regions: Iterable[Region]) -> tuple[Region, ...]:
    """Neighbours of one sign made one; stretches that overlap by their last integer are taken once."""
    joined: list[Region] = []
    for region in regions:
        start = region.start
        if joined:
            last = joined[-1]
            if last.stop is None or (region.stop is not None and region.stop <= last.stop):
                continue
            start = max(start, last.stop + 1)
            if last.sign == region.sign:
                joined[-1] = Region(last.start, region.stop, last.sign)
                continue
        joined.append(Region(start, region.stop, region.sign))
    return tuple(joined)


def _interleaved(classes: Sequence[tuple[Region, ...]], period: int) -> tuple[Region, ...] | None:
    """The signs over all integers from those over each remainder; `classes[r]` holds the values period * q - r."""
    breaks = sorted({1, *(region.start for regions in classes for region in regions if region.start > 0)})
    pieces: list[Region] = []
    for start, following in zip(breaks, [*breaks[1:], None], strict=True):
        stop = None if following is None else following - 1
        signs = {_sign_at(regions, start) for regions in classes}
        if len(signs) == 1:
            pieces.append(Region(start, stop, signs.pop()))
        elif stop is None or stop - start > LONGEST_MIXTURE:
            return None
        else:
            pieces += [
                Region(value, value, _sign_at(classes[-value % period], value)) for value in range(start, stop + 1)
            ]
    return _joined(pieces)


def _sign_at(regions: tuple[Region, ...], value: int) -> int:
    """The sign of one remainder's polynomial at its last value up to `value`, or at its first."""
    sign = regions[0].sign
    for region in regions:
        if region.start <= value:
            sign = region.sign
    return sign


def _sign(value: Rational) -> int:
    return (value > 0) - (value < 0)
