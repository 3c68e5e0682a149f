"""`inception-calc solve`: what fits."""

from typing import Annotated, Any

import typer

from inception_calc.analysis.analyze import source_of
from inception_calc.cli import completion
from inception_calc.cli.operators import OpOption, OpsOption, read_operators
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
    not_both,
    read_inputs,
    read_outputs,
    read_settings,
    read_values,
)
from inception_calc.problems import InputError, Problem
from inception_calc.report.output import of_tables, write
from inception_calc.report.solve import front_document, front_table, solution_document, solution_table
from inception_calc.solve import front, read_limit, solve
from inception_calc.solve.limit import LIMITABLE
from inception_calc.solve.model import FOUND

EXAMPLES = """\b
Examples:
  inception-calc solve googlenet --max multiply_adds=1.5G --over size
  inception-calc solve googlenet --min multiply_adds=3G --over size
  inception-calc solve googlenet --over size
  inception-calc solve googlenet --max peak_activation_bytes=8MiB --over size
  inception-calc solve googlenet --max multiply_adds=1G --over size,width_multiplier
  inception-calc solve googlenet --max multiply_adds=1G --max params=5M --over width_multiplier
  inception-calc solve mobilenet_v2 --max multiply_adds=200M --over width_multiplier --round 8
  inception-calc solve model.onnx --max multiply_adds=10G --over batch --set height=32 --set width=32
  inception-calc solve googlenet --max multiply_adds=1.5G --over "3a.3x3 reduce" -f json"""


def command(
    spec: OneNetworkArgument,
    over: Annotated[
        str,
        typer.Option(
            "--over",
            metavar="NAME",
            help="size, width_multiplier, batch, a symbol, or a cell, ROW.COLUMN; of an ONNX file a free size; "
            "two of them, A,B, for the front.",
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
    input: InputsOption = None,  # noqa: A002 - the option's word
    batch: BatchOption = None,
    settings: SetOption = None,
    value: ValueOption = None,
    op: OpOption = None,
    ops: OpsOption = None,
    training: TrainingOption = False,
    round_to: RoundOption = None,
    format: FormatOption = "auto",  # noqa: A002 - the option's word
    output: OutputOption = None,
) -> None:
    """What fits: the largest size, batch, width or filter count under --max, the smallest under --min, exactly.

    Under both it is the range; without any limit, the smallest value at which the network can be built.
    """
    limits = [*(read_limit(text) for text in most or ()), *(read_limit(text, least=True) for text in least or ())]
    names = [name.strip() for name in over.split(",")]
    if len(names) > 2 or not all(names):
        raise InputError(Problem("bad-usage", f"--over: '{over}' is no symbol or two", None, "--over size,batch"))
    chosen, targets = read_outputs(format, output)
    numbers = read_settings(settings) | read_values(value)
    origin = source_of(spec).told(read_operators(op, ops, [spec]))
    if batch is not None:
        numbers[origin.batch or "batch"] = str(batch)
    not_both(names, numbers, "--over")
    setting: dict[str, Any] = {
        "symbols": numbers, "input": read_inputs(input or []), "training": training, "round_to": round_to,
    }  # fmt: skip
    if len(names) == 2:
        found = front(origin, (names[0], names[1]), limits, **setting)
        write(of_tables(lambda: [front_table(found)], lambda: front_document(found)), chosen, targets)
        if not found.pairs:
            raise typer.Exit(1)
        return
    solution = solve(origin, names[0], limits, **setting)
    write(of_tables(lambda: [solution_table(solution)], lambda: solution_document(solution)), chosen, targets)
    if solution.status != FOUND:
        raise typer.Exit(1)
