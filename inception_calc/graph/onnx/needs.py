"""What a node needs of free sizes to be there at all: numbers are refused by the walk, symbols can only be told.

Each need is a value that must be at least 1; two sizes that must be equal are two needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from inception_calc.dims import Dim, product, same
from inception_calc.onnx_graph.model import Step
from inception_calc.onnx_ops.arithmetic import Sizes
from inception_calc.onnx_ops.value import Tensor
from inception_calc.primitives.conv import Conv, TransposedConv
from inception_calc.primitives.pool import Pool

BROADCAST = frozenset(
    {
        "Add", "Sub", "Mul", "Div", "Pow", "Mod", "Sum", "Mean", "Min", "Max", "Where", "PRelu", "And", "Or", "Xor",
        "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "BitwiseAnd", "BitwiseOr", "BitwiseXor",
        "BitShift",
    }
)  # fmt: skip
PRODUCTS = frozenset({"MatMul", "MatMulInteger", "FusedMatMul"})


def needs_of(step: Step) -> tuple[Dim, ...]:
    """What must be at least 1; nothing where all sizes are numbers."""
    shapes = [value.shape if isinstance(value, Tensor) else () for value in step.arguments]
    if all(isinstance(size, int) for shape in shapes for size in shape):
        return ()
    return tuple(dict.fromkeys(need for need in _needs(step, shapes) if not isinstance(need, int)))


def _needs(step: Step, shapes: list[Sizes]) -> Iterator[Dim]:
    for one in step.primitives:
        if isinstance(one, TransposedConv):
            yield from one.positions
        elif isinstance(one, Conv | Pool) and one.window is not None:
            yield from one.window.room(one.sides)
        if isinstance(one, Conv) and step.op_type == "Conv":
            yield from _equal(shapes[0][1], one.in_channels)
    if step.op_type in PRODUCTS and len(shapes[0]) > 0 and len(shapes[1]) > 1:
        yield from _equal(shapes[0][-1], shapes[1][-2])
    elif step.op_type == "Gemm":
        yield from _equal(
            shapes[0][0 if step.settings["transA"] else 1], shapes[1][1 if step.settings["transB"] else 0]
        )
    elif step.op_type == "Concat":
        yield from _joined(shapes, step.settings["axis"])
    elif step.op_type == "Reshape":
        yield from (need for value in step.values if isinstance(value, Tensor) for need in _kept(shapes[0], value))
    elif step.op_type in BROADCAST:
        yield from _broadcast(shapes)


def _equal(first: Dim, second: Dim) -> Iterator[Dim]:
    if same(first, second) is not True:
        yield first - second + 1
        yield second - first + 1


def _joined(shapes: list[Sizes], axis: int) -> Iterator[Dim]:
    """All axes of what is joined are equal, but the one along which it is."""
    rank = len(shapes[0])
    for shape in shapes[1:]:
        for index, (first, second) in enumerate(zip(shapes[0], shape, strict=False)):
            if index != axis % max(rank, 1):
                yield from _equal(first, second)


def _kept(before: Sizes, value: Tensor) -> Iterator[Dim]:
    """A tensor under another shape has as many elements."""
    yield from _equal(product(before), value.elements)


def _broadcast(shapes: list[Sizes]) -> Iterator[Dim]:
    """A free size that meets a number is that number, or 1: then, and only then, the square is 0."""
    for sizes in zip_longest(*(reversed(shape) for shape in shapes), fillvalue=1):
        numbers = {size for size in sizes if isinstance(size, int) and size != 1}
        for size in sizes:
            if len(numbers) == 1 and not isinstance(size, int):
                (number,) = numbers
                apart = (size - 1) * (size - number)
                yield 1 - apart * apart
