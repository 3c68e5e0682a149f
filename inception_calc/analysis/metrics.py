"""The numbers that can be compared and put under a budget, each in one line."""

from collections.abc import Callable
from dataclasses import dataclass

from inception_calc.analysis.memory import peak_activation
from inception_calc.analysis.model import DTYPES, Analysis, Totals
from inception_calc.dims import Dim
from inception_calc.problems import Undecided


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of a network; most are numbers of a part of it too."""

    name: str
    label: str
    in_bytes: bool = False
    is_sum: bool = True
    """The network's number is the sum over its layers."""
    whole: Callable[[Analysis], Dim | None] | None = None
    """The number of a network, for metrics that a part does not have. It must grow with every map of the network:
    proofs over a range of sizes rely on that."""

    def of_part(self, totals: Totals) -> Dim | None:
        """The number of a row, layer or kind; None for a metric of whole networks alone."""
        return None if self.whole is not None else getattr(totals, self.name)

    def of(self, analysis: Analysis) -> Dim | None:
        """The number of a network; None where it cannot be known."""
        return self.of_part(analysis.totals) if self.whole is None else self.whole(analysis)


def _peak(analysis: Analysis) -> Dim | None:
    try:
        return peak_activation(analysis.graph).elements * DTYPES[analysis.dtype]
    except Undecided:  # of free sizes
        return None


METRICS = {
    metric.name: metric
    for metric in (
        Metric("multiply_adds", "multiply-adds"),
        Metric("params", "params"),
        Metric("weights", "weights"),
        Metric("biases", "biases"),
        Metric("buffers", "buffers"),
        Metric("element_ops", "element ops"),
        Metric("activation_elements", "activation elements"),
        Metric("depth", "depth", is_sum=False),
        Metric("depth_with_pools", "depth with pools", is_sum=False),
        Metric("layers", "layers"),
        Metric("param_bytes", "param bytes", in_bytes=True),
        Metric("activation_bytes", "activation bytes", in_bytes=True),
        Metric("peak_activation_bytes", "peak activation bytes", in_bytes=True, is_sum=False, whole=_peak),
    )
}
"""Name -> metric, the two that everybody asks for first."""
