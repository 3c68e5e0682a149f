"""A calibration file: measured units of some networks on one machine, from which others are predicted.

The file keeps measurements, not coefficients: a network that is to be predicted is left out of the fit, and
better models can be fitted to old files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from math import sqrt
from pathlib import Path
from typing import Any

from inception_calc.analysis import DTYPES, Analysis
from inception_calc.files.reads import remember
from inception_calc.latency.fit import Fit, fit_units
from inception_calc.latency.measured import Measurement
from inception_calc.latency.statistics import median
from inception_calc.latency.units import TimedUnit, Unit
from inception_calc.problems import InputError, Problem

VERSION = 1
LEAST_NETWORKS = 3
"""With fewer, what a whole network is off by cannot be told from leaving one out."""
LARGEST_FILE = 32 * 2**20
SAME = ("machine", "gpu", "threads", "dtype")
"""Facts of the environment in which all networks of a file must agree."""
DEFAULT_DTYPE = "fp32"
"""Of a file that says none: before there was a choice."""
LABEL = re.compile(r".* (?P<batch>[1-9]\d{0,17})(?:x\d+)+ \(\d+\)", re.ASCII | re.DOTALL)
"""What `label_of` writes."""


@dataclass(frozen=True, slots=True)
class Calibrated:
    """One network of a calibration."""

    name: str
    milliseconds: float
    units: tuple[TimedUnit, ...]

    @property
    def overhead(self) -> float:
        """The whole run for each millisecond in kernels."""
        inside = sum(timed.milliseconds for timed in self.units)
        return self.milliseconds / inside if inside > 0 else 1.0

    @property
    def batch(self) -> int | None:
        """The images of one run; None where the name is none of `label_of`."""
        return batch_in(self.name)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Networks measured on one machine, by name."""

    provider: str
    environment: Mapping[str, Any]
    networks: Mapping[str, Calibrated]

    @property
    def dtype(self) -> str:
        """The type that was computed in."""
        return str(self.environment.get("dtype", DEFAULT_DTYPE))

    def without(self, name: str) -> tuple[Calibrated, ...]:
        """All networks but one: those that it is predicted from."""
        return tuple(network for key, network in self.networks.items() if key != name)

    def fit_without(self, name: str) -> Fit:
        """The model of all networks but one; raises `InputError` where none is left."""
        used = self.without(name)
        if not used:
            what = f"the calibration holds nothing but {name} itself" if self.networks else "the calibration is empty"
            raise InputError(
                Problem("no-calibration", what, None, "measure another network: validate OTHER --calibrate FILE")
            )
        fit = _fit(used)
        if len(used) < LEAST_NETWORKS:
            return fit
        errors = [_error(network, _fit([other for other in used if other is not network])) for network in used]
        return replace(fit, network_error=sqrt(sum(error**2 for error in errors) / len(errors)))


def _fit(networks: Sequence[Calibrated]) -> Fit:
    units = [timed for network in networks for timed in network.units]
    return fit_units(units, median([network.overhead for network in networks]))


def _error(network: Calibrated, others: Fit) -> float:
    """(predicted - measured) / measured of the kinds that the others know, in kernels and with the overhead."""
    known = [timed for timed in network.units if timed.unit.kind in others.kinds and timed.milliseconds > 0]
    measured = sum(timed.milliseconds for timed in known) * network.overhead
    guessed = sum(others.kinds[timed.unit.kind].predict(timed.unit) for timed in known) * others.overhead
    return guessed / measured - 1 if measured > 0 else 0.0


def label_of(analysis: Analysis) -> str:
    """How a calibration calls a network: what is counted otherwise is another network, however it came about."""
    shown = analysis.name if analysis.variant == "default" else f"{analysis.name} @{analysis.variant}"
    batch = () if analysis.graph.known else (analysis.graph.batch,)  # a tensor of a file has its own
    sides = "x".join(map(str, (*batch, *analysis.graph.input)))
    return f"{shown} {sides} ({analysis.totals.multiply_adds})"


def batch_in(label: str) -> int | None:
    """The images of one run of what is called so; None where the name is none of `label_of`."""
    found = LABEL.fullmatch(label)
    return int(found["batch"]) if found else None


