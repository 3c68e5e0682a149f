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
    read_settings,
    read_size,
)
from inception_calc.explain import explain
from inception_calc.report.explain import FORMATS, document, markdown_text, text
from inception_calc.report.output import write
from inception_calc.report.pages import Page, read_page_format, read_page_target

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
    format: Annotated[  # noqa: A002 - the option's word
        str, typer.Option("--format", "-f", metavar="FORMAT", help="text, markdown or json.")
    ] = "auto",
    output: OutputOption = None,
) -> None:
    """Where a number comes from: the formula, then with numbers, then the value."""
    chosen, targets = read_page_format(format, FORMATS), [read_page_target(one, FORMATS) for one in output or ()]
    analysis = analyze(
        spec,
        input=read_size(input),
        batch=batch,
        symbols=read_settings(settings),
        training=training,
        round_to=round_to,
    )
    found = explain(analysis, name)
    page = Page(
        {
            "text": lambda: text(found, symbolic),
            "markdown": lambda: markdown_text(found, symbolic),
            "json": lambda: document(found),
        }
    )
    write(page, chosen, targets)
