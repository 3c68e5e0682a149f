"""`inception-calc explain`: where does this number come from."""

from typing import Annotated

import typer

from inception_calc.analysis import analyze, with_operators
from inception_calc.cli.operators import OpOption, OpsOption, read_operators
from inception_calc.cli.options import (
    BatchOption,
    InputsOption,
    OneNetworkArgument,
    OutputOption,
    RoundOption,
    RowArgument,
    SetOption,
    TrainingOption,
    ValueOption,
    format_option,
    read_setting,
    read_values,
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
  inception-calc explain googlenet "3a/5x5" --symbolic
  inception-calc explain model.onnx conv1"""


def command(
    spec: OneNetworkArgument,
    name: RowArgument = "",
    symbolic: Annotated[bool, typer.Option("--symbolic", help="Keep the names; do not put numbers in.")] = False,
    input: InputsOption = None,  # noqa: A002 - the option's word
    batch: BatchOption = None,
    settings: SetOption = None,
    value: ValueOption = None,
    op: OpOption = None,
    ops: OpsOption = None,
    training: TrainingOption = False,
    round_to: RoundOption = None,
    format: Annotated[str, format_option(FORMATS)] = "auto",  # noqa: A002 - the option's word
    output: OutputOption = None,
) -> None:
    """Where a number comes from: the formula, then with numbers, then the value."""
    chosen, targets = read_page_outputs(format, output, FORMATS)
    setting = read_setting(input or [], batch, settings, training, round_to)
    setting["symbols"] |= read_values(value)
    network = with_operators(spec, read_operators(op, ops, [spec]))
    found = explain(analyze(network, **setting), name)
    drawing = page(
        {
            "text": lambda screen: folded(text(found, symbolic, screen.line), screen),
            "markdown": lambda _: markdown_text(found, symbolic),
            "json": lambda _: document(found),
        }
    )
    write(drawing, chosen, targets)
