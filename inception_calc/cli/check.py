"""`inception-calc check`: does it fit the budget."""

import datetime
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from inception_calc.analysis.incomplete import is_complete
from inception_calc.analysis.model import DTYPES
from inception_calc.budget import Budgets, Report, check, find_file, read_file
from inception_calc.budget.flags import budgets_from_flags
from inception_calc.budget.read import missing_file
from inception_calc.budget.tighten import tighten
from inception_calc.cli import completion
from inception_calc.cli.guard import say
from inception_calc.cli.operators import OpOption, OpsOption, read_operators
from inception_calc.cli.options import (
    BatchOption,
    OutputOption,
    SetOption,
    TrainingOption,
    ValueOption,
    check_standard_input,
    format_option,
    one_of,
    read_outputs,
    read_settings,
    read_values,
)
from inception_calc.files.whole import append_whole
from inception_calc.problems import InputError, Problem, listed
from inception_calc.report.output import ALL_FORMATS, Drawing, of_tables, write
from inception_calc.report.screen import Screen
from inception_calc.report.table import Table
from inception_calc.report.text import visible

EXAMPLES = """\b
Examples:
  inception-calc check googlenet --max multiply_adds=1.6G --max params=7M
  inception-calc check googlenet --input '3x{128..448}x{128..448}' --max multiply_adds=6.4G
  inception-calc check models/*.onnx --max params=10M
  inception-calc check resnet50@default --max param_bytes=103MB --dtype fp32 -f json"""

OWN_FORMATS = ("github", "sarif", "junit")
FORMATS = (*ALL_FORMATS, *OWN_FORMATS)


def command(
    specs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SPEC...]",
            help="Only these specs and ONNX files; with --max or --max-change any SPEC, or a glob of files in quotes.",
            autocompletion=completion.specs,
        ),
    ] = None,
    budget_file: Annotated[
        str | None, typer.Option("--budgets", metavar="FILE", help="A budget file; else the one found upwards.")
    ] = None,
    base: Annotated[
        str | None, typer.Option("--base", metavar="REF", help="Compare with the merge base with this revision.")
    ] = None,
    limits: Annotated[
        list[str] | None, typer.Option("--max", metavar="METRIC=LIMIT", help="A limit without a file. Repeatable.")
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--max-change", metavar="METRIC=+RISE", help="An allowed rise over the base. Repeatable."),
    ] = None,
    input: Annotated[  # noqa: A002 - the option's word
        list[str] | None,
        typer.Option(
            "--input",
            metavar="[NAME=]SIZE",
            help="For --max: 3x299x299, or 3x{128..448}x{128..448}. Of an ONNX file all axes: 1x3x299x299, ids=1x64.",
        ),
    ] = None,
    batch: BatchOption = None,
    settings: SetOption = None,
    value: ValueOption = None,
    op: OpOption = None,
    ops: OpsOption = None,
    training: TrainingOption = False,
    dtype: Annotated[str, typer.Option("--dtype", metavar="TYPE", help=f"For --max: {listed(DTYPES, 'or')}.")] = "fp32",
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 and not 3 where a model is known only at least.")
    ] = False,
    tighten_limits: Annotated[
        bool, typer.Option("--tighten", help="Rewrite limits that are looser than their budget's slack.")
    ] = False,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day that waivers are judged on; else today (UTC).")
    ] = None,
    format: Annotated[str, format_option(FORMATS)] = "auto",  # noqa: A002 - the option's word
    output: OutputOption = None,
) -> None:
    """Do architectures fit their budgets: absolute ones, and ones against the merge base, in one verdict.

    Budgets stand in inception-calc.yaml (`inception-calc init` writes one), or in --max and --max-change.
    """
    chosen, targets = read_outputs(format, output, OWN_FORMATS)
    one_of(dtype, DTYPES, "--dtype")
    today = read_day(on)
    setting = {
        "batch": batch,
        "set": read_settings(settings) | read_values(value),
        "training": training,
        "dtype": dtype,
        "operators": read_operators(op, ops, list(specs or ())),
    }
    if tighten_limits and (specs or limits or changes):
        fix = "inception-calc check --tighten"
        raise InputError(Problem("bad-usage", "--tighten judges a whole budget file, without SPEC or --max", None, fix))
    budgets, only = budgets_of(
        list(specs or ()), budget_file, list(limits or ()), list(changes or ()), setting, list(input or ())
    )

    def checked(budgets: Budgets) -> Report:
        return check(budgets, specs=only, base=base, today=today, environment=os.environ)

    report = checked(budgets)
    if tighten_limits:
        said = tighten(budgets, report)
        for line in said or ("no limit is looser than its slack",):
            typer.echo(visible(line), err=True)
        if said:
            report = checked(read_file(budgets.path))
    in_actions = os.environ.get("GITHUB_ACTIONS") == "true"
    write(drawing_of(report), "actions" if chosen == "auto" and in_actions else chosen, targets)
    if in_actions and chosen == "auto":
        append_summary(report)
    if strict and not all(is_complete(analysis) for _, analysis in report.specs):
        raise typer.Exit(1)
    if report.exit_code:
        raise typer.Exit(report.exit_code)


