"""On a narrow screen the least important columns go first and are named; nothing is ever cropped."""

from __future__ import annotations

import pytest

from inception_calc.audit import audit
from inception_calc.conventions import counted_by
from inception_calc.report.audit import audit_tables
from inception_calc.report.catalogue import catalogue_table
from inception_calc.report.convention import convention_table
from inception_calc.report.cost_table import cost_table
from inception_calc.report.paper import paper_table
from inception_calc.report.rich_table import bar, draw_on, fitting, width_needed, widths_within
from inception_calc.report.screen import Screen
from inception_calc.report.table import Cell, Column, Table
from inception_calc.report.view import View
from tests.helpers import rows, shipped_analysis

BLOCK_COLUMNS = ["#1x1", "#3x3 reduce", "#3x3", "#5x5 reduce", "#5x5", "pool proj"]


def drawn(width: int | None, spec: str = "googlenet", view: View | None = None, **screen) -> list[str]:
    table = cost_table(shipped_analysis(spec), view or View())
    return draw_on(Screen(width=width, **screen), [table]).splitlines()


def test_columns_go_by_importance_and_only_as_many_as_must():
    table = cost_table(shipped_analysis("googlenet"), View())
    gone = [fitting(table, width)[2] for width in (200, 125, 124, 80, 60, 40)]
    assert gone == [
        [],
        [],
        BLOCK_COLUMNS,
        [*BLOCK_COLUMNS, "patch size/stride"],
        [*BLOCK_COLUMNS, "patch size/stride", "type"],
        [*BLOCK_COLUMNS, "patch size/stride", "type", "depth", "output size"],
    ]


def test_bars_go_before_columns():
    table = cost_table(shipped_analysis("googlenet"), View())
    whole = width_needed(table)
    assert fitting(table, whole)[1:] == (False, [])
    assert fitting(table, whole + 12)[1:] == (True, [])


@pytest.mark.parametrize("by", ["row", "layer", "stage", "kind"])
@pytest.mark.parametrize("width", [36, 40, 60, 80, 100, 124, 125, 136, 137, 200])
def test_no_line_is_wider_than_the_screen(width: int, by: str):
    lines = drawn(width, view=View(by=by))
    assert max(map(len, lines)) <= width
    assert not any("…" in line for line in lines)
    heading = " ".join(lines[1:4])
    for kept in (by, "params", "multiply-adds"):
        assert kept in heading


@pytest.mark.parametrize("width", [1, 5, 20])
def test_names_fold_and_numbers_stay_whole_where_nothing_fits(width: int):
    lines = drawn(width, view=View(by="layer"))
    assert any(line.endswith("118M") for line in lines)
    assert any(line.startswith("conv1/re") for line in lines)


def test_what_is_left_out_is_named_and_the_way_to_it():
    note = " ".join(drawn(80)[-2:])
    assert note.startswith("left out at 80 characters: #1x1, #3x3 reduce")
    assert note.endswith("pool proj and patch size/stride; --columns chooses, -f plain shows all")
    assert not any("left out" in line for line in drawn(None))


def test_the_way_to_what_is_left_out_is_true_for_each_table():
    """Only `table` has --columns, and not beside --style paper and --as; every command has -f plain."""
    chosen = cost_table(shipped_analysis("googlenet"), View())
    paper = paper_table(shipped_analysis("googlenet"), View())
    fvcore = convention_table(counted_by("fvcore", shipped_analysis("googlenet@torchvision")), View(), "title")
    others = (paper, fvcore, catalogue_table({"googlenet": shipped_analysis("googlenet")}))
    for table in (chosen, *others):
        note = " ".join(draw_on(Screen(width=30), [table]).splitlines()).rpartition("left out at 30")[2]
        assert ("--columns" in note) is (table is chosen)
        assert note.endswith("-f plain shows all")


