"""What a network costs in use: an ensemble over many crops, or one fully convolutional pass over a larger image."""

from dataclasses import dataclass
from fractions import Fraction

from inception_calc.analysis.model import Analysis
from inception_calc.dims import Dim, ceil_div, total


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

    positions: tuple[Dim, Dim]
    """Output map, height and width."""
    crops: Dim
    """How many crops see as much: one for each position, or for each part of the map that a crop makes at once."""
    multiply_adds: Dim
    sliding_multiply_adds: Dim
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
    crops = ceil_div(output.height, part.height) * ceil_div(output.width, part.width)
    sliding = crops * crop.totals.multiply_adds
    return Dense((output.height, output.width), crops, analysis.totals.multiply_adds, sliding)


@dataclass(frozen=True, slots=True)
class InUse:
    """What was asked for beside an analysis."""

    test_time: TestTime | None = None
    dense: Dense | None = None
