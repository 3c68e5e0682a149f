"""`inception-calc sweep`: which networks of a whole space fit."""

from typing import Annotated

import typer

from inception_calc.analysis.analyze import source_of
from inception_calc.analysis.model import DTYPES
from inception_calc.analysis.spec_source import SpecSource, sizes_judged, spec_behind
from inception_calc.cli import completion
from inception_calc.cli.options import (
    BatchOption,
    InputsOption,
    OneSpecArgument,
    OutputOption,
    RoundOption,
    SetOption,
    TrainingOption,
    ValueOption,
    format_option,
    not_both,
    one_of,
    read_inputs,
    read_outputs,
    read_settings,
    read_values,
)
from inception_calc.graph import Source
from inception_calc.problems import InputError, MissingExtra, Problem
from inception_calc.report.output import ALL_FORMATS
from inception_calc.report.sweep_output import OWN_FORMATS, SUFFIXES, write_answer
from inception_calc.solve import Limit, read_limit
from inception_calc.spec_file.load import load_text
from inception_calc.sweep.axes import VARIANT, Names, read_axes
from inception_calc.sweep.question import COUNTED, Question, read_keys, read_metric, read_relation, read_within
from inception_calc.sweep.run import sweep
from inception_calc.sweep.setup import set_up

EXAMPLES = """\b
Examples:
  inception-calc sweep googlenet --vary "3a.3x3 reduce=16:128:16" --max multiply_adds=1.58G --top 5
  inception-calc sweep googlenet --vary "4*.5x5=32,48,64" --vary size=128:320:32 --pareto -params,multiply_adds
  inception-calc sweep googlenet --vary "*.3x3=64:384:32" --each --max multiply_adds=1.5G --count
  inception-calc sweep inception_module --vary reduction=16:128:16 --vary variant=default,naive --sort -multiply_adds
  inception-calc sweep googlenet --vary "3?.*3x3*=32:192:32" --each --where "'3x3' >= 2 * '3x3 reduce'" -f csv"""

METRIC_WORDS = completion.words(*(f"{metric}=" for metric in COUNTED))


def command(
    spec: OneSpecArgument,
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
    count: Annotated[bool, typer.Option("--count", help="Only how many there are, and how many fit.")] = False,
    input: InputsOption = None,  # noqa: A002 - the option's word
    batch: BatchOption = None,
    settings: SetOption = None,
    value: ValueOption = None,
    training: TrainingOption = False,
    round_to: RoundOption = None,
    dtype: Annotated[str, typer.Option("--dtype", metavar="TYPE", help="fp32, fp16, bf16 or int8.")] = "fp32",
    format: Annotated[str, format_option((*ALL_FORMATS, *OWN_FORMATS))] = "auto",  # noqa: A002 - the option's word
    output: OutputOption = None,
) -> None:
    """Which networks of a space fit: every combination of the values, exactly; how many, the best, the front.

    METRIC is what `table --columns` has; NAME is what `--set` and `solve --over` take.
    """
    require_numpy()
    one_of(dtype, DTYPES, "--dtype")
    asked = Question(
        limits_of(most, least, within),
        tuple(read_relation(text) for text in where or ()),
        tuple(read_metric(name.strip(), "--columns") for name in columns.split(",")) if columns else (),
        read_keys(sort, "--sort") if sort else (),
        read_keys(pareto, "--pareto") if pareto else (),
        top,
    )
    chosen, targets = read_outputs(format, output, OWN_FORMATS, SUFFIXES)
    varied = read_varied(vary)
    numbers = read_settings(settings)
    for name, number in numbers.items():
        if number is None:
            raise InputError(Problem("bad-usage", f"--set {name}=: a sweep needs numbers", None, f"--vary {name}=1:9"))
    numbers |= read_values(value)
    size = read_inputs(input or [])
    first = source_of(spec)
    if batch is not None:
        numbers[first.batch or "batch"] = str(batch)
    axes = read_axes(varied, Names.of(first), each=each)
    not_both((target for axis in axes for target in axis.targets), numbers, "--vary")
    sources = sources_of(first, next((list(map(str, axis.values)) for axis in axes if axis.kind == VARIANT), []))
    setup = set_up(sources, axes, asked, symbols=numbers, input=size, training=training, round_to=round_to, dtype=dtype)
    answer = sweep(setup, counting=count)
    write_answer(answer, chosen, targets)
    if answer.found.fit == 0:
        raise typer.Exit(1)


def limits_of(most: list[str] | None, least: list[str] | None, within: list[str] | None) -> tuple[Limit, ...]:
    """The limits that options state."""
    return (
        *(read_limit(text, known=COUNTED, command="sweep") for text in most or ()),
        *(read_limit(text, least=True, known=COUNTED, command="sweep") for text in least or ()),
        *(limit for text in within or () for limit in read_within(text)),
    )


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


def sources_of(first: Source, variants: list[str]) -> dict[str, Source]:
    """The network, or the variants of its spec where they vary."""
    spec = spec_behind(first)
    if not variants or spec is None:
        return {first.variant: first}
    with sizes_judged():
        return {variant: SpecSource(load_text(spec.origin, variant)) for variant in variants}


def require_numpy() -> None:
    """Raises `MissingExtra` where numpy is not installed."""
    try:
        import numpy  # noqa: F401
    except ImportError:
        what = "a sweep needs numpy, which is not installed"
        raise MissingExtra(Problem("missing-extra", what, None, "pip install 'inception-calc[sweep]'")) from None