def test_columns_of_one_heading_are_told_apart():
    ratios = (Column("params_ratio", "ratio", True), Column("ops_ratio", "ratio", True, 9))
    table = Table("twice", (Column("row", "row", importance=9), *ratios), ((Cell("a"), Cell("0.5"), Cell("0.25")),))
    assert fitting(table, 10)[2] == ["params ratio"]


PHRASES = Table(
    "phrases",
    (Column("row", "row", importance=9), Column("short", "short", prose=True), Column("how", "how", prose=True)),
    ((Cell("a"), Cell("in one line"), Cell("a phrase that goes on and on until nothing is left to say")),),
)


def test_phrases_share_the_room_and_fold_at_words_before_a_column_goes():
    assert [widths_within(PHRASES, width) for width in (100, 60, 50, 1)] == [
        [3, 11, 57], [3, 11, 42], [3, 11, 32], [3, 8, 8],
    ]  # fmt: skip
    assert [fitting(PHRASES, width)[2] for width in (38, 37)] == [[], ["how"]]
    assert draw_on(Screen(width=40), [PHRASES]).splitlines()[3:] == [
        "a    in one line  a phrase that goes on",
        "                  and on until nothing",
        "                  is left to say",
    ]


@pytest.mark.parametrize(
    "arguments", [{"printed": True}, {"columns": ("row", "type", "element_ops", "cells", "params")}]
)
def test_what_is_asked_for_by_name_goes_last(arguments):
    table = cost_table(shipped_analysis("googlenet"), View(**arguments))
    asked = {column.key for column in table.columns if column.is_asked}
    assert asked
    for width in range(20, 200):
        kept = {column.key for column in fitting(table, width)[0].columns}
        others = {column.key for column in table.columns if not column.is_asked and column.importance < 9}
        assert asked <= kept or not others & kept


def test_printed_columns_stand_on_80_columns():
    table = cost_table(shipped_analysis("googlenet"), View(printed=True))
    kept = [column.key for column in fitting(table, 80)[0].columns]
    assert kept[:3] == ["row", "params", "multiply_adds"]
    assert kept[3:7] == ["printed_output", "printed_depth", "printed_params", "printed_ops"]


def test_an_audit_on_80_columns_says_how():
    """The verdict's reason is worth more than the computed number, which is printed beside it where there is room."""
    (printed, *_) = audit_tables(audit(["googlenet"]))
    shown, _, dropped = fitting(printed, 80)
    assert [column.heading for column in shown.columns] == ["row", "what", "printed", "verdict", "how"]
    assert dropped == ["computed"]


def test_wide_and_combining_characters_line_up():
    """Each of these names takes six cells: three wide characters; four letters, two of them wide, one with a mark."""
    kinds = ("\u5377\u7a4d\u5c42", "e\u0301\ud55c\uae00x", "abcdef")
    analysis = rows("rows:\n" + "".join(f"  {name}: {{max pool: 2x2/2}}\n" for name in kinds))
    lines = draw_on(Screen(), [cost_table(analysis, View(columns=("row", "type")))]).splitlines()
    names = [line.split("  ")[0] for line in lines if "max pool" in line]
    assert names == list(kinds)


def test_a_screen_without_unicode_gets_ascii_alone():
    text = "\n".join(drawn(140, encoding="ascii"))
    assert text.isascii()
    assert "##########" in text
    assert "-----" in text


def test_bars_are_as_long_as_the_share_of_the_largest():
    assert [len(bar(share, 8, unicode=True)) for share in (8, 4, 1)] == [10, 5, 2]
    assert bar(1, 8, unicode=True) == "█▎"
    assert bar(4, 8, unicode=False) == "#####"


def test_what_falls_looks_different_from_what_rises_without_colour():
    assert (bar(-4, 8, unicode=True), bar(4, 8, unicode=True)) == ("░░░░░", "█████")
    assert (bar(-4, 8, unicode=False), bar(4, 8, unicode=False)) == ("-----", "#####")
