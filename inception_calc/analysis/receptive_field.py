"""Receptive fields: how much of the image one output element depends on.

Behind a layer with reach r, stride s and padding p the field R, the stride J on the image and the offset O (the first
image element that output element 0 sees, negative on padding) become

    R + (r - 1) J        J s        O - p J

Source: Araujo, Norris and Sim, "Computing receptive fields of convolutional neural networks" (Distill 2019),
equations 2 to 4. A join sees the union of its branches. Behind a layer that enlarges the map, neighbours see
differently much (two of them may be copies of one element); such phases are followed apart, and the field is the
largest one. The field is that of the architecture, not cut at the image's edge.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple, TypeAlias

from inception_calc.dims import Dim, FeatureMap, at_most, same
from inception_calc.graph import IMAGE, Graph, Layer
from inception_calc.ops.layer import POINT, Sight
from inception_calc.problems import Problem, Undecided

MOST_PHASES = 64
"""Elements that see differently; after more enlargement than that no field is given."""


Span: TypeAlias = tuple[Dim, Dim] | None
"""The first and the last image element seen; None where none is."""


class Axis(NamedTuple):
    """What a map sees of the image along one axis, as `Sight` says it of one layer."""

    seen: tuple[Span, ...] = ((0, 0),)
    step: Dim = 1
    fixed: Span = None
    """What every element sees besides: the view of a gate that is spread over the map."""

    @property
    def size(self) -> Dim:
        """Image elements from the first to the last one seen, where most are seen."""
        hulls = (_hull((span, self.fixed)) for span in self.seen)
        return _extreme((hull[1] - hull[0] + 1 for hull in hulls if hull is not None), largest=True)

    @property
    def stride(self) -> Dim | Fraction:
        """Image elements from one element to the next, on average."""
        if len(self.seen) == 1:
            return self.step
        stride = Fraction(self.step, len(self.seen))
        return int(stride) if stride.denominator == 1 else stride

    @property
    def offset(self) -> Dim:
        """The first image element seen by element 0, or by the first element that sees any."""
        return next((hull[0] for hull in (_hull((span, self.fixed)) for span in self.seen) if hull is not None), 0)

    def at(self, element: int) -> Span:
        """The first and the last image element that one element sees."""
        period, phase = divmod(element, len(self.seen))
        span = self.seen[phase]
        return None if span is None else (span[0] + period * self.step, span[1] + period * self.step)


@dataclass(frozen=True, slots=True)
class ReceptiveField:
    """What one output element sees of the image; sizes, strides and offsets as (height, width)."""

    rows: Axis
    columns: Axis

    @property
    def size(self) -> tuple[Dim, Dim]:
        """Image elements seen."""
        return self.rows.size, self.columns.size

    @property
    def stride(self) -> tuple[Dim | Fraction, Dim | Fraction]:
        """Image elements from one output element to the next."""
        return self.rows.stride, self.columns.stride

    @property
    def offset(self) -> tuple[Dim, Dim]:
        """The first image element that output element 0 sees."""
        return self.rows.offset, self.columns.offset

    @property
    def is_phased(self) -> bool:
        """Whether elements see differently much, so that size and stride alone do not say what later layers see."""
        return any(len(axis.seen) > 1 or axis.fixed is not None for axis in (self.rows, self.columns))


OF_THE_IMAGE = ReceptiveField(Axis(), Axis())


def receptive_fields(graph: Graph) -> tuple[ReceptiveField | None, ...]:
    """The receptive field of each layer, in the order of the layers.

    None where there is no one field: branches of different strides meet, a free symbol decides which of them sees
    most or by how much a map is enlarged, or there are too many phases.
    """
    fields: list[ReceptiveField | None] = []
    for layer in graph.layers:
        entering = [OF_THE_IMAGE if index == IMAGE else fields[index] for index in layer.inputs]
        try:
            fields.append(_field(layer, entering, graph.inputs_of(layer)))
        except Undecided:
            fields.append(None)
    return tuple(fields)


def _field(layer: Layer, entering: list[ReceptiveField | None], maps: tuple[FeatureMap, ...]) -> ReceptiveField | None:
    """What one layer's output sees; raises `Undecided` where its size or offset cannot be said."""
    joined = entering[0] if len(entering) == 1 else _joined(entering, maps, layer.output)
    sights = layer.op.sight(maps[0])
    if joined is None or sights is None:
        return None
    rows, columns = _after(joined.rows, sights[0]), _after(joined.columns, sights[1])
    if rows is None or columns is None:
        return None
    field = ReceptiveField(rows, columns)
    _ = field.size, field.offset  # which a free symbol may decide
    return field


