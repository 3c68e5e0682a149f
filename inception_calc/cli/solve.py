"""`inception-calc solve`: what fits."""

from typing import Annotated

import typer

from inception_calc.analysis.analyze import sizes_judged
from inception_calc.cli import completion
from inception_calc.cli.options import (
    BatchOption,
    FormatOption,
    InputOption,
    OneSpecArgument,
    OutputOption,
    RoundOption,
    SetOption,
    TrainingOption,
    not_both,
    read_outputs,
    read_settings,
    read_size,
)
from inception_calc.problems import InputError, Problem
from inception_calc.report.output import of_tables, write
from inception_calc.report.solve import solution_document, solution_table
from inception_calc.solve import read_limit, solve
from inception_calc.solve.limit import LIMITABLE
from inception_calc.solve.model import FOUND
from inception_calc.spec_file import load

EXAMPLES = """\b
Examples:
  inception-calc solve googlenet --max multiply_adds=1.5G --over size
  inception-calc solve googlenet --max multiply_adds=1G --max params=5M --over width_multiplier
  inception-calc solve mobilenet_v2 --max multiply_adds=200M --over width_multiplier --round 8
  inception-calc solve googlenet --max multiply_adds=1.5G --over "3a.3x3 reduce" -f json"""


def command(
    spec: OneSpecArgument,
    over: Annotated[
        str,
        typer.Option(
            "--over",
            metavar="NAME",
            help="size, width_multiplier, batch, a symbol, or a cell: ROW.COLUMN.",
            autocompletion=completion.symbols,
        ),
    ],
    most: Annotated[
        list[str] | None,
        typer.Option(
            "--max",
            metavar="METRIC=NUMBER",
            help=f"A limit from above, 1.5G. Repeatable. METRIC is {', '.join(LIMITABLE)}.",
            autocompletion=completion.words(*(f"{metric}=" for metric in LIMITABLE)),
        ),
    ] = None,
    least: Annotated[
        list[str] | None,
        typer.Option(
            "--min",
            metavar="METRIC=NUMBER",
            help="A limit from below. Repeatable.",
            autocompletion=completion.words(*(f"{metric}=" for metric in LIMITABLE)),
        ),
    ] = None,
    input: InputOption = None,  # noqa: A002 - the option's word
    batch: BatchOption = None,
    settings: SetOption = None,
    training: TrainingOption = False,
    round_to: RoundOption = None,
    format: FormatOption = "auto",  # noqa: A002 - the option's word
    output: OutputOption = None,
) -> None:
    """What fits: the largest size, batch, width or filter count within limits, exactly."""
    limits = [*(read_limit(text) for text in most or ()), *(read_limit(text, least=True) for text in least or ())]
    if not limits:
        raise InputError(Problem("no-limit", "nothing is limited", None, "write --max multiply_adds=1.5G"))
    chosen, targets = read_outputs(format, output)
    numbers = read_settings(settings)
    if batch is not None:
        numbers["batch"] = str(batch)
    not_both([over], numbers, "--over")
    with sizes_judged():
        loaded = load(spec)
    solution = solve(
        loaded,
        over,
        limits,
        symbols=numbers,
        input=read_size(input),
        training=training,
        round_to=round_to,
    )
    write(of_tables(lambda: [solution_table(solution)], lambda: solution_document(solution)), chosen, targets)
    if solution.status != FOUND:
        raise typer.Exit(1)
