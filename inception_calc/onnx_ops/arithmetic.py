"""Arithmetic on dimensions and on elements of small constants: ints, exact fractions, symbols, or None for unknown.

Thin helpers over `dims`: what shape inference of ONNX needs beyond it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from fractions import Fraction
from math import floor
from typing import Any, TypeAlias

from inception_calc.dims import Dim, at_most, floor_div, is_number, maximum, minimum, same, symbol
from inception_calc.problems import Fault

Scalar: TypeAlias = Any
"""An int, bool, `Fraction` or symbol; None where an element is not known."""
Sizes: TypeAlias = tuple[Dim, ...]


def unknown(name: str) -> Dim:
    """A positive integer that only a run knows, named after the node that makes it."""
    return symbol(name)


def numeric(value: Scalar) -> bool:
    """Whether it is a plain number."""
    return isinstance(value, int | Fraction)


def clamp(value: Dim, low: Dim, high: Dim) -> Dim:
    """`value`, brought between two bounds."""
    return minimum(maximum(value, low), high)


def less(first: Scalar, second: Scalar) -> bool | None:
    """Whether the first is smaller; None where that depends on a symbol."""
    if numeric(first) and numeric(second):
        return bool(first < second)
    known = at_most(second, first)
    return None if known is None else not known


def equal(first: Scalar, second: Scalar) -> bool | None:
    """Whether two are equal; None where that depends on a symbol. A symbol is positive: it never equals 0 or -1."""
    if numeric(first) and numeric(second):
        return bool(first == second)
    return same(first, second)


def broadcast(first: Dim, second: Dim, undecided: list[tuple[Dim, Dim]] | None = None) -> Dim:
    """The size of two axes that are broadcast: one of them is 1, or they are equal.

    A number that is not 1 decides for both. Of two symbols that may differ the larger is taken, which is right
    wherever the network exists, and the pair is put on the list `undecided`.
    """
    if first is second:
        return first
    if isinstance(first, int):
        if first == 1:
            return second
        if not isinstance(second, int) or second in {1, first}:
            return first
        raise Fault("shapes", f"axes of {first} and {second} cannot be broadcast", fix="one must be 1, or both equal")
    if isinstance(second, int):
        return broadcast(second, first)
    if same(first, second):
        return first
    if undecided is not None:
        undecided.append((first, second))
    return maximum(first, second)


def broadcast_shapes(shapes: Iterable[Sizes], undecided: list[tuple[Dim, Dim]] | None = None) -> Sizes:
    """The shape of several that are broadcast, aligned at the last axis."""
    result: Sizes = ()
    for shape in shapes:
        rank = max(len(result), len(shape))
        first, second = (1,) * (rank - len(result)) + result, (1,) * (rank - len(shape)) + shape
        pairs = zip(first, second, strict=True)
        result = first if first == second else tuple(broadcast(a, b, undecided) for a, b in pairs)
    return result


def truncated_quotient(dividend: Scalar, divisor: Scalar) -> Scalar:
    """Integer division as ONNX and C do it, toward zero; None for a division by 0 or by what may be negative."""
    if equal(divisor, 0) is not False or less(divisor, 0) is None:
        return None
    if less(divisor, 0):
        return truncated_quotient(-dividend, -divisor)
    below = less(dividend, 0)
    return None if below is None else -floor_div(-dividend, divisor) if below else floor_div(dividend, divisor)


def exact(value: Scalar) -> Scalar:
    """A float as the fraction that it is; None where it is not finite."""
    if isinstance(value, float):
        return Fraction(value) if value - value == 0 else None
    return value


def rounded_down(value: Scalar) -> Scalar:
    """The floor, of numbers and of formulas with fractions in them."""
    return floor(value) if numeric(value) else floor_div(value, 1)


def rounded_up(value: Scalar) -> Scalar:
    """The ceiling."""
    return -rounded_down(-value)


def whole(value: Scalar) -> Scalar:
    """A value as an integer, toward zero, as a cast from float to int does."""
    if value is None or numeric(value):
        return value if value is None else int(value)
    down = rounded_down(value)
    if down == value:  # an integer already
        return value
    below = less(value, 0)
    return None if below is None else rounded_up(value) if below else down


def scaled(size: Dim, scale: Scalar) -> Dim:
    """floor(size * scale) as runtimes work it out, in floats of 32 bits."""
    if isinstance(scale, int):
        return size * scale
    if not isinstance(scale, Fraction):
        return size * scale if scale is not None else None
    if isinstance(size, int):
        return floor(single(Fraction(size) * scale))
    near = scale.limit_denominator(1000)
    scale = near if single(near) == single(scale) else scale
    return floor_div(size * scale.numerator, scale.denominator)


def single(value: Fraction) -> Fraction:
    """The nearest float of 32 bits."""
    return Fraction(struct.unpack("<f", struct.pack("<f", float(value)))[0])


def all_numbers(values: Iterable[Scalar]) -> bool:
    """Whether every element is a plain number."""
    return all(is_number(value) for value in values)
