"""`inception-calc table`: what does it cost, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from inception_calc.analysis import Analysis, analyze, with_operators
from inception_calc.analysis.metrics import METRICS
from inception_calc.cli import completion
from inception_calc.cli.operators import OpOption, OpsOption, read_operators
from inception_calc.cli.options import (
    BatchOption,
    DtypeOption,
    FormatOption,
    InputsOption,
    NetworkOptions,
    NetworksArgument,
    OutputOption,
    RoundOption,
    SetOption,
    ValueOption,
    check_standard_input,
    choice,
    one_of,
    read_outputs,
    read_setting,
    read_values,
)
from inception_calc.conventions import FILE_TOOLS, TOOLS, TORCH_TOOLS, check_tool, counted_by
from inception_calc.dims import SIDE_SYMBOLS
from inception_calc.problems import InputError, Problem, listed
from inception_calc.report.output import of_tables, write
from inception_calc.report.table import Table
from inception_calc.report.table_json import table_document
from inception_calc.report.view import DEFAULT_COLUMNS, WORDS, View, check_view, columns_named

if TYPE_CHECKING:
    from inception_calc.analysis.in_use import InUse

EXAMPLES = """\b
Examples:
  inception-calc table googlenet
  inception-calc table googlenet@naive --by stage
  inception-calc table specs/googlenet.yaml --input 3x448x448 -f json
  inception-calc table googlenet --by layer --sort multiply_adds --top 5
  inception-calc table resnet50 --by module --depth 2
  inception-calc table vgg_d --columns row,output,receptive_field,peak_activation_bytes,multiply_adds
  inception-calc table googlenet --models 7 --crops 144
  inception-calc table vgg_d --input 3x448x448 --fully-convolutional
  inception-calc table googlenet@torchvision --as fvcore
  inception-calc table model.onnx --as onnx-tool
  inception-calc table googlenet --printed -o markdown:googlenet.md
  inception-calc table googlenet --style paper -f latex -o googlenet.html"""


STYLES = ("default", "paper")
UNITS = ("auto", "exact")


def command(
    specs: NetworksArgument,
    by: Annotated[str, choice("--by", DEFAULT_COLUMNS, "row, module, layer, stage or kind.", "GROUP")] = "row",
    depth: Annotated[
        int | None, typer.Option("--depth", min=1, metavar="N", help="With --by module: how deep.")
    ] = None,
    unfold: Annotated[bool, typer.Option("--unfold", help="With --by module: copies of a block one by one.")] = False,
    columns: Annotated[
        str,
        typer.Option(
            "--columns",
            metavar="A,B,...",
            help=f"Choose and order the columns: {', '.join((*WORDS, *METRICS))}.",
            autocompletion=completion.listed_words(*WORDS, *METRICS),
        ),
    ] = "",
    sort: Annotated[str, choice("--sort", METRICS, "Largest of a column of numbers first.", "COLUMN")] = "",
    top: Annotated[
        int | None, typer.Option("--top", min=1, metavar="N", help="Only the first N lines; totals stay whole.")
    ] = None,
    input: InputsOption = None,  # noqa: A002 - the option's word
    batch: BatchOption = None,
    settings: SetOption = None,
    value: ValueOption = None,
    op: OpOption = None,
    ops: OpsOption = None,
    training: Annotated[
        bool, typer.Option("--training", help="Count the heads that exist in training only, and the backward pass.")
    ] = False,
    round_to: RoundOption = None,
    dtype: DtypeOption = "fp32",
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
        choice(
            "--as",
            TOOLS,
            f"What {listed(TORCH_TOOLS, 'or')} prints, or of a file {listed(FILE_TOOLS, 'or')}, and why.",
            "TOOL",
        ),
    ] = None,
    style: Annotated[
        str, choice("--style", STYLES, "default, or paper: the columns, words and units of papers.", "STYLE")
    ] = "default",
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 where the costs of an ONNX file are known only at least.")
    ] = False,
    units: Annotated[str, choice("--units", UNITS, "auto (128M) or exact.", "UNITS")] = "auto",
    format: FormatOption = "auto",  # noqa: A002 - the option's word
    output: OutputOption = None,
) -> None:
    """What an architecture costs: output sizes, params and multiply-adds, row by row."""
    one_of(by, DEFAULT_COLUMNS, "--by")
    one_of(style, STYLES, "--style")
    one_of(units, UNITS, "--units")
    if as_tool is not None:
        one_of(as_tool, TOOLS, "--as")
    if (depth is not None or unfold) and by != "module":
        raise InputError(Problem("bad-usage", "--depth and --unfold are about modules", None, "write --by module"))
    view = View(by, columns_named(columns, by), sort, top, units, printed, as_tool or "", depth, unfold)
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
    chosen, targets = read_outputs(format, output)
    setting = read_setting(input, batch, settings, training, round_to)
    operators = read_operators(op, ops, specs)
    setting["symbols"] |= read_values(value)

    def costed(spec: str) -> tuple[Analysis, InUse | None]:
        analysis = analyze(
            with_operators(spec, operators), **setting, dtype=dtype, fully_convolutional=fully_convolutional
        )
        if as_tool:
            check_tool(as_tool, analysis)
        if printed or style == "paper" or models * crops > 1:
            analysis.origin.must_be_spec()
        if models * crops == 1 and not fully_convolutional:
            return analysis, None
        from inception_calc.analysis.in_use import InUse, dense_cost, test_time

        dense = None
        if fully_convolutional:
            symbols = {name: value for name, value in setting["symbols"].items() if name not in SIDE_SYMBOLS}
            crop = analysis.default_input.deep(analysis.setting.input.channels)
            of_crop: NetworkOptions = {**setting, "input": crop, "symbols": symbols}
            dense = dense_cost(analysis, analyze(analysis.origin, **of_crop, dtype=dtype))
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
        of_tables(
            tables,
            lambda: table_document([analysis for analysis, _ in costed_specs], view, [use for _, use in costed_specs]),
        ),
        chosen,
        targets,
    )
    if strict:
        must_be_known([analysis for analysis, _ in costed_specs])


def must_be_known(analyses: list[Analysis]) -> None:
    """Ends with 1 where some node of a model is not known, so that its costs are only the least that they can be."""
    open_ones = [analysis for analysis in analyses if (known := analysis.graph.known) is not None and known.gaps]
    if not open_ones:
        return
    from inception_calc.report.problems import problems_text

    what = "not all nodes are known, so that its costs are at least so much"
    said = [Problem("incomplete", f"{analysis.source}: {what}") for analysis in open_ones]
    typer.echo(problems_text(said), err=True, nl=False)
    raise typer.Exit(1)
