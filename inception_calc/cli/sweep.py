"""`inception-calc sweep`: which networks of a whole space fit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from inception_calc.analysis.model import DTYPES
from inception_calc.cli import completion
from inception_calc.cli.options import (
    BYTES_TYPES,
    SPEC_HELP,
    BatchOption,
    InputsOption,
    RoundOption,
    SetOption,
    TrainingOption,
    ValueOption,
    choice,
    format_option,
    one_of,
    read_inputs,
    read_outputs,
    read_settings,
    read_size,
    read_values,
)
from inception_calc.cli.sweeping import answered, rate
from inception_calc.files.whole import check_files, write_files
from inception_calc.pictures.space import space_picture
from inception_calc.pictures.vega import SUFFIXES as PICTURES
from inception_calc.pictures.vega import drawn, require_vega
from inception_calc.problems import InputError, MissingExtra, Problem, Stop
from inception_calc.report.output import ALL_FORMATS
from inception_calc.report.sweep import SHOWN, time_text
from inception_calc.report.sweep_output import LISTS, OWN_FORMATS, SUFFIXES, require_format, write_answer
from inception_calc.sweep.question import COUNTED
from inception_calc.sweep.run import here
from inception_calc.sweep.setup import Setup
from inception_calc.sweep.wording import Wording

EXAMPLES = """\b
Examples:
  inception-calc sweep googlenet --vary "3a.3x3 reduce=16:128:16" --max multiply_adds=1.58G --top 5
  inception-calc sweep googlenet --vary "4*.5x5=32,48,64" --vary size=128:320:32 --pareto -params,multiply_adds
  inception-calc sweep googlenet --vary "*.3x3=64:384:64" --each --max multiply_adds=1.5G --count
  inception-calc sweep googlenet --vary "*.3x3=64:384:32" --each --within params=6M±2% --sample 5 --seed 1
  inception-calc sweep inception_module --vary reduction=16:128:16 --vary variant=default,naive --sort -multiply_adds
  inception-calc sweep googlenet --vary "3?.*3x3*=32:192:32" --each --where "'3x3' >= 2 * '3x3 reduce'" -f csv"""

METRIC_WORDS = completion.words(*(f"{metric}=" for metric in COUNTED))


def command(
    spec: Annotated[
        str, typer.Argument(metavar="[SPEC]", help=f"{SPEC_HELP} Or an ONNX file.", autocompletion=completion.specs)
    ] = "",
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="A sweep file: the question in YAML (`schema sweep`).")
    ] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            "--vary",
            metavar="NAME=VALUES",
            help="A symbol, a cell ROW.COLUMN (a glob binds several), ROW.repeat or variant; 32,48,64 or"
            " FIRST:LAST:STEP. Repeatable.",
            autocompletion=completion.settings,
        ),
    ] = None,
    each: Annotated[bool, typer.Option("--each", help="Cells of a glob vary apart.")] = False,
    most: Annotated[
        list[str] | None,
        typer.Option(
            "--max", metavar="METRIC=NUMBER", help="A limit from above. Repeatable.", autocompletion=METRIC_WORDS
        ),
    ] = None,
    least: Annotated[
        list[str] | None,
        typer.Option(
            "--min", metavar="METRIC=NUMBER", help="A limit from below. Repeatable.", autocompletion=METRIC_WORDS
        ),
    ] = None,
    within: Annotated[
        list[str] | None,
        typer.Option(
            "--within", metavar="METRIC=V±P%", help="Both: params=6M±2%, or 6M+-2%.", autocompletion=METRIC_WORDS
        ),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where", metavar="RELATION", help="Between columns, cells and symbols: \"'3x3' >= 2*'3x3 reduce'\"."
        ),
    ] = None,
    pareto: Annotated[
        str,
        typer.Option(
            "--pareto", metavar="A,B", help="The front: nothing else is as good in all and better in one; -A: the most."
        ),
    ] = "",
    sort: Annotated[str, typer.Option("--sort", metavar="A,B", help="The fewest first; -A: the most first.")] = "",
    top: Annotated[int | None, typer.Option("--top", min=1, metavar="N", help="The first N.")] = None,
    columns: Annotated[
        str,
        typer.Option(
            "--columns", metavar="A,B", help="More metrics to show.", autocompletion=completion.listed_words(*COUNTED)
        ),
    ] = "",
    counting: Annotated[bool, typer.Option("--count", help="Only how many there are, and how many fit.")] = False,
    number: Annotated[
        int | None,
        typer.Option("--sample", min=1, metavar="N", help="N of those that fit, each as likely as any other."),
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, metavar="S", help="Which sample; the same anywhere.")] = (
        None
    ),
    executor: Annotated[
        str,
        typer.Option("--executor", metavar="WHERE", help="dask (a cluster here), or dask:tcp://host:8786 (yours)."),
    ] = "",
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, metavar="N", help="Processes of --executor dask.")
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option("--resume", metavar="FILE", help="Goes on from this checkpoint and keeps it up to date."),
    ] = None,
    input: InputsOption = None,  # noqa: A002 - the option's word
    batch: BatchOption = None,
    settings: SetOption = None,
    value: ValueOption = None,
    training: TrainingOption = False,
    round_to: RoundOption = None,
    dtype: Annotated[str | None, choice("--dtype", DTYPES, BYTES_TYPES, "TYPE")] = None,
    format: Annotated[str, format_option((*ALL_FORMATS, *OWN_FORMATS))] = "auto",  # noqa: A002 - the option's word
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="[FORMAT:]PATH",
            help="Write a file too: lists; folder/, a spec for each network; .svg .png .pdf, the front.",
        ),
    ] = None,
) -> None:
    """Which networks of a space fit: every combination of the values, exactly; how many, the best, the front.

    METRIC is what `table --columns` has; NAME is what `--set` and `solve --over` take.
    """
    require_numpy()
    if dtype is not None:
        one_of(dtype, DTYPES, "--dtype")
    folders = [Path(path) for path in output or () if path.endswith("/") or Path(path).is_dir()]
    pictures = [Path(path) for path in output or () if Path(path).suffix.lower() in PICTURES]
    apart = {*folders, *pictures}
    chosen, targets = read_outputs(
        format, [path for path in output or () if Path(path) not in apart], OWN_FORMATS, SUFFIXES
    )
    if pictures:
        require_vega()
    formats = [chosen, *(target.format for target in targets)]
    for name in formats:
        require_format(name)
    run = here
    if executor or workers is not None:
        from inception_calc.sweep.dask import read_executor

        run = read_executor(executor or "dask", workers)
    given: dict[str, Any] = {
        "spec": spec, "each": each, "pareto": pareto, "sort": sort, "top": top, "columns": columns, "sample": number,
        "seed": seed, "input": read_inputs(input or []), "batch": batch, "training": training, "round_to": round_to,
        "dtype": dtype, "vary": read_varied(vary), "set": read_settings(settings) | read_values(value),
        "max": tuple(most or ()), "min": tuple(least or ()), "within": tuple(within or ()), "where": tuple(where or ()),
    }  # fmt: skip
    check_files([*(target.path for target in targets if target.path != "-"), *map(str, pictures)])
    wording, setup = _worded(file, given, any(name in LISTS for name in formats) or bool(apart))
    if counting and wording.sample is not None:
        raise InputError(Problem("bad-usage", "--count and --sample are two questions", None, "leave one out"))
    if wording.sample is not None and (wording.pareto or wording.sort or wording.top is not None):
        what = "a sample has no order: --sort, --top and --pareto do not go with --sample"
        raise InputError(Problem("bad-usage", what, None, "leave them out"))
    answer, checkpoint = answered(setup, wording, counting, run, resume)
    write_answer(answer, chosen, targets, folders)
    if pictures and answer.fits:
        data = space_picture(answer)
        write_files((path, drawn(data, path.suffix.lower())) for path in pictures)
    if checkpoint is not None:
        checkpoint.remove()
    if counting:
        typer.echo(time_text(answer, rate(setup)), err=True)
    if answer.estimate is not None and answer.estimate.value == 0:
        raise typer.Exit(3)
    if answer.fits == 0:
        raise typer.Exit(1)


def _worded(file: Path | None, given: dict[str, Any], is_listed: bool) -> tuple[Wording, Setup]:
    """The question of the command line, put into a sweep file's where there is one; what it says twice, it says."""
    said: dict[str, Any] = {
        name: one for name, one in given.items() if one or (isinstance(one, int) and one is not False)
    }
    if file is None:
        if not given["spec"]:
            raise InputError(Problem("bad-usage", "a sweep needs a SPEC", None, "inception-calc sweep googlenet ..."))
        wording = Wording(**said)
        return wording, _short(wording, is_listed).setup()
    from inception_calc.sweep.sweep_file import read_sweep_file

    swept = read_sweep_file(file)
    own = swept.wording(read_size)
    for name, one in said.items():
        before = getattr(own, name)
        if isinstance(before, tuple) and name != "input":
            said[name] = (*before, *one)
        elif isinstance(before, dict):
            said[name] = {**before, **one}
    wording = replace(own, **said)
    try:
        return wording, _short(wording, is_listed).setup()
    except Stop as stop:
        raise type(stop)(*map(swept.placed, stop.problems)) from None


def _short(wording: Wording, is_listed: bool) -> Wording:
    """The wording; where only people read the answer, no more networks are kept than a table shows."""
    return wording if is_listed or wording.top is not None or wording.pareto else replace(wording, top=SHOWN)


def read_varied(texts: list[str] | None) -> dict[str, str]:
    """`NAME=VALUES` pairs."""
    varied: dict[str, str] = {}
    for text in texts or ():
        name, equals, values = text.rpartition("=")
        name = name.strip()
        if not equals or not name:
            fix = 'write --vary size=128:320:32 or --vary "3a.3x3=64,96"'
            raise InputError(Problem("bad-value", f"--vary: '{text}' is no NAME=VALUES", None, fix))
        if name in varied:
            raise InputError(Problem("bad-value", f"--vary: '{name}' stands twice", None, "write its values together"))
        varied[name] = values
    return varied


def require_numpy() -> None:
    """Raises `MissingExtra` where numpy is not installed."""
    try:
        import numpy  # noqa: F401
    except ImportError:
        what = "a sweep needs numpy, which is not installed"
        raise MissingExtra(Problem("missing-extra", what, None, "pip install 'inception-calc[sweep]'")) from None