def total_stride(graph: Graph) -> int:
    """By how much a network of numbers divides its image, all layers together.

    Whether branches meet depends on the image's remainder by this number, where it depends on the image at all.
    """
    steps = [step for field in receptive_fields(graph) if field is not None for step in field.stride]
    return lcm(*(Fraction(step).numerator for step in steps if isinstance(step, int | Fraction)))


def _after(axis: Axis, sight: Sight) -> Axis | None:
    """What the output of a layer sees."""
    if sight is POINT:
        return axis
    if len(axis.seen) == 1:
        seen = tuple([span and _under(axis, span) for span in sight.seen])
        return Axis(seen, sight.step * axis.step, axis.fixed) if len(seen) <= MOST_PHASES else None
    phases = len(axis.seen)
    if not isinstance(sight.step, int) or not all(span is None or isinstance(span[1], int) for span in sight.seen):
        return None
    rounds = phases // gcd(phases, sight.step)
    if rounds * len(sight.seen) > MOST_PHASES:
        return None
    turns = [turn * sight.step for turn in range(rounds)]
    spans = [span and (span[0] + turn, span[1] + turn) for turn in turns for span in sight.seen]
    step = axis.step * sight.step * rounds // phases
    return Axis(tuple([span and _under(axis, span) for span in spans]), step, axis.fixed)


def _under(axis: Axis, span: tuple[Dim, Dim]) -> Span:
    """What the elements from the first to the last of `span` see together."""
    first, last = span
    phases = len(axis.seen)
    if phases == 1:
        seen = axis.seen[0]
        return seen and (seen[0] + first * axis.step, seen[1] + last * axis.step)
    front, back = range(first, min(last + 1, first + phases)), range(max(first, last + 1 - phases), last + 1)
    return _hull([*map(axis.at, front), *map(axis.at, back)])


def _joined(
    fields: list[ReceptiveField | None], maps: tuple[FeatureMap, ...], output: FeatureMap
) -> ReceptiveField | None:
    """The union of the branches of a join."""
    known = [field for field in fields if field is not None]
    if len(known) < len(fields):
        return None
    rows = _union([(field.rows, x.height) for field, x in zip(known, maps, strict=True)], output.height)
    columns = _union([(field.columns, x.width) for field, x in zip(known, maps, strict=True)], output.width)
    return None if rows is None or columns is None else ReceptiveField(rows, columns)


def _union(branches: list[tuple[Axis, Dim]], extent: Dim) -> Axis | None:
    """The union along one axis of branches with their sides; a side of 1 is spread over the output.

    What a spread branch sees, every element sees from then on.
    """
    spread = [axis for axis, side in branches if not same(side, extent)]
    moving = [axis for axis, side in branches if same(side, extent)]
    if extent == 1 and any(axis.stride != moving[0].stride for axis in moving):
        moving, spread = moving[:1], moving[1:]  # one element: how far the next one would be decides nothing
    if not moving:
        moving, spread = spread[:1], spread[1:]
    if any(axis.stride != moving[0].stride for axis in moving):
        return None
    phases = lcm(*(len(axis.seen) for axis in moving))
    if phases > MOST_PHASES:
        return None
    seen = tuple([_hull([axis.at(element) for axis in moving]) for element in range(phases)])
    fixed = _hull([*(axis.fixed for axis in moving), *(span for axis in spread for span in (axis.at(0), axis.fixed))])
    return Axis(seen, moving[0].step * (phases // len(moving[0].seen)), fixed)


def _hull(spans: Iterable[Span]) -> Span:
    """From the first element to the last of all spans."""
    seen = [span for span in spans if span is not None]
    if not seen:
        return None
    return _extreme((span[0] for span in seen), largest=False), _extreme((span[1] for span in seen), largest=True)


def _extreme(quantities: Iterable[Dim], *, largest: bool) -> Dim:
    """The smallest or largest, 0 of none; raises `Undecided` where a free symbol decides.

    A formula with min and max would hold for every size, but it grows with each join that it passes.
    """
    found: Dim | None = None
    for quantity in quantities:
        if found is None:
            found = quantity
        elif (before := at_most(found, quantity)) is None:
            raise Undecided(Problem("free-symbol", "which branch sees most depends on a free symbol", None))
        elif before is largest:
            found = quantity
    return 0 if found is None else found
