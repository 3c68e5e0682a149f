"""`inception-calc explain`: where does this number come from."""

from typing import Annotated

import typer

from inception_calc.analysis import analyze
from inception_calc.cli.options import (
    BatchOption,
    InputOption,
    OneSpecArgument,
    OutputOption,
    RoundOption,
    RowArgument,
    SetOption,
    TrainingOption,
    format_option,
    read_setting,
)
from inception_calc.explain import explain
from inception_calc.report.explain import FORMATS, document, markdown_text, text
from inception_calc.report.fold import folded
from inception_calc.report.output import write
from inception_calc.report.pages import page, read_page_outputs

EXAMPLES = """\b
Examples:
  inception-calc explain googlenet "3a/5x5"
  inception-calc explain googlenet 3a
  inception-calc explain inception_module@naive module
  inception-calc explain googlenet "3a/5x5" --symbolic"""


def command(
    spec: OneSpecArgument,
    name: RowArgument = "",
    symbolic: Annotated[bool, typer.Option("--symbolic", help="Keep the names; do not put numbers in.")] = False,
    input: InputOption = None,  # noqa: A002 - the option's word
    batch: BatchOption = None,
    settings: SetOption = None,
    training: TrainingOption = False,
    round_to: RoundOption = None,
    format: Annotated[str, format_option(FORMATS)] = "auto",  # noqa: A002 - the option's word
    output: OutputOption = None,
) -> None:
    """Where a number comes from: the formula, then with numbers, then the value."""
    chosen, targets = read_page_outputs(format, output, FORMATS)
    found = explain(analyze(spec, **read_setting(input, batch, settings, training, round_to)), name)
    drawing = page(
        {
            "text": lambda screen: folded(text(found, symbolic, screen.line), screen),
            "markdown": lambda _: markdown_text(found, symbolic),
            "json": lambda _: document(found),
        }
    )
    write(drawing, chosen, targets)
