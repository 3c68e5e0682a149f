"""What a network with free symbols needs to be there at all: windows that fit, maps with elements, whole depths.

Numbers are refused where they are built; a formula cannot be refused, so it says here what it takes for granted.
Branches that meet are not among it: they are equal for every value, or the network is undecided.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from inception_calc.analysis.model import Analysis, LayerCost
from inception_calc.dims import Dim, TensorShape
from inception_calc.dims.polynomial import Polynomial, divided, polynomial


@dataclass(frozen=True, slots=True)
class Need:
    """`value` is at least 1; or, with `multiple_of`, a whole multiple of that."""

    value: Polynomial
    layer: str
    """The first layer that needs it."""
    multiple_of: Polynomial | None = None


def needs(free: Analysis) -> tuple[Need, ...]:
    """What the layers of a network need of its free symbols, in file order, each once."""
    found: dict[tuple[Polynomial, Polynomial | None], Need] = {}
    for cost in free.layers:
        for value, multiple_of in _of(cost):
            form, divisor = polynomial(value), None if multiple_of is None else polynomial(multiple_of)
            if form.names or (divisor is not None and divisor.names):
                found.setdefault((form, divisor), Need(form, cost.layer.name, divisor))
    return tuple(found.values())


def _of(cost: LayerCost) -> Iterator[tuple[Dim, Dim | None]]:
    """Each value of a layer and what it must be a multiple of; None where it must be at least 1."""
    layer = cost.layer
    for value in layer.op.room(cost.inputs):
        yield value, None
    if isinstance(layer.output, TensorShape):  # an axis may be empty, and none is the channels
        yield from ((size, 1) for size in layer.output if not polynomial(size).whole)
        return
    for value in layer.output:
        yield value, None
    weighted = not (isinstance(cost.used.weights, int) and cost.used.weights == 0)
    if weighted and not polynomial(layer.output.channels).whole:
        yield layer.output.channels, 1
    for depth, groups in layer.op.divided(cost.inputs):
        times = divided(polynomial(depth), polynomial(groups))
        if groups != 1 and (times is None or not times.whole):
            yield depth, groups
