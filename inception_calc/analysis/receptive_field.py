"""Receptive fields: how much of the image one output element depends on.

For a layer with reach r, stride s and padding p behind one with field R, jump J and offset O (the first image
element that output element 0 sees, negative on padding):

    field  = R + (r - 1) J        jump = J s        offset = O - p J

A join sees the union of its branches. Source: Araujo, Norris and Sim, "Computing receptive fields of convolutional
neural networks" (Distill 2019), equations 2 to 4. The field is that of the architecture, not cut at the image's edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from inception_calc.dims import Dim, maximum, minimum
from inception_calc.graph import IMAGE, Graph

Number = Dim | Fraction


@dataclass(frozen=True, slots=True)
class ReceptiveField:
    """Field, stride on the image and offset, each as (height, width).

    Where branches with different strides meet, `stride` is None: there is no one step from element to element.
    """

    size: tuple[Number, Number]
    stride: tuple[Number, Number] | None
    offset: tuple[Number, Number]


OF_THE_IMAGE = ReceptiveField((1, 1), (1, 1), (0, 0))


def receptive_fields(graph: Graph) -> tuple[ReceptiveField, ...]:
    """The receptive field of each layer, in the order of the layers."""
    fields: list[ReceptiveField] = []
    for layer in graph.layers:
        entering = [(OF_THE_IMAGE if index == IMAGE else fields[index]) for index in layer.inputs]
        maps = graph.inputs_of(layer)
        joined = entering[0]
        for field, x in zip(entering[1:], maps[1:], strict=True):
            joined = _union(joined, field, alike=x[1:] == maps[0][1:])
        sight = layer.op.sight(maps[0])
        if joined.stride is None:
            fields.append(joined if sight.reach == (1, 1) else _blurred(joined))
            continue
        (down, across), jump = sight.reach, joined.stride
        size = (joined.size[0] + (down - 1) * jump[0], joined.size[1] + (across - 1) * jump[1])
        stride = (_whole(jump[0] * sight.stride[0]), _whole(jump[1] * sight.stride[1]))
        offset = tuple(_whole(o - p * j) for o, p, j in zip(joined.offset, sight.before, jump, strict=True))
        fields.append(ReceptiveField((_whole(size[0]), _whole(size[1])), stride, (offset[0], offset[1])))
    return tuple(fields)


def _union(first: ReceptiveField, second: ReceptiveField, alike: bool) -> ReceptiveField:
    """The smallest field that covers both; `alike` where the two maps have the same size."""
    sizes, offsets = [], []
    for axis in (0, 1):
        left = minimum(first.offset[axis], second.offset[axis])
        right = maximum(first.offset[axis] + first.size[axis], second.offset[axis] + second.size[axis])
        offsets.append(left)
        sizes.append(right - left)
    stride = first.stride if first.stride == second.stride or not alike else None
    return ReceptiveField((sizes[0], sizes[1]), stride, (offsets[0], offsets[1]))


def _blurred(field: ReceptiveField) -> ReceptiveField:
    """A window over a map without one stride: its field is at least what it was, and no step can be said."""
    return ReceptiveField(field.size, None, field.offset)


def _whole(value: Number) -> Number:
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 else value
