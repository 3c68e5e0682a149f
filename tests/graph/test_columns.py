"""Columns of blocks: binding, reading, and the table that they make (language, rules 4, 19, 20 and 26)."""

from __future__ import annotations

from fractions import Fraction

import pytest

from inception_calc.analysis import analyze
from tests.helpers import analyzed, meant, names, problems, row_problem, rows, shipped, shipped_analysis

TWO = "blocks: {b: {columns: [in, out], sequence: [{convolution: 1x1, filters: in}, {convolution: 3x3, filters: out}]}}"


@pytest.mark.parametrize("call", ["[4, 9]", "{in: 4, out: 9}", "{out: 9, in: 4}"])
def test_columns_are_a_list_in_their_order_or_a_mapping_by_name(call: str):
    net = rows(f"{TWO}\nrows: {{r: {{b: {call}}}}}")
    assert [cost.layer.output.channels for cost in net.layers] == [4, 9]


def test_a_single_column_may_be_its_bare_value():
    body = "blocks: {b: {columns: [c], sequence: [{convolution: 1x1, filters: c}]}}\nrows: {r: {b: 2 * 3}}"
    assert rows(body).layers[0].layer.output.channels == 6


def test_a_column_may_be_a_window_a_stride_or_a_number_of_repetitions():
    """ResNet-50's stage, Xception's entry: columns are read where they stand."""
    body = """
        blocks:
          b: {columns: [k, s, n], sequence: {x: {repeat: n, convolution: k, stride: s, filters: 1, padding: same}}}
        rows: {r: {b: [3, 2, 3]}}
    """
    net = rows(body, 1, 16, 16)
    assert [cost.weights for cost in net.layers] == [9, 9, 9]
    assert net.rows[0].output == (1, 2, 2)


@pytest.mark.parametrize("call", ["[4]", "[4, 9, 1]", ""])
def test_a_wrong_number_of_columns_is_reported_at_the_call_and_names_the_columns(call: str):
    """Language, section 5."""
    problem = row_problem(f"{TWO}\nrows: {{r: {{b: {call}}}}}")
    assert problem.code == "wrong-columns"
    assert "in, out" in problem.fix


def test_unknown_and_missing_columns_of_a_mapping():
    unknown = problems(f"name: t\ninput: 3x4x4\n{TWO}\nrows: {{r: {{b: {{in: 4, oot: 9}}}}}}")
    assert {problem.code for problem in unknown} == {"unknown-column", "missing-column"}
    (first,) = [problem for problem in unknown if problem.code == "unknown-column"]
    assert (meant(first), "out" in first.fix) == ("oot", True)


def test_every_column_must_be_used():
    """Rule 20."""
    body = "blocks: {b: {columns: [in, unread], sequence: [{convolution: 1x1, filters: in}]}}\nrows: {r: {b: [1, 2]}}"
    problem = row_problem(body)
    assert (problem.code, meant(problem)) == ("unused-column", "unread")


CHANGED = f"""
name: test
input: 3x4x4
{TWO[:-1]},
  half: {{like: b, sequence: [{{convolution: 1x1, filters: in}}]}}}}
rows: {{r: {{b: [4, 9]}}, h: {{half: [5, 6]}}}}
variants:
  short: {{blocks: {{b: {{sequence: [{{convolution: 3x3, filters: out}}]}}}}}}
"""


def test_a_block_that_is_like_another_keeps_the_columns_of_what_it_changes():
    """Rule 20."""
    assert names(analyzed(CHANGED.replace("3x3", "1x1"))) == ["r/in", "r/out", "h/in"]


def test_a_variants_block_keeps_the_columns_of_what_it_changes():
    """Rule 20: naive GoogLeNet leaves the reduce columns unread. Rule 30: what is like it changes with it."""
    assert names(analyzed(CHANGED.replace("3x3", "1x1"), "short")) == ["r/out", "h/in"]


@pytest.mark.parametrize("name", ["64", "0"])
def test_a_column_may_not_look_like_an_integer(name: str):
    """Rule 4."""
    body = f"blocks: {{b: {{columns: [{name}], sequence: [{{linear: 1}}]}}}}\nrows: {{r: {{b: 1}}}}"
    assert row_problem(body).code == "bad-name"


