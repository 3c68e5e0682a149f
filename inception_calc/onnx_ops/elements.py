"""Elements of tensors under broadcasting and moving: the same index arithmetic for shapes and for known values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product as every
from math import prod

from inception_calc.onnx_ops.arithmetic import Scalar, Sizes
from inception_calc.onnx_ops.value import MOST_VALUES, Tensor


def small(shape: Sizes) -> bool:
    """Whether the elements of a tensor of this shape are worth following."""
    return all(isinstance(size, int) for size in shape) and prod(shape) <= MOST_VALUES


def row_major(shape: Sizes) -> tuple[int, ...]:
    """How many elements apart neighbours along each axis lie."""
    steps, step = [], 1
    for size in reversed(shape):
        steps.append(step)
        step *= int(size)
    return tuple(reversed(steps))


def places(shape: Sizes, steps: tuple[int, ...], start: int = 0) -> Iterator[int]:
    """Where the elements of a tensor of `shape` lie when neighbours are `steps` apart."""
    for index in every(*(range(int(size)) for size in shape)):
        yield start + sum(i * step for i, step in zip(index, steps, strict=True))


def strided(source: Tensor, shape: Sizes, steps: tuple[int, ...], start: int = 0) -> tuple[Scalar, ...] | None:
    """The elements of a view of `source`; None where they are not known or too many."""
    if source.values is None or not small(shape):
        return None
    return tuple(source.values[place] for place in places(shape, steps, start))


def spread(source: Tensor, shape: Sizes) -> tuple[Scalar, ...] | None:
    """The elements of `source` broadcast to `shape`."""
    if source.values is None or not small(shape):
        return None
    if source.shape == shape:
        return source.values
    steps = row_major(source.shape)
    own = tuple(0 if size == 1 else step for size, step in zip(source.shape, steps, strict=True))
    return strided(source, shape, (0,) * (len(shape) - len(own)) + own)


def combined(function: Callable[..., Scalar], inputs: tuple[Tensor, ...], shape: Sizes) -> tuple[Scalar, ...] | None:
    """The function applied to the elements of inputs that are broadcast to `shape`; None where one is not known."""
    columns = [spread(one, shape) for one in inputs]
    if any(column is None for column in columns):
        return None
    rows = zip(*(column or () for column in columns), strict=True)
    return tuple(None if any(value is None for value in row) else kept(function(*row)) for row in rows)


WIDEST = 1 << 64
"""Elements are numbers of 64 bits; what grows beyond has overflowed."""


def kept(value: Scalar) -> Scalar:
    """A result, unless it is a number that no element can hold."""
    if isinstance(value, int):
        return value if -WIDEST < value < WIDEST else None
    if isinstance(value, Fraction) and not (abs(value.numerator) < WIDEST**4 and value.denominator < WIDEST**4):
        return None
    return value


def taken(source: Tensor, shape: Sizes, indices: list[int]) -> tuple[Scalar, ...] | None:
    """The elements at the given places, as the elements of a tensor of `shape`."""
    if source.values is None or not small(shape):
        return None
    return tuple(source.values[index] for index in indices)
