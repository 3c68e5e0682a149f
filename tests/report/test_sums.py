"""The printed columns, added up again, give the printed totals; CSV and TSV hold the numbers of the JSON.

Each format is read back by a reader of its own kind, not by the code that wrote it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser

import pytest

from inception_calc.analysis import analyze
from inception_calc.report import csv as csv_format
from inception_calc.report import html, latex, markdown, plain, tsv
from inception_calc.report.cost_table import cost_table
from inception_calc.report.table_json import table_document
from inception_calc.report.view import View
from tests.cli.program import ROOT

SPECS = ["googlenet", "inception_module", str(ROOT / "tests" / "output" / "towers.yaml")]
COUNTS = ("params", "weights", "biases", "buffers", "multiply_adds", "element_ops", "activation_elements", "layers")
VIEW = View(columns=("row", *COUNTS), units="exact")


class Cells(HTMLParser):
    """The rows of an HTML page's tables, as lists of texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.inside = True
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][-1] += data


READERS = {
    "csv": (csv_format, lambda text: [row[2:-1] for row in csv.reader(io.StringIO(text))][1:]),
    "tsv": (tsv, lambda text: [line.split("\t")[2:-1] for line in text.splitlines()][1:]),
    "html": (html, lambda text: Cells(text).rows[1:]),
    "markdown": (
        markdown,
        lambda text: [
            [cell.strip(" *") for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"
        ][2:],
    ),
    "latex": (
        latex,
        lambda text: [
            [cell.strip() for cell in line.removesuffix(r"\\").split("&")]
            for line in text.splitlines()
            if line.endswith(r"\\")
        ][1:],
    ),
}


def number(text: str) -> int:
    return int(text.replace(",", "") or "0")


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("spec", SPECS)
def test_columns_add_up_to_the_totals(spec: str, kind: str):
    module, read = READERS[kind]
    *rows, total = read(module.draw_all([cost_table(analyze(spec), VIEW)]))
    assert total[0] == "total"
    for index in range(1, len(COUNTS) + 1):
        assert sum(number(row[index]) for row in rows) == number(total[index]), COUNTS[index - 1]
    assert number(total[1]) > 0


def test_plain_columns_add_up_to_the_totals():
    """A plain table's empty cells cannot be told from gaps, so a view without empty cells is read."""
    table = cost_table(analyze("googlenet"), View(columns=("row", "layers", "activation_elements"), units="exact"))
    lines = [line for line in plain.draw_all([table]).splitlines() if re.fullmatch(r"\S+( +[\d,]+){1,2}", line)]
    *rows, total = [line.split() for line in lines]
    assert total[0] == "total"
    by_hand = (
        (57 + 57) + 1 + (4 + 9 + 1) + 9 + 2 + 1 + 1
    )  # convolutions, ReLUs; linear; pools; concats; LRN; dropout; softmax
    assert sum(number(row[1]) for row in rows) == number(total[1]) == by_hand


@pytest.mark.parametrize("spec", SPECS)
def test_csv_and_tsv_read_again_are_the_json(spec: str):
    analysis = analyze(spec)
    (document,) = json.loads(table_document([analysis], View()))["tables"]
    keys = [key for key in COUNTS if key in document["totals"]]
    drawn = [cost_table(analysis, View(columns=("row", *keys)))]
    for lines, separator in ((csv_format.draw_all(drawn), ","), (tsv.draw_all(drawn), "\t")):
        *rows, total = csv.DictReader(io.StringIO(lines), delimiter=separator)
        assert [row["row"] for row in rows] == [row["name"] for row in document["rows"]]
        for read, expected in zip([*rows, total], [*document["rows"], document["totals"]], strict=True):
            assert {key: int(read[key]) for key in keys} == {key: expected[key] for key in keys}
        assert {row["variant"] for row in rows} == {document["variant"]}
        assert {row["convention"] for row in rows} == {document["convention"]["multiply_adds"]}


def test_tables_with_different_columns_share_one_header():
    """GoogLeNet has six block columns, the towers two of those and one of their own source's."""
    tables = [cost_table(analyze(spec), View(printed=True)) for spec in (SPECS[0], SPECS[2])]
    lines = list(csv.reader(io.StringIO(csv_format.draw_all(tables))))
    header = lines[0]
    assert len(header) == len(set(header))
    assert {len(line) for line in lines} == {len(header)}
    towers = [dict(zip(header, line, strict=True)) for line in lines if line[0] == "two towers"]
    assert [row["3x3"] for row in towers] == ["", "5", "12", "", "", ""]
    assert {row["5x5"] for row in towers} == {""}
