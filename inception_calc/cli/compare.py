"""`inception-calc compare`: what is the difference, and where does it come from."""

from fractions import Fraction
from typing import Annotated

import typer

from inception_calc.analysis.analyze import source_of
from inception_calc.analysis.metrics import COMPARABLE
from inception_calc.cli import completion
from inception_calc.cli.operators import OpOption, OpsOption, read_operators
from inception_calc.cli.options import (
    BatchOption,
    FormatOption,
    InputsOption,
    OutputOption,
    RoundOption,
    SetOption,
    TrainingOption,
    ValueOption,
    check_standard_input,
    choice,
    one_of,
    read_outputs,
    read_setting,
    read_values,
)
from inception_calc.comparison import GROUPINGS, Comparison, compare, subject_of
from inception_calc.files.references import is_onnx
from inception_calc.problems import InputError, Problem, Undecided, listed, nearest
from inception_calc.report.output import of_tables, write
from inception_calc.report.table import Table

EXAMPLES = """\b
Examples:
  inception-calc compare inception_module@naive inception_module@bottleneck
  inception-calc compare googlenet --variants naive,default --by kind
  inception-calc compare HEAD:specs/googlenet.yaml specs/googlenet.yaml --exit-code
  inception-calc compare vgg_d googlenet resnet50 --by total
  inception-calc compare googlenet@naive googlenet --max-ratio multiply_adds=0.35"""


def command(
    specs: Annotated[
        list[str],
        typer.Argument(
            metavar="SPEC...",
            help="The reference, then what to compare with it; each with @variant.",
            autocompletion=completion.specs,
        ),
    ],
    by: Annotated[str, choice("--by", GROUPINGS, "total, row, layer or kind.", "GROUP")] = "row",
    variants: Annotated[
        str, typer.Option("--variants", metavar="A,B,...", help="Variants of one SPEC, the first is the reference.")
    ] = "",
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 1 where any layer differs.")] = False,
    max_ratio: Annotated[
        list[str] | None,
        typer.Option(
            "--max-ratio",
            metavar="METRIC=RATIO",
            help=f"Exit with 1 where a ratio to the first is higher. Repeatable. METRIC is {', '.join(COMPARABLE)}.",
        ),
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, help="How many edits or layers to show; JSON has all.")] = 15,
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
    """What is different about architectures, and where the difference comes from. The first is the reference.

    First what was edited, each edit with the whole cost that follows from it; of networks that are no versions of one
    another, the layers that differ, matched by name, then by place and shape.
    """
    one_of(by, GROUPINGS, "--by")
    limits = [read_ratio(text) for text in max_ratio or ()]
    references = with_variants(specs, variants)
    check_standard_input(references)
    chosen, targets = read_outputs(format, output)
    setting = read_setting(input or [], batch, settings, training, round_to)
    operators = read_operators(op, ops, references)
    setting["symbols"] |= read_values(value)
    chosen_for = own_symbols(references, setting["symbols"])
    subjects = [subject_of(spec, operators, **{**setting, "symbols": chosen_for[spec]}) for spec in references]
    comparison = compare(subjects, by)

    def tables() -> list[Table]:
        from inception_calc.report.compare import comparison_tables

        return comparison_tables(comparison, top)

    def document() -> str:
        from inception_calc.report.compare_json import comparison_document

        return comparison_document(comparison)

    write(of_tables(tables, document), chosen, targets)
    judge(comparison, limits, exit_code)


def own_symbols(references: list[str], symbols: dict[str, str | None]) -> dict[str, dict[str, str | None]]:
    """What is set of each network: models call their sizes by names of their own, which the others need not have.

    A name that none has is given to all, so that it is told as a mistake.
    """
    if not symbols or not any(map(is_onnx, references)):
        return dict.fromkeys(references, symbols)
    known = {spec: frozenset(source_of(spec).symbols) for spec in references}
    anywhere = frozenset().union(*known.values())
    return {
        spec: {name: value for name, value in symbols.items() if name in names or name not in anywhere}
        for spec, names in known.items()
    }


def with_variants(specs: list[str], variants: str) -> list[str]:
    """The specs to compare; `--variants` makes several of one."""
    names = [name.strip() for name in variants.split(",")] if variants else []
    if not names:
        return specs
    if len(specs) != 1 or "" in names:
        raise InputError(
            Problem(
                "bad-usage",
                "--variants takes one SPEC and names separated by commas",
                None,
                "inception-calc compare googlenet --variants naive,default",
            )
        )
    return [f"{specs[0]}@{name}" for name in names]


def read_ratio(text: str) -> tuple[str, Fraction]:
    """`METRIC=RATIO`."""
    name, equals, number = text.partition("=")
    if name not in COMPARABLE:
        raise InputError(
            Problem(
                "unknown-metric",
                f"--max-ratio: there is no metric '{name}'",
                None,
                nearest(name, COMPARABLE)
                or f"there are {listed(COMPARABLE, all_in='`inception-calc compare --help`')}",
            )
        )
    whole, _, part = number.partition(".")
    if not equals or not (whole + part).isdigit() or not (whole + part).isascii() or len(number) > 20 or not whole:
        raise InputError(
            Problem("bad-value", f"--max-ratio: '{number}' is no ratio", None, f"write {name}=0.35, a decimal number")
        )
    return name, Fraction(number)


def judge(comparison: Comparison, limits: list[tuple[str, Fraction]], exit_code: bool) -> None:
    """Ends with 1 where the answer is no; `Undecided` where a ratio with a limit is not known."""
    over, unknown = [], []
    for name, limit in limits:
        for subject, ratio in zip(comparison.subjects[1:], comparison.ratios[name][1:], strict=True):
            if ratio is None:
                what = f"the ratio of {name} of '{subject.name}' is not known"
                unknown.append(
                    Problem("no-ratio", what, None, "set the symbols that are free; the first must not be 0")
                )
            elif ratio > limit:
                from inception_calc.report.check_words import both

                found, allowed = both(ratio, limit, "ratio", "")
                what = f"{name} of '{subject.name}' is {found} of '{comparison.subjects[0].name}', more than {allowed}"
                over.append(Problem("over-ratio", what))
    if over:
        from inception_calc.report.problems import problems_text

        typer.echo(problems_text(over), err=True, nl=False)
        raise typer.Exit(1)
    if unknown:
        raise Undecided(*unknown)
    if exit_code and not comparison.is_same:
        raise typer.Exit(1)