def check_machine(known: Calibration, provider: str, environment: Mapping[str, Any]) -> None:
    """Raises `InputError` where a calibration was made on another machine than this one."""
    here = {"dtype": DEFAULT_DTYPE, **environment, "provider": provider}
    there = {"dtype": DEFAULT_DTYPE, **known.environment, "provider": known.provider}
    for fact in ("provider", *SAME):
        if here.get(fact) != there.get(fact):
            what = f"the calibration was made with another {fact}: {there.get(fact)}, not {here.get(fact)}"
            raise InputError(Problem("other-machine", what, None, "write to another file"))


def with_measurement(old: Calibration | None, measurement: Measurement) -> Calibration:
    """The calibration with one more network (or a newer measurement of it); raises `InputError` for another machine."""
    if old is not None:
        check_machine(old, measurement.provider, measurement.environment)
    label = measurement.network
    network = Calibrated(label, measurement.milliseconds, measurement.units)
    networks = {**(old.networks if old else {}), label: network}
    return Calibration(measurement.provider, measurement.environment, networks)


# ---------------------------------------------------------------------------------------------------------------------
# The file


def calibration_text(calibration: Calibration) -> str:
    """The file's text, one line for each unit."""
    networks = []
    for network in calibration.networks.values():
        lines = ",\n   ".join(json.dumps(_unit_entry(timed)) for timed in network.units)
        head = f'"name": {json.dumps(network.name)}, "milliseconds": {network.milliseconds:.6g}'
        networks.append(f'  {{{head}, "units": [\n   {lines}]}}')
    facts = json.dumps(dict(calibration.environment))
    body = ",\n".join(networks)
    head = f'"inception_calc_calibration": {VERSION}, "provider": {json.dumps(calibration.provider)}'
    return f'{{{head},\n "environment": {facts},\n "networks": [\n{body}\n ]}}\n'


def _unit_entry(timed: TimedUnit) -> dict[str, Any]:
    unit = {field.name: getattr(timed.unit, field.name) for field in fields(Unit) if field.name != "layers"}
    return {**unit, "milliseconds": round(timed.milliseconds, 6), "high": round(timed.high, 6)}


def load_calibration(path: Path) -> Calibration:
    """The calibration in a file; raises `InputError` where it is none."""
    try:
        with path.open("rb") as file:
            remember(file.fileno(), str(path))
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise InputError(
            Problem(
                "unreadable",
                f"cannot read '{path}': {error.strerror}",
                None,
                f"make one: inception-calc validate vgg_d --calibrate {path}",
            )
        ) from None
    try:
        if len(data) > LARGEST_FILE:
            raise ValueError("too large")
        return _calibration(json.loads(data))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise InputError(
            Problem(
                "bad-calibration",
                f"'{path}' is no calibration file of version {VERSION}",
                None,
                "make a new one: inception-calc validate SPEC --calibrate FILE",
            )
        ) from None


def _calibration(data: Any) -> Calibration:
    if data["inception_calc_calibration"] != VERSION:
        raise ValueError("another version")
    networks = {}
    for entry in data["networks"]:
        units = tuple(_timed(unit) for unit in entry["units"])
        networks[str(entry["name"])] = Calibrated(str(entry["name"]), _positive(entry["milliseconds"]), units)
    known = Calibration(str(data["provider"]), dict(data["environment"]), networks)
    if known.dtype not in DTYPES:
        raise ValueError("no type")
    return known


def _timed(entry: Mapping[str, Any]) -> TimedUnit:
    counts = {key: _count(entry[key]) for key in ("multiply_adds", "params", "bytes", "input_channels", "positions")}
    unit = Unit(name=str(entry["name"]), kind=str(entry["kind"]), layers=(), is_first=bool(entry["is_first"]), **counts)
    return TimedUnit(unit, _positive(entry["milliseconds"]), _positive(entry["high"]))


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**18:
        raise ValueError("no count")
    return value


def _positive(value: Any) -> float:
    number = float(value)
    if not 0 <= number < 1e12:  # NaN fails this too
        raise ValueError("no time")
    return number