def budgets_of(
    specs: list[str],
    budget_file: str | None,
    limits: list[str],
    changes: list[str],
    setting: dict[str, Any],
    input: list[str],  # noqa: A002 - the option's word
) -> tuple[Budgets, list[str]]:
    """The budgets of the command line or of a file, and the specs that the check is restricted to."""
    if limits or changes:
        if not specs or budget_file is not None:
            fix = "inception-calc check googlenet --max multiply_adds=1.6G"
            raise InputError(Problem("bad-usage", "--max and --max-change need a SPEC and no file", None, fix))
        check_standard_input(specs)
        return budgets_from_flags(specs, limits, changes, setting, input), []
    beside = input or setting != {"batch": None, "set": {}, "training": False, "dtype": "fp32", "operators": {}}
    if beside:
        fix = "write them into the budget file, or give limits: --max multiply_adds=1.6G"
        raise InputError(
            Problem(
                "bad-usage",
                "--input, --batch, --set, --value, --training, --dtype, --op and --ops go with --max",
                None,
                fix,
            )
        )
    path = Path(budget_file) if budget_file is not None else find_file(Path.cwd())
    if path is None:
        raise missing_file()
    return read_file(Path.cwd() / path), specs


def read_day(text: str | None) -> datetime.date | None:
    """A day written as year-month-day."""
    if text is None:
        return None
    try:
        if len(text) != 10:
            raise ValueError
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise InputError(Problem("bad-date", f"--on: '{text}' is no date", None, "write 2027-03-01")) from None


def drawing_of(report: Report) -> Drawing:
    """The report in every format; each is imported when it is drawn."""

    def tables() -> list[Table]:
        from inception_calc.report.check_records import records_table

        return [records_table(report)]

    def document() -> str:
        from inception_calc.report.check_records import check_document

        return check_document(report)

    def plain(screen: Screen) -> str:
        from inception_calc.report.check import plain_text

        return plain_text(report, screen)

    def rich(screen: Screen) -> str:
        from inception_calc.report.check import rich_text

        return rich_text(report, screen)

    def markdown(_: Screen) -> str:
        from inception_calc.report.check import markdown_text

        return markdown_text(report)

    def html(_: Screen) -> str:
        from inception_calc.report.check import html_text

        return html_text(report)

    def latex(_: Screen) -> str:
        from inception_calc.report.check import latex_text

        return latex_text(report)

    def github(_: Screen) -> str:
        from inception_calc.report.github import annotations

        return annotations(report, root())

    def actions(screen: Screen) -> str:
        return plain(screen) + github(screen)

    def sarif(_: Screen) -> str:
        from inception_calc.report.sarif import sarif_text

        return sarif_text(report, root())

    def junit(_: Screen) -> str:
        from inception_calc.report.junit import junit_text

        return junit_text(report)

    people = {"plain": plain, "rich": rich, "markdown": markdown, "html": html, "latex": latex}
    platforms = {"github": github, "actions": actions, "sarif": sarif, "junit": junit}
    return of_tables(tables, document, {**people, **platforms})


def root() -> str:
    """The folder that platforms count files from: the checked-out repository."""
    from inception_calc.problems import Stop
    from inception_calc.spec_file.git import repository

    workspace = os.environ.get("GITHUB_WORKSPACE")
    if workspace and Path.cwd().is_relative_to(workspace):
        return workspace
    try:
        here = repository(Path.cwd())
    except Stop:
        here = None
    return str(here.root if here is not None else Path.cwd())


def append_summary(report: Report) -> None:
    """Adds the report to the job's summary, where the platform offers one."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    from inception_calc.report.check import markdown_text

    try:
        append_whole(Path(path), markdown_text(report).encode("utf-8", "backslashreplace"))
    except InputError as error:  # the report itself was written
        say(error)
