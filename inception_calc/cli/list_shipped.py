"""`inception-calc list`: the specs that come with the program."""

from __future__ import annotations

from inception_calc.analysis import analyze
from inception_calc.cli.options import (
    FormatOption,
    OutputOption,
    read_outputs,
)
from inception_calc.report.catalogue import catalogue_document, catalogue_table
from inception_calc.report.output import of_tables, write
from inception_calc.spec_file import shipped

EXAMPLES = """\b
Examples:
  inception-calc list
  inception-calc list -f json"""


def command(format: FormatOption = "auto", output: OutputOption = None) -> None:  # noqa: A002 - the option's word
    """What is shipped: each spec's short name, its variants, and what it costs."""
    chosen, targets = read_outputs(format, output)
    analyses = {name: analyze(name) for name in shipped.names()}
    drawing = of_tables(tables=lambda: [catalogue_table(analyses)], document=lambda: catalogue_document(analyses))
    write(drawing, chosen, targets)
