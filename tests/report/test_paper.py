"""`--style paper` is Table 1 of "Going deeper with convolutions": its columns, its words, its units."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from inception_calc.analysis import analyze
from inception_calc.report import latex
from inception_calc.report.paper import paper_number, paper_table
from inception_calc.report.view import View
from tests.helpers import rows, shipped_analysis

# Copied from the paper, mistakes included.
TABLE_1 = """
type|patch size/stride|output size|depth| #1x1 | #3x3 reduce | #3x3 | #5x5 reduce | #5x5 | pool proj | params | ops
convolution    | 7x7/2 | 112x112x64 | 1 |     |     |     |    |     |     | 2.7K  | 34M
max pool       | 3x3/2 | 56x56x64   | 0 |     |     |     |    |     |     |       |
convolution    | 3x3/1 | 56x56x192  | 2 |     | 64  | 192 |    |     |     | 112K  | 360M
max pool       | 3x3/2 | 28x28x192  | 0 |     |     |     |    |     |     |       |
inception (3a) |       | 28x28x256  | 2 | 64  | 96  | 128 | 16 | 32  | 32  | 159K  | 128M
inception (3b) |       | 28x28x480  | 2 | 128 | 128 | 192 | 32 | 96  | 64  | 380K  | 304M
max pool       | 3x3/2 | 14x14x480  | 0 |     |     |     |    |     |     |       |
inception (4a) |       | 14x14x512  | 2 | 192 | 96  | 208 | 16 | 48  | 64  | 364K  | 73M
inception (4b) |       | 14x14x512  | 2 | 160 | 112 | 224 | 24 | 64  | 64  | 437K  | 88M
inception (4c) |       | 14x14x512  | 2 | 128 | 128 | 256 | 24 | 64  | 64  | 463K  | 100M
inception (4d) |       | 14x14x528  | 2 | 112 | 144 | 288 | 32 | 64  | 64  | 580K  | 119M
inception (4e) |       | 14x14x832  | 2 | 256 | 160 | 320 | 32 | 128 | 128 | 840K  | 170M
max pool       | 3x3/2 | 7x7x832    | 0 |     |     |     |    |     |     |       |
inception (5a) |       | 7x7x832    | 2 | 256 | 160 | 320 | 32 | 128 | 128 | 1072K | 54M
inception (5b) |       | 7x7x1024   | 2 | 384 | 192 | 384 | 48 | 128 | 128 | 1388K | 71M
avg pool       | 7x7/1 | 1x1x1024   | 0 |     |     |     |    |     |     |       |
dropout (40%)  |       | 1x1x1024   | 0 |     |     |     |    |     |     |       |
linear         |       | 1x1x1000   | 1 |     |     |     |    |     |     | 1000K | 1M
softmax        |       | 1x1x1000   | 0 |     |     |     |    |     |     |       |
"""
HEADINGS, *CELLS = [[cell.strip() for cell in line.split("|")] for line in TABLE_1.strip().splitlines()]
COUNTED_OTHERWISE = {  # rows whose printed params or ops follow from nothing in the table, see the spec's reasons
    "params": {4, 7, 8, 9, 10, 11, 13, 14, 17},
    "ops": {7, 13},
}


@pytest.fixture(scope="module")
def table():
    return paper_table(shipped_analysis("googlenet"), View())


@pytest.fixture(scope="module")
def with_separable():
    """With the first layer that the printed params and ops of the first row fit."""
    return paper_table(shipped_analysis("googlenet@separable_conv1"), View())


def test_columns_are_those_of_table_1(table):
    assert [column.heading for column in table.columns] == HEADINGS


@pytest.mark.parametrize("index", range(len(CELLS)))
def test_words_and_sizes_are_those_of_table_1(table, index: int):
    assert [cell.text for cell in table.rows[index][:10]] == CELLS[index][:10]


@pytest.mark.parametrize(("place", "word"), [(10, "params"), (11, "ops")])
def test_numbers_read_as_printed_where_the_printed_ones_are_right(with_separable, place: int, word: str):
    differing = {index for index, row in enumerate(with_separable.rows) if row[place].text != CELLS[index][place]}
    assert differing == COUNTED_OTHERWISE[word]


def test_total_stands_below_and_units_are_said(table):
    assert table.totals[0][0].text == "total"
    assert table.totals[0][10].value == 6_998_552
    assert [note for note in table.notes if "is 1" in note] == ["params: K is 1,024", "ops: M is 1,000,000"]


@pytest.mark.parametrize(
    ("value", "units", "text"),
    [
        (2_776, {"K": 1024}, "2.7K"),
        (114_688, {"K": 1024}, "112K"),
        (1_421_312, {"K": 1024}, "1388K"),
        (1_024_000, {"M": 10**6}, "1M"),
        (1_500_000_000, {"M": 10**6, "G": 10**9}, "1.5G"),
        (9_960, {"K": 1000}, "10K"),
        (500, {"K": 1024}, "500"),
    ],
)
def test_numbers_in_a_papers_units(value: int, units: dict[str, int], text: str):
    assert paper_number(value, units) == text


def test_exact_units_and_sources_without_units_keep_their_numbers():
    exact = paper_table(shipped_analysis("googlenet"), View(units="exact"))
    assert exact.rows[0][10].text == "9,472"
    plain = paper_table(rows("rows: {a: {convolution: 3x3, filters: 400}}"), View())
    assert [cell.text for cell in plain.rows[0]] == ["convolution", "3x3/1", "14x14x400", "1", "11.2K", "2.12M"]


def test_formulas_stand_in_paper_tables_too():
    table = paper_table(analyze("googlenet", symbols={"classes": None}), View())
    assert table.rows[17][11].text == "1,024*classes"


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="needs TeX")
def test_table_1_compiles_and_fits_the_page(table, tmp_path):
    document = r"\documentclass{article}\usepackage{booktabs,graphicx}\begin{document}" + latex.draw_all([table, table])
    (tmp_path / "paper.tex").write_text(document + r"\end{document}", encoding="utf-8")
    result = subprocess.run(
        ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "paper.tex"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "Overfull" not in result.stdout
    assert "Output written" in result.stdout
