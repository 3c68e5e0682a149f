"""Receptive fields: how much of the image one output element depends on.

Behind a layer with reach r, stride s and padding p the field R, the stride J on the image and the offset O (the first
image element that output element 0 sees, negative on padding) become

    R + (r - 1) J        J s        O - p J

Source: Araujo, Norris and Sim, "Computing receptive fields of convolutional neural networks" (Distill 2019),
equations 2 to 4. A join sees the union of its branches. Behind a layer that enlarges the map, neighbours see
differently much (two of them may be copies of one element), and the field is that of the output element that sees
most. The field is that of the architecture: padding counts as seen, nothing is cut at the image's edge. A vector that
is made of a map (`flatten`, the bins of a pyramid) keeps what its elements see one by one, until a layer mixes them.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from inception_calc.analysis.axis import Axis, after, spread_out, union, vector
from inception_calc.dims import Dim, Shape, TensorShape
from inception_calc.graph import IMAGE, Graph, Layer
from inception_calc.primitives.sight import POINT
from inception_calc.problems import Undecided


class ReceptiveField(NamedTuple):
    """What one output element sees of the image: sizes, strides and offsets along each spatial axis, in their order."""

    axes: tuple[Axis, ...]
    places: object = None
    """How a map was made into this vector; elements of vectors with equal places come from the same places."""

    @property
    def size(self) -> tuple[Dim, ...]:
        """Image elements seen, where most are seen."""
        return tuple([axis.size for axis in self.axes])

    @property
    def stride(self) -> tuple[Dim | Fraction, ...] | None:
        """Image elements from one output element to the next; None of a vector that is put together."""
        strides = [axis.stride for axis in self.axes]
        return None if None in strides else tuple(strides)

    @property
    def offset(self) -> tuple[Dim, ...]:
        """The first image element that output element 0 sees."""
        return tuple([axis.offset for axis in self.axes])

    @property
    def is_even(self) -> bool:
        """Whether neighbours see alike, so that size and stride say what layers behind see inside the map."""
        return all(axis.is_even for axis in self.axes)

    @property
    def is_vector(self) -> bool:
        """Whether elements at one place of the map see different parts of the image."""
        return any(axis.each is not None for axis in self.axes)


UNSEEN = ReceptiveField((), "other inputs")
"""Of what sees nothing of the first input."""


def receptive_fields(graph: Graph) -> tuple[ReceptiveField | None, ...]:
    """The receptive field of each layer, in the order of the layers.

    That of the first input, where a spec has several. None where there is no one field: branches of different strides
    meet, a free symbol decides which of them sees most or by how much a map is enlarged, there are too many phases, or
    nothing of the first input is seen. Of a file that others wrote, None too where it is not known which axes are
    places: behind inputs that no window reads, and behind what moves axes.
    """
    inputs = fields_of_inputs(graph)
    fields: list[ReceptiveField | None] = []
    for layer in graph.layers:
        visible = layer.op.visible
        entering = [inputs[IMAGE - index] if index < 0 else fields[index] for index in visible(layer.inputs)]
        known = [field for field in entering if field is not None]
        is_known = len(known) == len(entering) > 0
        try:
            fields.append(_field(layer, known, visible(graph.inputs_of(layer))) if is_known else None)
        except Undecided:
            fields.append(None)
    found = [None if field is UNSEEN else field for field in fields]
    return tuple(found) if graph.known is None else _behind_windows(graph, found)


def fields_of_inputs(graph: Graph) -> tuple[ReceptiveField | None, ...]:
    """An element of an input sees itself; a tensor has places where it is N x C x places.

    Further inputs of a spec have places of their own: nothing of the first one is seen there.
    """
    if graph.known is None:
        return _of_input(graph.input), *[UNSEEN] * (len(graph.entering) - 1)
    return tuple(map(_of_input, graph.entering))


def _of_input(x: Shape) -> ReceptiveField | None:
    if isinstance(x, TensorShape):
        return _of_input(Shape(*x[1:])) if len(x) > 2 else None
    return ReceptiveField(tuple([Axis(extent) for extent in x.sides]))


def _behind_windows(graph: Graph, fields: list[ReceptiveField | None]) -> tuple[ReceptiveField | None, ...]:
    """The fields of layers all of whose inputs are read by windows, directly or further on."""
    sources: list[frozenset[int]] = []
    maps: set[int] = set()
    for layer, field in zip(graph.layers, fields, strict=True):
        sources.append(frozenset[int]().union(*({i} if i < 0 else sources[i] for i in layer.inputs)))
        if field is not None and layer.op.has_window:
            maps |= sources[-1]
    return tuple([field if own <= maps else None for own, field in zip(sources, fields, strict=True)])


def sees_first_input(graph: Graph) -> list[bool]:
    """For each layer whether anything of the network's first input reaches it."""
    reached: list[bool] = []
    for layer in graph.layers:
        reached.append(any(at == IMAGE or (at >= 0 and reached[at]) for at in layer.inputs))
    return reached


