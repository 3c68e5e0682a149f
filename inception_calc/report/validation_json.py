"""The JSON of `validate` and `predict`. Measured results keep what was measured: machine, versions, raw rounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inception_calc.latency.fit import Fit
from inception_calc.latency.measured import Measurement, Round
from inception_calc.latency.predict import Prediction
from inception_calc.latency.ratio import Ratio
from inception_calc.latency.reading import Reading
from inception_calc.onnx_run.proof import ModelProof, Proof
from inception_calc.report.json_values import indented
from inception_calc.report.proof import proof_entry

DIGITS = 6
"""Decimals of milliseconds: a nanosecond."""


def validation_document(
    head: Mapping[str, Any],
    proof: Proof | ModelProof | None,
    measured: tuple[Measurement, Reading] | None,
    ratio: Ratio | None,
    interrupted: bool = False,
) -> str:
    """`{"exact": ..., "provider": ..., ...}`; parts that were not asked for are left out."""
    document: dict[str, Any] = dict(head)
    if proof is not None:
        document["exact"] = proof_entry(proof)
    if measured is not None or interrupted:
        document["interrupted"] = interrupted
    if measured is not None:
        document |= _measured(*measured)
    if ratio is not None:
        document["ratio"] = _ratio(ratio)
    return indented(document)


def _measured(measurement: Measurement, reading: Reading) -> dict[str, Any]:
    low, high = measurement.interval
    layers = []
    for read in reading.units:
        timed, unit = read.timed, read.timed.unit
        layers.append(
            {
                "name": unit.name,
                "kind": unit.kind,
                "multiply_adds": unit.multiply_adds,
                "params": unit.params,
                "bytes": unit.bytes,
                "milliseconds": _rounded(timed.milliseconds),
                "p90_milliseconds": _rounded(timed.high),
                "bound": read.bound,
                "roof_share": read.roof_share,
                "predicted_milliseconds": _rounded(read.predicted),
                "error": read.error,
                "reason": read.reason,
                "rounds": list(measurement.raw.get(unit.name, ())),
            }
        )
    return {
        "milliseconds": _rounded(measurement.milliseconds),
        "interval": [_rounded(low), _rounded(high)],
        "noise": measurement.noise,
        "roof": {
            "multiply_adds_per_millisecond": measurement.roof.peak,
            "bytes_per_millisecond": measurement.roof.bandwidth,
        },
        "rounds": [{**_round(round_), "kept": round_.kept} for round_ in measurement.rounds],
        "profiled_rounds": [{**_round(round_), "kept": round_.kept} for round_ in measurement.profiled],
        "layers": layers,
        "inserted": {name: _rounded(time) for name, time in measurement.inserted.items()},
        "rest_milliseconds": _rounded(measurement.rest),
        "kinds": [
            {
                "kind": kind.kind,
                "layers": kind.units,
                "multiply_adds_share": kind.multiply_adds,
                "time_share": kind.time,
            }
            for kind in reading.kinds
        ],
        "fit": {
            "r_squared": reading.computing.r_squared,
            "spearman": reading.computing.spearman,
            "convolutions": {
                "r_squared": reading.convolutions.r_squared,
                "spearman": reading.convolutions.spearman,
            },
            "left_out_median_error": reading.left_out_error,
            "milliseconds": _rounded(reading.total.milliseconds),
            "interval": [_rounded(reading.total.low), _rounded(reading.total.high)],
            **fit_entry(reading.fit),
        },
    }


def fit_entry(fit: Fit) -> dict[str, Any]:
    """The model: milliseconds for each multiply-add, byte and layer of a kind."""
    return {
        "overhead": fit.overhead,
        "network_error": fit.network_error,
        "kinds": {
            kind: {
                "layers": model.units,
                "per_multiply_add": model.per_multiply_add,
                "per_byte": model.per_byte,
                "constant": model.constant,
                "per_multiply_add_interval": model.interval(0),
                "per_byte_interval": model.interval(1),
                "constant_interval": model.interval(2),
                "left_out_error": model.error,
            }
            for kind, model in fit.kinds.items()
        },
    }


def _ratio(ratio: Ratio) -> dict[str, Any]:
    return {
        "first": ratio.first,
        "second": ratio.second,
        "multiply_adds": float(ratio.multiply_adds),
        "time": ratio.time,
        "interval": list(ratio.interval),
        "verdict": ratio.verdict,
        "noise": ratio.noise,
        "rounds": [
            {"first": _round(first), "second": _round(second), "kept": first.kept and second.kept}
            for first, second in ratio.rounds
        ],
    }


def prediction_document(head: Mapping[str, Any], prediction: Prediction, fit: Fit, measured: float | None) -> str:
    """`{"milliseconds": ..., "interval": ..., "unseen": ..., "layers": [...], ...}`."""
    document: dict[str, Any] = dict(head)
    document |= {
        "milliseconds": _rounded(prediction.milliseconds),
        "interval": [_rounded(prediction.low), _rounded(prediction.high)],
        "overhead": prediction.overhead,
        "rest_milliseconds": _rounded(prediction.milliseconds - prediction.inside),
        "unseen": list(prediction.unseen),
    }
    if measured is not None:
        document["measured_milliseconds"] = _rounded(measured)
        document["error"] = prediction.milliseconds / measured - 1
    document["layers"] = [
        {
            "name": predicted.unit.name,
            "kind": predicted.unit.kind,
            "multiply_adds": predicted.unit.multiply_adds,
            "bytes": predicted.unit.bytes,
            "milliseconds": None if predicted.milliseconds is None else _rounded(predicted.milliseconds),
        }
        for predicted in prediction.units
    ]
    document["fit"] = fit_entry(fit)
    return indented(document)


def _round(found: Round) -> dict[str, Any]:
    return {"cpu_milliseconds": _rounded(found.cpu), "wall_milliseconds": _rounded(found.wall), "runs": found.runs}


def _rounded(value: float) -> float:
    return round(value, DIGITS)
