"""The numbers that can be compared and put under a budget, each in one line.

A metric of a whole network may be missing for a part of it: peak memory is no sum over rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inception_calc.analysis.model import Totals
from inception_calc.dims import Dim

DTYPE_BYTES = {"fp64": 8, "fp32": 4, "fp16": 2, "bf16": 2, "int8": 1}
"""Data type -> bytes of one number."""
FP32 = "fp32"


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of a network, or of a part of it."""

    name: str
    label: str
    of: Callable[[Totals, str], Dim | None]
    """The number of some totals with a data type; None where they have none."""
    in_bytes: bool = False


def _summed(name: str, label: str) -> Metric:
    return Metric(name, label, lambda totals, _: getattr(totals, name, None))


def _bytes(name: str, label: str) -> Metric:
    """A number of bytes that is counted for fp32."""

    def scaled(totals: Totals, dtype: str) -> Dim | None:
        whole = getattr(totals, name, None)
        return whole if whole is None or dtype == FP32 else whole * DTYPE_BYTES[dtype] // DTYPE_BYTES[FP32]

    return Metric(name, label, scaled, in_bytes=True)


METRICS = {
    metric.name: metric
    for metric in (
        _summed("multiply_adds", "multiply-adds"),
        _summed("params", "params"),
        _summed("weights", "weights"),
        _summed("biases", "biases"),
        _summed("buffers", "buffers"),
        _summed("element_ops", "element ops"),
        _summed("activation_elements", "activation elements"),
        _summed("depth", "depth"),
        _summed("depth_with_pools", "depth with pools"),
        _summed("layers", "layers"),
        Metric("param_bytes", "param bytes", lambda totals, dtype: totals.params * DTYPE_BYTES[dtype], in_bytes=True),
        _bytes("peak_activation_bytes", "peak activation bytes"),
    )
}
"""Name -> metric, the two that everybody asks for first."""
