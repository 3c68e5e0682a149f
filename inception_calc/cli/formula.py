"""`inception-calc formula`: how does cost grow."""

from functools import partial
from typing import Annotated

import typer

from inception_calc.cli import completion
from inception_calc.cli.options import (
    InputOption,
    OutputOption,
    SetOption,
    TrainingOption,
    check_standard_input,
    choice,
    format_option,
    one_of,
    read_settings,
    read_size,
)
from inception_calc.formula import closed_forms, default_free, differences, sensitivities
from inception_calc.problems import InputError, Problem
from inception_calc.report.formula import FORMATS, Answer
from inception_calc.report.output import write
from inception_calc.report.pages import Page, read_page_outputs
from inception_calc.spec_file import load

EXAMPLES = """\b
Examples:
  inception-calc formula googlenet --free width_multiplier
  inception-calc formula googlenet --free size,width_multiplier,batch --assume "size % 32 == 0"
  inception-calc formula googlenet --free "3a.3x3 reduce" -f json
  inception-calc formula inception_module@naive inception_module --free reduction"""

GROUPS = ("total", "row", "layer")
SpecsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="SPEC [SPEC]",
        help="One spec, or two to compare, each with @variant.",
        autocompletion=completion.specs,
    ),
]


def command(
    specs: SpecsArgument,
    free: Annotated[
        str, typer.Option("--free", metavar="A,B,...", help="Symbols and cells (3a.3x3 reduce) to leave free.")
    ] = "",
    assume: Annotated[
        list[str] | None, typer.Option("--assume", metavar="EQUATION", help="'size % 32 == 0'. Repeatable.")
    ] = None,
    by: Annotated[str, choice("--by", GROUPS, "total, row or layer.", "GROUP")] = "row",
    settings: SetOption = None,
    input: InputOption = None,  # noqa: A002 - the option's word
    training: TrainingOption = False,
    format: Annotated[str, format_option(FORMATS)] = "auto",  # noqa: A002 - the option's word
    output: OutputOption = None,
) -> None:
    """How cost grows: closed forms of params and multiply-adds in any symbols, exact for every value."""
    if len(specs) > 2:
        raise InputError(Problem("bad-usage", "one spec, or two to compare", None, "leave the others out"))
    one_of(by, GROUPS, "--by")
    check_standard_input(specs)
    chosen, targets = read_page_outputs(format, output, tuple(FORMATS))
    size, numbers = read_size(input), read_settings(settings)
    loaded = [load(spec) for spec in specs]
    names = [name for name in (part.strip() for part in free.split(",")) if name]
    names += [name for name, value in numbers.items() if value is None]
    if not names:
        names = list(default_free(loaded[0], size))
    forms = [
        closed_forms(spec, names, assume or (), settings=numbers, input=size, training=training) for spec in loaded
    ]
    answer = Answer(
        forms,
        by,
        sensitivities(loaded[0], numbers, size, training) if len(loaded) == 1 else (),
        differences(*forms) if len(forms) == 2 else (),
    )
    write(Page({name: partial(make, answer) for name, make in FORMATS.items()}), chosen, targets)
