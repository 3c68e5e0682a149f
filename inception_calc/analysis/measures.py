"""What is worked out on demand: receptive fields, live tensors, gradients, effective counts (docs/costs.md).

Each is worked out for the whole graph when something of it is first asked for, and once.
"""

from functools import cached_property

from inception_calc.analysis.backward import Backward, backward_costs
from inception_calc.analysis.memory import Peak, peak_activation
from inception_calc.analysis.model import Analysis, Group
from inception_calc.analysis.receptive_field import ReceptiveField, receptive_fields
from inception_calc.dims import Dim, maximum, total
from inception_calc.problems import Undecided


class Measures:
    """What one analysis says when it is asked."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self._effective: dict[int, Dim] = {}

    @cached_property
    def index(self) -> dict[str, int]:
        """Layer name -> its place in the graph."""
        return {layer.name: index for index, layer in enumerate(self.analysis.graph.layers)}

    @cached_property
    def receptive_fields(self) -> tuple[ReceptiveField | None, ...]:
        """The receptive field of each layer; None where there is no one field."""
        return receptive_fields(self.analysis.graph)

    @property
    def peak(self) -> Peak:
        """The peak of live activations at inference; raises `Undecided` over free sizes."""
        if isinstance(self._peak, Undecided):
            raise self._peak
        return self._peak

    @cached_property
    def _peak(self) -> Peak | Undecided:
        try:
            return peak_activation(self.analysis.graph, self._in_bytes)
        except Undecided as undecided:
            return undecided

    @cached_property
    def backward(self) -> tuple[Backward, ...]:
        """The gradients of each layer."""
        return backward_costs(self.analysis)

    def effective(self, index: int) -> Dim:
        """The multiply-adds of one layer whose tap does not fall on padding; raises `Undecided` over a free kernel."""
        if index not in self._effective:  # expensive where a size is free
            self._effective[index] = self.analysis.layers[index].effective_multiply_adds
        return self._effective[index]

    def effective_multiply_adds(self, group: Group) -> Dim:
        """Those of a group."""
        return total(self.effective(index) for index in self._indices(group))

    def receptive_field(self, group: Group) -> ReceptiveField | None:
        """The receptive field of a row or layer; None for other groups and for rows without a layer."""
        if group.row is not None:
            return self.receptive_fields[group.row.result] if group.row.result >= 0 else None
        is_layer = len(group.layers) == 1 and group.layers[0].layer.name == group.name
        return self.receptive_fields[self.index[group.name]] if is_layer else None

    def peak_activation_bytes(self, group: Group) -> Dim:
        """The most bytes alive while any layer of the group runs; heads of training are left out."""
        if len(group.layers) == len(self.analysis.layers):
            return self.peak.largest * self._unit
        most: Dim = 0
        for index in self._indices(group):
            most = maximum(most, self.live_bytes(index))
        return most

    def live_bytes(self, index: int) -> Dim:
        """The bytes alive while one layer runs; 0 for layers of heads, which do not run at inference."""
        live = self.peak.live
        return live[index] * self._unit if index < len(live) else 0

    def gradients(self, group: Group) -> Backward:
        """The multiply-adds of the group's gradients."""
        parts = [self.backward[index] for index in self._indices(group)]
        return Backward(total(part.inputs for part in parts), total(part.weights for part in parts))

    @property
    def _in_bytes(self) -> bool:
        """Whether tensors have types of their own, so that live bytes are added up and not live elements."""
        return not self.analysis.element_size and self.analysis.has_bytes

    @property
    def _unit(self) -> int:
        """Bytes of one of what is added up."""
        return 1 if self._in_bytes else self.analysis.element_size

    def _indices(self, group: Group) -> list[int]:
        return [self.index[cost.layer.name] for cost in group.layers]
