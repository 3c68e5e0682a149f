"""`inception-calc table`: what does it cost, row by row."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from inception_calc.analysis import DTYPES, Analysis, analyze
from inception_calc.analysis.metrics import METRICS
from inception_calc.analysis.protocol import InUse, dense_cost, test_time
from inception_calc.cli import completion
from inception_calc.cli.options import (
    BatchOption,
    FormatOption,
    InputOption,
    OutputOption,
    RoundOption,
    SetOption,
    SpecArgument,
    check_standard_input,
    one_of,
    read_settings,
    read_size,
)
from inception_calc.conventions import TOOLS, counted_by
from inception_calc.problems import InputError, Problem
from inception_calc.report.output import Drawing, read_format, read_target, write
from inception_calc.report.table import Table
from inception_calc.report.table_json import table_document
from inception_calc.report.view import DEFAULT_COLUMNS, WORDS, View, check_view, columns_named

EXAMPLES = """\b
Examples:
  inception-calc table googlenet
  inception-calc table googlenet@naive --by stage
  inception-calc table specs/googlenet.yaml --input 3x448x448 -f json
  inception-calc table googlenet --by layer --sort multiply_adds --top 5
  inception-calc table vgg_d --columns row,output,receptive_field,peak_activation_bytes,multiply_adds
  inception-calc table googlenet --models 7 --crops 144
  inception-calc table vgg_d --input 3x448x448 --fully-convolutional
  inception-calc table googlenet@torchvision --as fvcore
  inception-calc table googlenet --printed -o markdown:googlenet.md
  inception-calc table googlenet --style paper -f latex -o googlenet.html"""


STYLES = ("default", "paper")
UNITS = ("auto", "exact")


def command(
    specs: SpecArgument,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="GROUP",
            help="row, layer, stage or kind.",
            autocompletion=completion.words(*DEFAULT_COLUMNS),
        ),
    ] = "row",
    columns: Annotated[
        str,
        typer.Option(
            "--columns",
            metavar="A,B,...",
            help=f"Choose and order the columns: {', '.join((*WORDS, *METRICS))}.",
            autocompletion=completion.listed_words(*WORDS, *METRICS),
        ),
    ] = "",
    sort: Annotated[
        str,
        typer.Option(
            "--sort",
            metavar="COLUMN",
            help="Largest of a column of numbers first.",
            autocompletion=completion.words(*METRICS),
        ),
    ] = "",
    top: Annotated[
        int | None, typer.Option("--top", min=1, metavar="N", help="Only the first N lines; totals stay whole.")
    ] = None,
    input: InputOption = None,  # noqa: A002 - the option's word
    batch: BatchOption = None,
    settings: SetOption = None,
    training: Annotated[
        bool, typer.Option("--training", help="Count the heads that exist in training only, and the backward pass.")
    ] = False,
    round_to: RoundOption = None,
    dtype: Annotated[
        str,
        typer.Option(
            "--dtype",
            metavar="TYPE",
            help="fp32, fp16, bf16, int8: for bytes.",
            autocompletion=completion.words(*DTYPES),
        ),
    ] = "fp32",
    fully_convolutional: Annotated[
        bool, typer.Option("--fully-convolutional", help="Read linear layers as windows: larger input, larger output.")
    ] = False,
    models: Annotated[
        int, typer.Option("--models", min=1, metavar="N", help="Networks of an ensemble, for test time.")
    ] = 1,
    crops: Annotated[
        int, typer.Option("--crops", min=1, metavar="N", help="Crops of a test image, for test time.")
    ] = 1,
    printed: Annotated[bool, typer.Option("--printed", help="The source's own numbers beside ours.")] = False,
    as_tool: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="TOOL",
            help="What fvcore, thop, ptflops, torchinfo or torchprofile prints, and why.",
            autocompletion=completion.words(*TOOLS),
        ),
    ] = None,
    style: Annotated[
        str,
        typer.Option(
            "--style",
            metavar="STYLE",
            help="default, or paper: the columns, words and units of papers.",
            autocompletion=completion.words(*STYLES),
        ),
    ] = "default",
    units: Annotated[
        str,
        typer.Option("--units", metavar="UNITS", help="auto (128M) or exact.", autocompletion=completion.words(*UNITS)),
    ] = "auto",
    format: FormatOption = "auto",  # noqa: A002 - the option's word
    output: OutputOption = None,
) -> None:
    """What an architecture costs: output sizes, params and multiply-adds, row by row."""
    one_of(by, DEFAULT_COLUMNS, "--by")
    one_of(style, STYLES, "--style")
    one_of(units, UNITS, "--units")
    if as_tool is not None:
        one_of(as_tool, TOOLS, "--as")
    view = View(by, columns_named(columns, by), sort, top, units, printed, as_tool or "")
    check_view(view)
    if as_tool and (columns or printed or style == "paper"):
        raise InputError(
            Problem("bad-usage", "--as has its own columns", None, "leave --columns, --printed and --style out")
        )
    if as_tool and models * crops > 1:
        raise InputError(Problem("bad-usage", "--as counts one pass", None, "leave --models and --crops out"))
    if style == "paper" and (by != "row" or columns):
        raise InputError(
            Problem("bad-usage", "--style paper has its own rows and columns", None, "leave --by and --columns out")
        )
    check_standard_input(specs)
    chosen, targets = read_format(format), [read_target(text) for text in output or ()]
    size, symbols = read_size(input), read_settings(settings)

    def costed(spec: str) -> tuple[Analysis, InUse]:
        shared: dict[str, Any] = {"training": training, "round_to": round_to, "dtype": dtype, "batch": batch}
        analysis = analyze(spec, input=size, symbols=symbols, fully_convolutional=fully_convolutional, **shared)
        dense = None
        if fully_convolutional:
            of_crop = {name: value for name, value in symbols.items() if name not in ("size", "height", "width")}
            crop = analysis.default_input._replace(channels=analysis.setting.input.channels)
            dense = dense_cost(analysis, analyze(analysis.loaded, input=crop, symbols=of_crop, **shared))
        return analysis, InUse(test_time(analysis, models, crops) if models * crops > 1 else None, dense)

    costed_specs = [costed(spec) for spec in specs]

    def tables() -> list[Table]:
        from inception_calc.report.cost_table import cost_table, title_of
        from inception_calc.report.paper import paper_table

        if as_tool:
            from inception_calc.report.convention import convention_table

            analyses = [analysis for analysis, _ in costed_specs]
            return [convention_table(counted_by(as_tool, each), view, title_of(each)) for each in analyses]
        make = paper_table if style == "paper" else cost_table
        return [make(analysis, view, in_use) for analysis, in_use in costed_specs]

    write(
        Drawing(
            tables,
            lambda: table_document([analysis for analysis, _ in costed_specs], view, [use for _, use in costed_specs]),
        ),
        chosen,
        targets,
    )
