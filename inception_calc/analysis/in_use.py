"""What a network costs in use: an ensemble over many crops, or one fully convolutional pass over a larger image."""

from dataclasses import dataclass
from fractions import Fraction

from inception_calc.analysis.model import Analysis
from inception_calc.dims import Dim, ceil_div, product, same, total


@dataclass(frozen=True, slots=True)
class TestTime:
    """The cost of one test image: each of `models` networks looks at each of `crops` crops (GoogLeNet, Table 3)."""

    __test__ = False  # pytest takes every class called Test... for a test

    models: int
    crops: int
    multiply_adds: Dim
    """Of all passes together, for one image."""

    @property
    def passes(self) -> int:
        """How often a network runs."""
        return self.models * self.crops


def test_time(analysis: Analysis, models: int, crops: int) -> TestTime:
    """The cost of one test image with an ensemble and many crops; neither the batch nor heads of training count."""
    body = analysis.layers[: analysis.graph.stop]
    once = total(cost.layer.op.cost(cost.inputs, cost.layer.output).multiply_adds for cost in body)
    return TestTime(models, crops, models * crops * once)


test_time.__test__ = False  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Dense:
    """A fully convolutional pass against sliding the network over crops of the size that it was made for."""

    positions: tuple[Dim, ...]
    """The output map without its channels."""
    crops: Dim | None
    """How many crops see as much: one for each position, or for each part of the map that a crop makes at once.

    None where no number of them does: the image is no larger than a crop along some side, or it is seen whole (a
    spatial pyramid has one output element at any size)."""
    multiply_adds: Dim
    sliding_multiply_adds: Dim | None
    """Crops times the cost of one."""

    @property
    def ratio(self) -> Fraction | None:
        """Sliding over dense; None while a symbol is free."""
        if isinstance(self.sliding_multiply_adds, int) and isinstance(self.multiply_adds, int) and self.multiply_adds:
            return Fraction(self.sliding_multiply_adds, self.multiply_adds)
        return None


def dense_cost(analysis: Analysis, crop: Analysis) -> Dense:
    """The cost of `analysis`, made fully convolutional, against runs of `crop` that make its output part by part."""
    output, part = (found.graph.map_of(found.graph.result) for found in (analysis, crop))
    sides = list(zip(analysis.setting.input.sides, crop.setting.input.sides, strict=True))
    is_smaller = any(isinstance(side, int) and isinstance(own, int) and side < own for side, own in sides)
    is_larger = any(not same(side, own) for side, own in sides)
    if is_smaller or (is_larger and any(layer.op.flattens for layer in analysis.graph.layers)):
        return Dense(output.sides, None, analysis.totals.multiply_adds, None)
    crops = product(ceil_div(whole, own) for whole, own in zip(output.sides, part.sides, strict=True))
    return Dense(output.sides, crops, analysis.totals.multiply_adds, crops * crop.totals.multiply_adds)


@dataclass(frozen=True, slots=True)
class InUse:
    """What was asked for beside an analysis."""

    test_time: TestTime | None = None
    dense: Dense | None = None