def test_the_tables_columns_are_those_of_the_blocks_that_rows_call():
    """Rule 26. GoogLeNet, Table 1: #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj."""
    columns = shipped_analysis("googlenet").graph.columns
    assert columns == ("1x1", "3x3 reduce", "3x3", "5x5 reduce", "5x5", "pool proj")


def test_columns_that_a_variant_leaves_unread_are_not_in_its_table():
    """Naive modules have no reductions and no projections; the second convolution still has its 3x3 reduce."""
    net = shipped_analysis("googlenet@naive")
    assert net.graph.columns == ("1x1", "3x3 reduce", "3x3", "5x5")
    rows_read = {row.name: row.cells_read for row in net.graph.rows}
    assert rows_read["3a"] == {"1x1": 64, "3x3": 128, "5x5": 32}
    assert rows_read["conv2"] == {"3x3 reduce": 64, "3x3": 192}


def test_bn_inceptions_tables_columns():
    """Rule 26. BN-Inception, appendix: #1x1, #3x3 reduce, #3x3, double #3x3 reduce, double #3x3, Pool +proj."""
    columns = shipped_analysis("bn_inception").graph.columns
    assert columns == ("1x1", "3x3 reduce", "3x3", "double 3x3 reduce", "double 3x3", "pool proj")


def test_a_rows_cells_are_the_values_at_its_call():
    """GoogLeNet, Table 1, row (3a)."""
    (row,) = [row for row in shipped_analysis("googlenet").graph.rows if row.name == "3a"]
    assert dict(row.cells) == {
        "1x1": 64, "3x3 reduce": 96, "3x3": 128, "5x5 reduce": 16, "5x5": 32, "pool proj": 32,
    }  # fmt: skip


def test_columns_that_make_filters_follow_the_width_multiplier_and_no_others():
    """MobileNetV2, Table 2: t, n and s are no filters. The count reaches its layer through two blocks."""
    half = analyze(shipped("mobilenet_v2"), symbols={"width_multiplier": Fraction(3, 4)}, round_to=8)
    cells = {row.name: tuple(row.cells.values()) for row in half.graph.rows if row.cells}
    assert cells["bottleneck1"] == (16, 1)  # c, s: 12 lies between 8 and 16, and rounds up
    assert cells["bottleneck4"] == (6, 48, 4, 2)  # t, c, n, s
    assert all(row.output.channels in cells[row.name] for row in half.rows if row.name in cells)


def test_a_column_of_classes_and_one_that_no_layer_reads_stay_as_they_are():
    head = "blocks: {top: {columns: [n, m], sequence: [{linear: m}, {linear: n}]}}\nrows: {r: {top: [classes, 8]}}"
    (row,) = rows(f"symbols: {{classes: 10}}\n{head}", symbols={"width_multiplier": 2}).graph.rows
    assert dict(row.cells) == {"n": 10, "m": 16}
    naive = analyze(shipped("googlenet@naive"), symbols={"width_multiplier": 2})
    assert next(row for row in naive.graph.rows if row.name == "3a").cells["3x3 reduce"] == 96


def test_a_free_width_multiplier_stands_in_the_cells():
    net = analyze(shipped("googlenet"), symbols={"width_multiplier": None})
    assert str(next(row for row in net.graph.rows if row.name == "3a").cells["3x3"]) == "128*width_multiplier"


def test_labels_and_patches_are_the_tables():
    """GoogLeNet, Table 1, first two columns."""
    found = {row.name: (row.label, row.patch) for row in shipped_analysis("googlenet").rows}
    assert found["conv1"] == ("convolution", "7x7/2")
    assert found["pool1"] == ("max pool", "3x3/2")
    assert found["conv2"] == ("convolution", "3x3/1")
    assert found["3a"] == ("inception (3a)", "")
    assert found["pool5"] == ("avg pool", "7x7/1")
    assert found["dropout"] == ("dropout (40%)", "")