def total_stride(graph: Graph) -> int:
    """By how much a network of numbers divides its image, all layers together.

    Whether branches meet depends on the image's remainder by this number, where it depends on the image at all.
    """
    strides = (field.stride for field in receptive_fields(graph) if field is not None)
    steps = [step for stride in strides if stride is not None for step in stride]
    return lcm(*(Fraction(step).numerator for step in steps if isinstance(step, int | Fraction) and step))


def _field(layer: Layer, entering: list[ReceptiveField], tensors: tuple[Shape, ...]) -> ReceptiveField | None:
    """What one layer's output sees; raises `Undecided` where its size or offset cannot be said."""
    seeing = [field for field in entering if field is not UNSEEN]
    if not seeing:
        return UNSEEN
    first, op = seeing[0], layer.op
    x = tensors[entering.index(first)].placed(len(first.axes))
    y = layer.output.placed(len(first.axes))
    if x is None or y is None or any(len(field.axes) != len(first.axes) for field in seeing):
        return None
    if len(y.sides) != len(first.axes):
        return None  # its places are no places of the input
    layer = layer if y is layer.output else layer._replace(output=y)
    if len(entering) > 1:
        field = _joined(layer, seeing)
    elif first.is_vector and op.is_channelwise:
        spread = [spread_out(*along) for along in zip(first.axes, y.sides, strict=True)]
        field = ReceptiveField(tuple(spread), first.places)
    else:
        field = _behind(layer, first, x)
    if field is not None and field is not first:
        _ = field.size, field.offset  # which a free symbol may decide
    return field


def _behind(layer: Layer, entering: ReceptiveField, x: Shape) -> ReceptiveField | None:
    """What the output of a layer of one input sees."""
    sights = layer.op.sight(x, layer.output)
    if sights is None:
        return None
    if all(sight is POINT for sight in sights) and not layer.op.flattens and not entering.is_vector:
        return entering
    if not layer.op.flattens:
        return _all([after(*along) for along in zip(entering.axes, sights, layer.output.sides, strict=True)])
    sides = [side if sight is POINT else len(sight.seen) for side, sight in zip(x.sides, sights, strict=True)]
    each = [after(*along) for along in zip(entering.axes, sights, sides, strict=True)]
    return _all([axis and vector([axis]) for axis in each], places=(sights, sides))


def _joined(layer: Layer, entering: list[ReceptiveField]) -> ReceptiveField | None:
    """The union of the branches of a join; vectors keep what their elements see one by one."""
    y, vectors = layer.output, [field for field in entering if field.is_vector]
    axes = list(zip(*(field.axes for field in entering), strict=True))
    if not vectors or y != y.point(y.channels):
        return _all([union(branches, side) for branches, side in zip(axes, y.sides, strict=True)])
    if not layer.op.is_channelwise:
        return _all([vector(branches) for branches in axes])
    places = vectors[0].places
    if places is None or any(field.places != places for field in vectors):
        return _all([union(branches, 1) for branches in axes])
    each = [
        union([axis.each or axis for axis in branches], next(axis.each.extent for axis in branches if axis.each))
        for branches in axes
    ]
    return _all([axis and vector([axis]) for axis in each], places)


def _all(axes: Sequence[Axis | None], places: object = None) -> ReceptiveField | None:
    known = tuple([axis for axis in axes if axis is not None])
    return ReceptiveField(known, places) if len(known) == len(axes) else None
