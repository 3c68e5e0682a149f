"""`inception-calc audit`: can I believe the paper."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from inception_calc.audit import VERDICTS, Audit, audit
from inception_calc.cli import completion
from inception_calc.cli.options import FormatOption, OutputOption, check_standard_input, one_of, read_outputs
from inception_calc.problems import Problem, listed
from inception_calc.report.audit import audit_document, audit_tables
from inception_calc.report.audit_words import short_how, value_text
from inception_calc.report.output import of_tables, write
from inception_calc.report.problems import problems_text
from inception_calc.spec_file import shipped
from inception_calc.spec_file.load import in_file_order

EXAMPLES = """\b
Examples:
  inception-calc audit googlenet
  inception-calc audit googlenet --only contradicted,unexplained
  inception-calc audit --strict
  inception-calc audit bn_inception googlenet@torchvision -f json
  inception-calc audit googlenet -o markdown:audit.md"""


def command(
    specs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SPEC...]",
            help="YAML file, - or shipped name; all shipped specs without any.",
            autocompletion=completion.specs,
        ),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="Exit 1 where a number is unexplained, contradicted or one truncated digit and its spec says nothing.",
        ),
    ] = False,
    only: Annotated[
        str | None,
        typer.Option(
            "--only",
            metavar="A,B,...",
            help=f"Show some verdicts alone: {listed(VERDICTS, 'or')}.",
            autocompletion=completion.listed_words(*VERDICTS),
        ),
    ] = None,
    format: FormatOption = "auto",  # noqa: A002 - the option's word
    output: OutputOption = None,
) -> None:
    """Whether the numbers that a paper prints follow from its own table.

    Each printed number and claim is reproduced (rounded, at most half a unit of its last digit), truncated,
    explained (by a reason that a count confirms), contradicted (by the source's own table), or unexplained. A
    contradiction is a finding about the source, so it does not change the exit code.
    """
    check_standard_input(specs or [])
    chosen, targets = read_outputs(format, output)
    words = VERDICTS if only is None else only.replace(" ", "").split(",")
    for word in words:
        one_of(word, VERDICTS, "--only")
    verdicts = [verdict for verdict in VERDICTS if verdict in words]
    audits = audit(specs or shipped.names())
    write(of_tables(lambda: audit_tables(audits, verdicts), lambda: audit_document(audits, verdicts)), chosen, targets)
    silent = [problem for each in audits for problem in _silent(each)] if strict else []
    if silent:
        sys.stderr.write(problems_text(silent))
        raise typer.Exit(1)


def _silent(audit: Audit) -> list[Problem]:
    """What the spec says nothing about, in file order."""
    unexplained = [
        Problem(
            "unexplained",
            f"nothing gives the printed '{entry.printed}'",
            entry.location,
            "write a reason that gives it, or 'unexplained: true'",
        )
        for entry in audit.unmarked
    ]
    contradicted = [
        Problem(
            "contradicted",
            f"its own table contradicts the printed '{entry.printed}': "
            f"{short_how(entry.finding, entry.printed, entry.computed)}",
            entry.location,
            "write a reason that says why, if it is the source's mistake",
        )
        for entry in audit.unreasoned
    ]
    truncated = [
        Problem(
            "one-digit",
            f"one digit, truncated, is all that gives the printed '{entry.printed}' "
            f"({value_text(entry.computed)} would round to another)",
            entry.location,
            "write a reason that says why, or 'says: about'",
        )
        for entry in audit.barely_confirmed
    ]
    return in_file_order(unexplained + contradicted + truncated)
