"""Measured things made up by hand."""

from __future__ import annotations

from inception_calc.latency.measured import Measurement, Roof, Round
from inception_calc.latency.units import TimedUnit, Unit

ROOF = Roof((50e6,), (20e6,))
"""50 G multiply-adds/s and 20 GB/s."""


def unit(name: str = "u", kind: str = "convolution", multiply_adds: int = 1000, size: int = 100, **more) -> Unit:
    facts = {"params": 10, "input_channels": 64, "positions": 100, "is_first": False, "layers": (0,), **more}
    return Unit(name=name, kind=kind, multiply_adds=multiply_adds, bytes=size, **facts)


def timed(milliseconds: float, name: str = "u", **more) -> TimedUnit:
    return TimedUnit(unit(name, **more), milliseconds, milliseconds * 1.1)


def rounds(*cpu: float, wall: float = 1.0) -> tuple[Round, ...]:
    """Rounds of so many milliseconds; `wall` is a factor."""
    return tuple(Round(value, value * wall) for value in cpu)


def measurement(*units: TimedUnit, network: str = "net", machine: str = "m", cpu=(10.0,) * 10) -> Measurement:
    environment = {"machine": machine, "threads": 1, "onnxruntime": "1"}
    return Measurement(network, "CPUExecutionProvider", environment, units, {"Reorder": 0.1}, rounds(*cpu), ROOF, {})
