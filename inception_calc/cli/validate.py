"""`inception-calc validate`: runs the network; proves the counts, and measures what they are worth."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inception_calc.analysis import Analysis, analyze
from inception_calc.cli import completion
from inception_calc.cli.options import (
    BatchOption,
    FormatOption,
    InputsOption,
    OneNetworkArgument,
    OutputOption,
    RoundOption,
    SetOption,
    TrainingOption,
    ValueOption,
    check_standard_input,
    choice,
    one_of,
    read_outputs,
    read_setting,
    read_values,
)
from inception_calc.cli.progress import Progress
from inception_calc.files.whole import check_files, whole_file
from inception_calc.problems import InputError, Problem
from inception_calc.report.cost_table import title_of
from inception_calc.report.output import check_targets, of_tables, write
from inception_calc.report.text import visible

if TYPE_CHECKING:
    from inception_calc.latency.calibration import Calibration
    from inception_calc.latency.measured import Measurement
    from inception_calc.latency.ratio import Ratio
    from inception_calc.latency.reading import Reading
    from inception_calc.onnx_run.proof import ModelProof, Proof
    from inception_calc.onnx_run.runtime import Options

EXAMPLES = """\b
Examples:
  inception-calc validate googlenet --exact
  inception-calc validate googlenet --training --exact -f json
  inception-calc validate lenet5 --rounds 50 --scatter time.svg --roofline roof.svg
  inception-calc validate inception_module@naive --against inception_module
  inception-calc validate googlenet --calibrate here.json
  inception-calc validate model.onnx --exact
  inception-calc validate model.onnx --rounds 30"""

NO, UNDECIDED, INTERRUPTED = 1, 3, 130


def command(
    spec: OneNetworkArgument,
    exact: Annotated[bool, typer.Option("--exact", help="The proof alone; no time is measured.")] = False,
    against: Annotated[
        str,
        typer.Option(
            "--against",
            metavar="SPEC",
            help="Run another in turns: the ratio of their times.",
            autocompletion=completion.specs,
        ),
    ] = "",
    rounds: Annotated[int, typer.Option("--rounds", min=3, max=1000, help="Runs that are timed.")] = 20,
    threads: Annotated[int, typer.Option("--threads", min=1, max=1024, help="Of the runtime.")] = 1,
    provider: Annotated[str, choice("--provider", ("cpu", "cuda"), "cpu or cuda.")] = "cpu",
    dtype: Annotated[str, choice("--dtype", ("fp32", "fp16"), "fp32 or fp16: what it computes in.", "TYPE")] = "fp32",
    seconds: Annotated[
        float, typer.Option("--seconds", min=0, max=3600, help="At least so long, so that a change of pace is seen.")
    ] = 5.0,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the random weights.")] = 0,
    calibrate: Annotated[
        str,
        typer.Option("--calibrate", metavar="FILE", help="Keep the times for predict; a file gains a network."),
    ] = "",
    scatter: Annotated[
        str, typer.Option("--scatter", metavar="FILE.svg", help="Time against multiply-adds; .png or .pdf too.")
    ] = "",
    roofline: Annotated[
        str, typer.Option("--roofline", metavar="FILE.svg", help="The roofline; .png or .pdf too.")
    ] = "",
    input: InputsOption = None,  # noqa: A002 - the option's word
    batch: BatchOption = None,
    settings: SetOption = None,
    value: ValueOption = None,
    training: TrainingOption = False,
    round_to: RoundOption = None,
    format: FormatOption = "auto",  # noqa: A002 - the option's word
    output: OutputOption = None,
) -> None:
    """Runs a network in ONNX Runtime: are the counts exact, and what do they say about time?

    Of a spec the generated graph runs, of an ONNX file the file itself, on inputs made to fit. The proof compares
    shape, params and multiply-adds of every layer with what ran, and the sums of a spec's layers run on ones with the
    effective multiply-adds: exit 1 for a single difference, 3 where a file's node could not be compared. The
    measurement judges relations, never milliseconds: exit 3 where it is too noisy. Needs inception-calc[run]; on a GPU
    [run-gpu].
    """
    from inception_calc.onnx_export.model import ELEMENT_TYPES
    from inception_calc.onnx_run.runtime import PROVIDERS, Options, require_onnxruntime, running

    chosen, targets = read_outputs(format, output)
    one_of(provider, PROVIDERS, "--provider")
    one_of(dtype, ELEMENT_TYPES, "--dtype")
    if dtype != "fp32" and provider == "cpu":
        what = f"ONNX Runtime's CPU kernels compute {dtype} in fp32 between casts: that is no time of {dtype}"
        raise InputError(Problem("bad-usage", what, None, "--provider cuda, or leave --dtype out"))
    if exact and (against or calibrate or scatter or roofline):
        what = "--exact measures nothing, so there is nothing to calibrate, draw or compare"
        raise InputError(Problem("bad-usage", what, None, "leave --exact out"))
    check_standard_input([spec, against])
    setting = read_setting(input, batch, settings, training, round_to)
    setting["symbols"] |= read_values(value)
    references = (spec, *([against] if against else []))
    analysis, *others = (analyze(reference, **setting, dtype=dtype) for reference in references)
    for each in (analysis, *others):
        _check_model(each, provider)
    if others and _is_same(analysis, others[0]):
        what = f"{against} is the same network as {spec}: the ratio of a network to itself says nothing of either"
        raise InputError(Problem("bad-usage", what, None, "--against another, or leave it out"))
    require_onnxruntime()
    options = Options(provider, threads, dtype=dtype)
    files = [calibrate, scatter, roofline, *(target.path for target in targets if target.path != "-")]
    check_targets(files)
    check_files(filter(None, files))
    if pictures := [path for path in (scatter, roofline) if path]:
        from inception_calc.pictures.vega import require_vega, suffix_of

        for path in pictures:
            suffix_of(path)
        require_vega()
    run = _Run(analysis, options, Progress())
    if calibrate and Path(calibrate).exists():
        run.read_calibration(Path(calibrate))
    try:
        with running():
            run.prove(seed)
            if not exact:
                run.measure(rounds, seed, seconds)
            if others and not run.interrupted:
                run.compare(others[0], rounds, seed)
    finally:  # a complaint, too, begins on a clean line
        run.progress.done()
    if run.interrupted:
        sys.stderr.write("interrupted: this is what there was\n")
    write(of_tables(tables=run.tables, document=run.document), chosen, targets)
    run.keep(calibrate, scatter, roofline)
    if code := run.exit_code():
        raise typer.Exit(code)


def _check_model(analysis: Analysis, provider: str) -> None:
    """Raises `InputError` for what is asked of specs alone, where the network is a file."""
    if analysis.graph.known is None:
        return
    if provider != "cpu":
        what = f"--provider {provider} runs specs; '{analysis.source}' is {analysis.origin.kind}"
        raise InputError(Problem("needs-spec", what, None, "leave --provider out: it runs on the CPU"))


def _is_same(one: Analysis, other: Analysis) -> bool:
    """Whether the same layers run on the same input, whatever the name, the file or the variant."""
    return (one.graph.input, one.layers) == (other.graph.input, other.layers)


class _Run:
    """What was asked for, as far as it came."""

    def __init__(self, analysis: Analysis, options: Options, progress: Progress) -> None:
        self.analysis, self.options, self.progress = analysis, options, progress
        self.proof: Proof | ModelProof | None = None
        self.measured: tuple[Measurement, Reading] | None = None
        self.ratio: Ratio | None = None
        self.calibration: Calibration | None = None
        self.interrupted = False

    def read_calibration(self, path: Path) -> None:
        """What the file has already; raises `InputError` where it is no calibration, or one of another machine."""
        from inception_calc.latency.calibration import check_machine, load_calibration
        from inception_calc.onnx_run.machine import environment
        from inception_calc.onnx_run.runtime import PROVIDERS

        self.calibration = load_calibration(path)
        check_machine(self.calibration, PROVIDERS[self.options.provider], environment(self.options))

    def prove(self, seed: int) -> None:
        if self.analysis.graph.known is not None:
            from inception_calc.onnx_run.model_proof import prove_model

            self.proof = prove_model(self.analysis, self.options, seed, self.progress)
        else:
            from inception_calc.onnx_run.proof import prove

            self.proof = prove(self.analysis, self.options, self.progress)

    def measure(self, rounds: int, seed: int, seconds: float) -> None:
        from inception_calc.latency.reading import read
        from inception_calc.onnx_run.measure import measure
        from inception_calc.onnx_run.model_measure import measure_model
        from inception_calc.onnx_run.proof import ModelProof

        analysis, options, progress = self.analysis, self.options, self.progress
        try:
            if isinstance(self.proof, ModelProof):
                measurement = measure_model(analysis, self.proof, options, rounds, seed, progress, seconds)
            else:
                measurement = measure(analysis, options, rounds, seed, progress, seconds=seconds)
        except KeyboardInterrupt:  # too early for a time; the proof stands
            self.interrupted = True
            return
        self.measured = measurement, read(measurement)
        self.interrupted = measurement.interrupted

    def compare(self, other: Analysis, rounds: int, seed: int) -> None:
        from inception_calc.latency.ratio import ratio_of
        from inception_calc.onnx_run.measure import measure_pair

        try:
            pairs = measure_pair(self.analysis, other, self.options, rounds, seed, self.progress)
        except KeyboardInterrupt:
            self.interrupted = True
            return
        first, second = ((title_of(each), each.totals.multiply_adds) for each in (self.analysis, other))
        self.ratio = ratio_of(first, second, pairs)

    def tables(self) -> list[Any]:
        from inception_calc.report.proof import proof_table
        from inception_calc.report.validation import kinds_table, layers_table, ratio_table

        title = title_of(self.analysis)
        tables: list[Any] = [proof_table(title, self.proof)] if self.proof else []
        if self.measured:
            measurement, reading = self.measured
            tables.append(layers_table(title, measurement, reading))
            tables += [kinds_table(title, reading)] if reading.fit.kinds else []
        return [*tables, ratio_table(self.ratio)] if self.ratio else tables

    def document(self) -> str:
        from inception_calc.onnx_run.machine import environment
        from inception_calc.onnx_run.runtime import PROVIDERS
        from inception_calc.report.validation_json import validation_document

        analysis = self.analysis
        head = {
            "name": analysis.name,
            "source": analysis.source,
            "variant": analysis.variant,
            "training": analysis.setting.training,
            "provider": PROVIDERS[self.options.provider],
            "environment": dict(environment(self.options)),
        }
        return validation_document(head, self.proof, self.measured, self.ratio, self.interrupted)

    def keep(self, calibrate: str, scatter: str, roofline: str) -> None:
        """Writes the calibration and the pictures."""
        if self.measured is None:
            return
        measurement, reading = self.measured
        title = title_of(self.analysis)
        if calibrate:
            self._calibrate(Path(calibrate), measurement)
        if scatter or roofline:
            from inception_calc.files.whole import write_files
            from inception_calc.pictures import latency
            from inception_calc.pictures.vega import drawn, suffix_of

            makers = ((scatter, latency.scatter), (roofline, latency.roofline))
            pictures = [(path, make(title, measurement, reading)) for path, make in makers if path]
            write_files([(Path(path), drawn(spec, suffix_of(path))) for path, spec in pictures])

    def _calibrate(self, path: Path, measurement: Measurement) -> None:
        from inception_calc.latency.calibration import calibration_text, with_measurement

        if measurement.interrupted or measurement.noise or measurement.apart:
            noise = f"too noisy: {measurement.noise}" if measurement.noise else measurement.apart
            why = "it was interrupted" if measurement.interrupted else noise
            sys.stderr.write(f"not kept in {visible(str(path))}: {why}\n")
            return
        with whole_file(path, even_if_read=True) as file:  # it gains a network
            file.write(calibration_text(with_measurement(self.calibration, measurement)).encode())

    def exit_code(self) -> int:
        """No wins over undecided (design, section 5); an interruption over both, for nothing is certain then."""
        if self.interrupted:
            return INTERRUPTED
        if (self.proof and self.proof.mismatches) or (self.ratio and self.ratio.verdict == "contradicted"):
            return NO
        noisy = self.measured and self.measured[0].noise
        return (
            UNDECIDED
            if noisy or (self.proof and self.proof.open) or (self.ratio and self.ratio.verdict == "undecided")
            else 0
        )
