"""A counting convention: what a tool adds to multiply-adds of convolutions and linear layers, layer by layer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from inception_calc.analysis import Analysis, LayerCost
from inception_calc.dims import Dim, Shape, total


@dataclass(frozen=True, slots=True)
class Seen:
    """A layer as a tool sees it, for one image. `x` is its first input, `y` its output."""

    cost: LayerCost
    x: Shape
    y: Shape


Rule = Callable[[Seen], Dim]
"""What a tool counts for a layer beside its multiply-adds, for one image."""


@dataclass(frozen=True, slots=True)
class Convention:
    """A tool at a version. `rules` are by operator: cause and what it adds; an operator without any adds nothing.

    `says` tells what a reader must know about the tool.
    """

    tool: str
    version: str
    rules: Mapping[str, Mapping[str, Rule]]
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Converted:
    """An analysis in a tool's convention, for the whole batch. `extras` are cause and count, for each layer."""

    analysis: Analysis
    convention: Convention
    extras: tuple[Mapping[str, Dim], ...]
    stops: str = ""
    """Why the tool prints nothing for this network; empty where it does."""

    @property
    def causes(self) -> Mapping[str, Dim]:
        """Cause -> what it adds, largest first where numbers allow an order."""
        found: dict[str, list[Dim]] = {}
        for extra in self.extras:
            for cause, count in extra.items():
                if count != 0:
                    found.setdefault(cause, []).append(count)
        sums = {cause: total(counts) for cause, counts in found.items()}
        if all(isinstance(count, int) for count in sums.values()):
            return dict(sorted(sums.items(), key=lambda item: -abs(item[1])))
        return sums

    @property
    def multiply_adds(self) -> Dim:
        """What the tool prints for the whole network."""
        return total((self.analysis.totals.multiply_adds, *self.causes.values()))

    def extra_of(self, costs: tuple[LayerCost, ...], cause: str) -> Dim:
        """What a cause adds in some layers."""
        wanted = {id(cost) for cost in costs}
        return total(
            extra[cause]
            for cost, extra in zip(self.analysis.layers, self.extras, strict=True)
            if cause in extra and id(cost) in wanted
        )


def convert(analysis: Analysis, convention: Convention) -> Converted:
    """What the tool counts for each layer.

    A softmax that gives the network's or a head's output is left out: torch's networks leave it to the loss.
    """
    graph = analysis.graph
    heads = [row.result for row in graph.rows if row.is_head]
    ends = {*heads, *[row.result for row in graph.rows if not row.is_head][-1:]}
    extras: list[Mapping[str, Dim]] = []
    for index, cost in enumerate(analysis.layers):
        layer = cost.layer
        rules = {} if layer.op.op == "softmax" and index in ends else convention.rules.get(layer.op.op, {})
        seen = Seen(cost, graph.map_of(layer.inputs[0]), layer.output)
        extras.append({cause: rule(seen) * graph.batch for cause, rule in rules.items()})
    return Converted(analysis, convention, tuple(extras))


# ---------------------------------------------------------------------------------------------------------------------
# What rules are made of


BIASED = ("convolution", "depthwise convolution", "transposed convolution", "linear")
"""The operators that may have a bias."""


def inputs(times: int = 1) -> Rule:
    """`times` for each element of the input."""
    return lambda seen: times * seen.x.elements


def outputs(times: int = 1) -> Rule:
    """`times` for each element of the output."""
    return lambda seen: times * seen.y.elements


def biases(seen: Seen) -> Dim:
    """One for each output of a layer that has a bias."""
    return seen.y.elements if seen.cost.used.biases else 0


def is_global(seen: Seen) -> bool:
    """Whether a pool takes the whole map: torch writes it as an adaptive one."""
    return getattr(seen.cost.layer.op, "window", "") is None


def output_places(seen: Seen) -> Dim:
    """What a transposed convolution costs too much counted at its output's places, not at its input's."""
    return seen.cost.used.weights * (seen.y.positions - seen.x.positions)


def upsampled(nearest: int, bilinear: int) -> Rule:
    """`nearest` or `bilinear`, by the mode, for each output element of an upsampling."""
    return lambda seen: (bilinear if getattr(seen.cost.layer.op, "is_linear", False) else nearest) * seen.y.elements
