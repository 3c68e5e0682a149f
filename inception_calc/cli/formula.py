"""`inception-calc formula`: how does cost grow."""

from typing import Annotated

import typer

from inception_calc.analysis.analyze import source_of
from inception_calc.cli import completion
from inception_calc.cli.operators import OpOption, OpsOption, read_operators
from inception_calc.cli.options import (
    InputsOption,
    OutputOption,
    SetOption,
    TrainingOption,
    ValueOption,
    check_standard_input,
    choice,
    format_option,
    not_both,
    one_of,
    read_inputs,
    read_settings,
    read_values,
)
from inception_calc.dims import SIDE_SYMBOLS
from inception_calc.formula import closed_forms, default_question, differences, sensitivities
from inception_calc.graph import Source
from inception_calc.problems import InputError, Problem
from inception_calc.report.formula import Answer, markdown_text, text
from inception_calc.report.formula_programs import document, latex, python
from inception_calc.report.output import write
from inception_calc.report.pages import page, read_page_outputs

EXAMPLES = """\b
Examples:
  inception-calc formula googlenet --free width_multiplier
  inception-calc formula googlenet --free size,width_multiplier,batch --assume "size % 32 == 0"
  inception-calc formula googlenet --free "3a.3x3 reduce" -f json
  inception-calc formula model.onnx --free batch
  inception-calc formula inception_module@naive inception_module --free reduction"""

GROUPS = ("total", "row", "layer")
FORMATS = ("text", "markdown", "latex", "python", "json")
SpecsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="SPEC [SPEC]",
        help="One spec or ONNX file, or two to compare, each with @variant.",
        autocompletion=completion.specs,
    ),
]


def command(
    specs: SpecsArgument,
    free: Annotated[
        str,
        typer.Option(
            "--free",
            metavar="A,B,...",
            help="Symbols and cells (3a.3x3 reduce) to leave free; of an ONNX file its free sizes.",
            autocompletion=completion.listed_symbols,
        ),
    ] = "",
    assume: Annotated[
        list[str] | None, typer.Option("--assume", metavar="EQUATION", help="'size % 32 == 0'. Repeatable.")
    ] = None,
    by: Annotated[str, choice("--by", GROUPS, "total, row or layer.", "GROUP")] = "row",
    settings: SetOption = None,
    input: InputsOption = None,  # noqa: A002 - the option's word
    value: ValueOption = None,
    op: OpOption = None,
    ops: OpsOption = None,
    training: TrainingOption = False,
    format: Annotated[str, format_option(FORMATS)] = "auto",  # noqa: A002 - the option's word
    output: OutputOption = None,
) -> None:
    """How cost grows: closed forms of params and multiply-adds in any symbols, exact for every value."""
    if len(specs) > 2:
        raise InputError(Problem("bad-usage", "one spec, or two to compare", None, "leave the others out"))
    one_of(by, GROUPS, "--by")
    check_standard_input(specs)
    chosen, targets = read_page_outputs(format, output, FORMATS)
    size, numbers = read_inputs(input or []), read_settings(settings) | read_values(value)
    operators = read_operators(op, ops, specs)
    origins = [source_of(spec).told(operators) for spec in specs]
    names = tuple(name for name in (part.strip() for part in free.split(",")) if name)
    not_both(names, numbers, "--free")
    names += tuple(name for name, value in numbers.items() if value is None)
    assumed = tuple(assume or ())
    if not names:
        names, by_default = default_question(origins, size is not None or any(name in numbers for name in SIDE_SYMBOLS))
        names = tuple(name for name in names if name not in numbers)
        assumed = assumed or by_default
    anywhere = {name for origin in origins for name in origin.symbols}

    def asked(origin: Source) -> tuple[str, ...]:
        """The names that a network is asked about: of two ONNX files each has names of its own."""
        return tuple(name for name in names if origin.is_spec or name in origin.symbols or name not in anywhere)

    forms = [
        closed_forms(spec, asked(spec), assumed, symbols=numbers, input=size, training=training) for spec in origins
    ]
    answer = Answer(
        forms,
        by,
        sensitivities(origins[0], numbers, size, training) if len(origins) == 1 else (),
        differences(*forms) if len(forms) == 2 else (),
    )
    drawing = page(
        {
            "text": lambda screen: text(answer, screen),
            "markdown": lambda _: markdown_text(answer),
            "latex": lambda _: latex(answer),
            "python": lambda _: python(answer),
            "json": lambda _: document(answer),
        }
    )
    write(drawing, chosen, targets)
