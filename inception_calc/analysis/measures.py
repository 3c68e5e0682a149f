"""Every cost that can be asked for by name, of any group of layers. Definitions: docs/costs.md.

What needs a walk over the whole graph (receptive fields, live tensors, gradients) is worked out when it is first
asked for, and once.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import cached_property

from inception_calc.analysis.backward import Backward, backward_costs
from inception_calc.analysis.memory import Peak, peak_activation
from inception_calc.analysis.model import Analysis, Group, LayerCost
from inception_calc.analysis.receptive_field import ReceptiveField, receptive_fields
from inception_calc.dims import Dim, maximum, total


class Measures:
    """The costs of one analysis."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis

    @cached_property
    def index(self) -> dict[str, int]:
        """Layer name -> its place in the graph."""
        return {layer.name: index for index, layer in enumerate(self.analysis.graph.layers)}

    @cached_property
    def receptive_fields(self) -> tuple[ReceptiveField | None, ...]:
        """The receptive field of each layer; None where there is no one field."""
        return receptive_fields(self.analysis.graph)

    @cached_property
    def peak(self) -> Peak:
        """The peak of live activations at inference; raises `Undecided` over free sizes."""
        return peak_activation(self.analysis.graph)

    @cached_property
    def backward(self) -> tuple[Backward, ...]:
        """The gradients of each layer."""
        return backward_costs(self.analysis)

    def receptive_field(self, group: Group) -> ReceptiveField | None:
        """The receptive field of a row or layer; None for other groups and for rows without a layer."""
        if group.row is not None:
            return self.receptive_fields[group.row.result] if group.row.result >= 0 else None
        is_layer = len(group.layers) == 1 and group.layers[0].layer.name == group.name
        return self.receptive_fields[self.index[group.name]] if is_layer else None

    def peak_activation_bytes(self, group: Group) -> Dim:
        """The most bytes alive while any layer of the group runs; heads of training are left out."""
        live = [self.peak.live[index] for index in self._indices(group) if index < len(self.peak.live)]
        if len(live) == len(self.peak.live):
            return self.peak.elements * self._element_size
        most: Dim = 0
        for elements in live:
            most = maximum(most, elements)
        return most * self._element_size

    def gradients(self, group: Group) -> Backward:
        """The multiply-adds of the group's gradients."""
        parts = [self.backward[index] for index in self._indices(group)]
        return Backward(total(part.inputs for part in parts), total(part.weights for part in parts))

    def value(self, name: str, group: Group) -> Dim | Fraction:
        """The cost called `name` of a group."""
        return MEASURES[name](self, group)

    @property
    def _element_size(self) -> int:
        from inception_calc.analysis.model import DTYPES

        return DTYPES[self.analysis.dtype]

    def _indices(self, group: Group) -> list[int]:
        return [self.index[cost.layer.name] for cost in group.layers]


def _summed(of: Callable[[LayerCost], Dim]) -> Callable[[Measures, Group], Dim]:
    return lambda _, group: total(of(cost) for cost in group.layers)


def _intensity(_: Measures, group: Group) -> Dim | Fraction:
    """Flops for each byte moved."""
    flops, traffic = total(cost.flops for cost in group.layers), total(cost.traffic_bytes for cost in group.layers)
    if not isinstance(flops, int) or not isinstance(traffic, int):
        return flops / traffic
    return Fraction(flops, traffic) if traffic else 0


MEASURES: dict[str, Callable[[Measures, Group], Dim | Fraction]] = {
    "params": lambda _, group: group.totals.params,
    "weights": lambda _, group: group.totals.weights,
    "biases": lambda _, group: group.totals.biases,
    "buffers": lambda _, group: group.totals.buffers,
    "param_bytes": lambda _, group: group.totals.param_bytes,
    "multiply_adds": lambda _, group: group.totals.multiply_adds,
    "effective_multiply_adds": _summed(lambda cost: cost.effective_multiply_adds),
    "element_ops": lambda _, group: group.totals.element_ops,
    "flops": _summed(lambda cost: cost.flops),
    "activation_elements": lambda _, group: group.totals.activation_elements,
    "activation_bytes": lambda _, group: group.totals.activation_bytes,
    "peak_activation_bytes": lambda measures, group: measures.peak_activation_bytes(group),
    "traffic_bytes": _summed(lambda cost: cost.traffic_bytes),
    "arithmetic_intensity": _intensity,
    "backward_inputs": lambda measures, group: measures.gradients(group).inputs,
    "backward_weights": lambda measures, group: measures.gradients(group).weights,
    "depth": lambda _, group: group.totals.depth,
    "layers": lambda _, group: group.totals.layers,
}
"""Cost by name -> its value for a group of layers."""
