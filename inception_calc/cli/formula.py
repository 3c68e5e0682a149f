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
    read_settings,
    read_size,
)
from inception_calc.formula import closed_forms, default_free, differences, sensitivities
from inception_calc.problems import InputError, Problem, listed, nearest
from inception_calc.report.formula import FORMATS, Answer
from inception_calc.report.output import write
from inception_calc.report.pages import Page, read_page_format, read_page_target
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
    by: Annotated[str, typer.Option("--by", metavar="GROUP", help="total, row or layer.")] = "row",
    settings: SetOption = None,
    input: InputOption = None,  # noqa: A002 - the option's word
    training: TrainingOption = False,
    format: Annotated[  # noqa: A002 - the option's word
        str, typer.Option("--format", "-f", metavar="FORMAT", help="text, markdown, latex, python or json.")
    ] = "auto",
    output: OutputOption = None,
) -> None:
    """How cost grows: closed forms of params and multiply-adds in any symbols, exact for every value."""
    if len(specs) > 2:
        raise InputError(Problem("bad-usage", "one spec, or two to compare", None, "leave the others out"))
    if by not in GROUPS:
        raise InputError(Problem("bad-usage", f"--by: '{by}' is none of {listed(GROUPS)}", None, nearest(by, GROUPS)))
    check_standard_input(specs)
    formats = tuple(FORMATS)
    chosen, targets = read_page_format(format, formats), [read_page_target(one, formats) for one in output or ()]
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
