"""`inception-calc predict`: the latency of a network that was never run, from a calibration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from inception_calc.analysis import analyze
from inception_calc.cli.options import (
    BatchOption,
    FormatOption,
    InputsOption,
    OneNetworkArgument,
    OutputOption,
    RoundOption,
    SetOption,
    read_outputs,
    read_setting,
)
from inception_calc.latency.calibration import batch_in, label_of, load_calibration
from inception_calc.latency.predict import predict
from inception_calc.latency.units import units_of
from inception_calc.problems import InputError, Problem, listed
from inception_calc.report.cost_table import title_of
from inception_calc.report.output import of_tables, write
from inception_calc.report.prediction import other_batch_note, prediction_table
from inception_calc.report.validation_json import prediction_document

EXAMPLES = """\b
Examples:
  inception-calc predict googlenet --calibration cpu.json
  inception-calc predict resnet50 --calibration cpu.json --input 3x160x160 -f json
  inception-calc predict model.onnx --calibration cpu.json"""

UNDECIDED = 3


def command(
    spec: OneNetworkArgument,
    calibration: Annotated[str, typer.Option("--calibration", metavar="FILE", help="What validate --calibrate wrote.")],
    input: InputsOption = None,  # noqa: A002 - the option's word
    batch: BatchOption = None,
    settings: SetOption = None,
    round_to: RoundOption = None,
    format: FormatOption = "auto",  # noqa: A002 - the option's word
    output: OutputOption = None,
) -> None:
    """The latency of a network on the machine of a calibration, with an interval; nothing is run.

    A network that the calibration holds is left out of the fit, and its measured time stands beside. Layers of a
    kind that the calibration has not seen are in no total: exit 3. A calibration measured at another batch says
    less; that is said. Needs no extra.
    """
    chosen, targets = read_outputs(format, output)
    known = load_calibration(Path(calibration))
    analysis = analyze(spec, **read_setting(input, batch, settings, round_to=round_to), dtype=known.dtype)
    if analysis.dtype not in ("", known.dtype):
        what = f"the calibration was made in {known.dtype}, and the numbers in '{spec}' are {analysis.dtype}"
        raise InputError(
            Problem("other-machine", what, None, f"measure others in {analysis.dtype}, or validate this one")
        )
    units = units_of(analysis)
    label = label_of(analysis)
    fit = known.fit_without(label)
    prediction = predict(units, fit)
    measured = known.networks[label].milliseconds if label in known.networks else None
    used = known.without(label)
    batch, batches = batch_in(label), sorted({network.batch for network in used if network.batch is not None})
    facts = known.environment
    notes = (
        f"calibrated on {listed((network.name for network in used), all_in='-f json')}",
        *([other_batch_note(batch, batches)] if batch is not None and batches and batch not in batches else []),
        f"{facts.get('gpu', facts.get('machine'))}, {facts.get('threads')} thread(s), {known.provider}"
        + ("" if known.dtype == "fp32" else f", {known.dtype}"),
    )
    head = {
        "name": analysis.name,
        "source": analysis.source,
        "variant": analysis.variant,
        "provider": known.provider,
        "environment": dict(facts),
        "batch": batch,
        "calibrated_on": [network.name for network in used],
        "calibrated_batches": batches,
    }
    drawing = of_tables(
        tables=lambda: [prediction_table(title_of(analysis), prediction, notes, measured)],
        document=lambda: prediction_document(head, prediction, fit, measured),
    )
    write(drawing, chosen, targets)
    if prediction.unseen:
        raise typer.Exit(UNDECIDED)
