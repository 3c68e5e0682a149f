"""Every number that can be asked for by name, each in one line. Definitions and sources: docs/costs.md.

These names are the words of table columns, of budgets, of limits to `solve`, of closed forms and of JSON keys.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from inception_calc.analysis.measures import Measures
from inception_calc.analysis.model import Analysis, Group, Totals
from inception_calc.dims import Dim, total
from inception_calc.problems import Problem, Undecided

Measured = Callable[[Measures, Group], Dim | Fraction]


class Metric(NamedTuple):
    """One number of a network or of a part of it, for the whole batch."""

    name: str
    label: str
    """The name as people say it."""
    in_bytes: bool = False
    is_sum: bool = True
    """The network's number is the sum over its layers."""
    is_structural: bool = False
    """It says how the network is built: no size, batch or width changes it."""
    measured: Measured | None = None
    """How to work out a number that is not one of `Totals`; None for those that are."""

    def of_totals(self, totals: Totals) -> Dim | None:
        """The number of a part with these totals; None where it needs more, and for unknown bytes."""
        if self.measured is not None or (self.in_bytes and not totals.has_bytes):
            return None
        return getattr(totals, self.name)

    def of_group(self, measures: Measures, group: Group) -> Dim | Fraction:
        """The number of a group of layers; raises `Undecided` where a free symbol or an unknown type decides it."""
        if self.in_bytes and not measures.analysis.has_bytes:
            what = f"{measures.analysis.source} has tensors whose bytes are not known: texts, or what a loop keeps"
            raise Undecided(Problem("not-counted", what, None, "leave the columns in bytes out"))
        return getattr(group.totals, self.name) if self.measured is None else self.measured(measures, group)

    def of(self, analysis: Analysis) -> Dim | Fraction | None:
        """The number of a network; None where it depends on a free symbol in a way that no formula says."""
        try:
            return self.of_group(Measures(analysis), analysis.whole)
        except Undecided:
            return None


def _summed(name: str) -> Measured:
    return lambda _, group: total(getattr(cost, name) for cost in group.layers)


def _intensity(measures: Measures, group: Group) -> Dim | Fraction:
    """Flops for each byte moved; raises `Undecided` where a symbol is free."""
    flops, traffic = (METRICS[name].of_group(measures, group) for name in ("flops", "traffic_bytes"))
    if not isinstance(flops, int) or not isinstance(traffic, int):
        raise Undecided(
            Problem("free-symbol", "a quotient such as flops per byte is no formula", None, "set every symbol")
        )
    return Fraction(flops, traffic) if traffic else 0


PEAK = "peak_activation_bytes"

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
        Metric("depth", "depth", is_sum=False, is_structural=True),
        Metric("depth_with_pools", "depth with pools", is_sum=False, is_structural=True),
        Metric("layers", "layers", is_structural=True),
        Metric("param_bytes", "param bytes", in_bytes=True),
        Metric("activation_bytes", "activation bytes", in_bytes=True),
        Metric("cache_bytes", "cache bytes", in_bytes=True),
        Metric(PEAK, "peak activation bytes", in_bytes=True, is_sum=False, measured=Measures.peak_activation_bytes),
        Metric("effective_multiply_adds", "effective multiply-adds", measured=Measures.effective_multiply_adds),
        Metric("trainable_params", "trainable params", measured=_summed("trainable_params")),
        Metric("flops", "flops", measured=_summed("flops")),
        Metric("traffic_bytes", "traffic bytes", in_bytes=True, measured=_summed("traffic_bytes")),
        Metric("arithmetic_intensity", "flops per byte", is_sum=False, measured=_intensity),
        Metric("backward_inputs", "backward inputs", measured=lambda m, group: m.gradients(group).inputs),
        Metric("backward_weights", "backward weights", measured=lambda m, group: m.gradients(group).weights),
    )
}
"""Name -> metric, the two that everybody asks for first."""

RARE = ("cache_bytes",)
"""Metrics that most networks have nothing of: documents that list every metric name them where there is something."""

COMPARABLE = {name: metric for name, metric in METRICS.items() if metric.measured is None or name == PEAK}
"""What networks are compared by and held to: all that totals say, and the peak, which whole networks alone have."""
