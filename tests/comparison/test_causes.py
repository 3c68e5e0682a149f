"""What an edit costs, by hand counts; what needs what; what is a rename, a move, no edit at all."""

import json

import pytest

from inception_calc.comparison import Subject, compare, subject_of
from inception_calc.comparison.causes import MOST_EDITS, account_of
from tests.cli.program import called
from tests.helpers import analyzed, loaded, shipped
from tests.shipped_specs import ALL

NET = """
name: net
input: 3x16x16
symbols: {classes: 10}
defaults:
  convolution: {padding: same}
blocks:
  module:
    columns: [1x1, 3x3]
    concat:
      1x1: {convolution: 1x1, filters: 1x1}
      3x3: {convolution: 3x3, filters: 3x3}
rows:
  stem: {convolution: 3x3, filters: 8}
  pool: {max pool: 2x2/2}
  4e: {module: [16, 192]}
  5a: {module: [16, 32]}
  tail: {convolution: 1x1, filters: classes}
"""
STEM, MODULE, AGAIN, TAIL = 16 * 16 * 27 * 8, 64 * 8 * (16 + 9 * 192), 64 * 208 * (16 + 9 * 32), 64 * 48 * 10


def subject(text, **setting):
    return Subject("net", analyzed(text, **setting), loaded(text), setting=setting)


def account(before, after):
    return account_of(*(one if isinstance(one, Subject) else subject(one) for one in (before, after)))


def told(found):
    return [(c.edit.kind, c.edit.what, c.edit.name, c.edit.field, c.edit.before, c.edit.after) for c in found.causes]


def one(before, after):
    (cause,) = account(before, after).causes
    return cause


def line(text, part):
    return text[: text.index(part)].count("\n") + 1


def test_the_whole_cost_of_a_cell_is_its_own_and_what_follows():
    after = NET.replace("192", "160")
    cause = one(NET, after)
    assert told(account(NET, after)) == [("changed", "cell", "4e", "3x3", "192", "160")]
    assert cause.cost("multiply_adds") == -32 * 64 * (9 * 8 + 16 + 9 * 32)
    assert cause.cost("params") == -32 * (9 * 8 + 1 + 16 + 9 * 32)
    place = cause.edit.location
    assert (place.line, place.text[place.column - 1 :][: place.width]) == (line(after, "  4e:"), "160")
    assert cause.edit.before_location.line == line(NET, "  4e:")


def test_a_pool_that_strides_no_more():
    cause = one(NET, NET.replace("2x2/2", "2x2/1"))
    assert (cause.edit.name, cause.edit.field, cause.edit.before, cause.edit.after) == (
        "pool", "max pool", "2x2/2", "2x2/1",
    )  # fmt: skip
    assert cause.cost("multiply_adds") == (15 * 15 - 64) * (MODULE + AGAIN + TAIL) // 64
    assert cause.cost("params") == 0


def test_a_deleted_row_has_the_place_that_it_had_and_the_line_that_follows_it():
    after = NET.replace("  pool: {max pool: 2x2/2}\n", "")
    cause = one(NET, after)
    assert (cause.edit.kind, cause.edit.name, cause.edit.before) == ("removed", "pool", "{max pool: 2x2/2}")
    assert cause.edit.before_location.line == line(NET, "  pool:")
    assert cause.edit.location.line == line(after, "  4e:")
    assert cause.cost("multiply_adds") == 3 * (MODULE + AGAIN + TAIL)


def test_input_symbol_and_default():
    cause = one(NET, NET.replace("3x16x16", "3x32x32"))
    assert (cause.edit.what, cause.cost("multiply_adds")) == ("input", 3 * (STEM + MODULE + AGAIN + TAIL))
    cause = one(NET, NET.replace("classes: 10", "classes: 12"))
    assert (cause.edit.what, cause.edit.name, cause.cost("params")) == ("symbol", "symbol classes", 2 * 49)
    cause = one(NET, NET.replace("{padding: same}", "{padding: same, bias: false}"))
    assert (cause.edit.kind, cause.edit.name, cause.edit.field) == ("added", "defaults of convolution", "bias")
    assert cause.cost("params") == -(8 + 208 + 48 + 10)


def test_two_edits_that_multiply_leave_a_rest():
    after = NET.replace("2x2/2", "2x2/1").replace("192", "224")
    found = account(NET, after)
    wide = 32 * (9 * 8 + 16 + 9 * 32)
    assert [cause.cost("multiply_adds") for cause in found.causes] == [
        (15 * 15 - 64) * ((MODULE + AGAIN + TAIL) // 64 + wide), 15 * 15 * wide,
    ]  # fmt: skip
    assert found.shared["multiply_adds"] == -(15 * 15 - 64) * wide


def test_an_edit_that_leaves_no_network_alone_is_measured_with_what_it_needs():
    """The block has a column more, which both rows fill: none of the four edits can be taken back alone."""
    after = (
        NET.replace("columns: [1x1, 3x3]", "columns: [1x1, 3x3, 5x5]")
        .replace("filters: 3x3}", "filters: 3x3}\n      5x5: {convolution: 5x5, filters: 5x5}")
        .replace("[16, 192]", "[16, 192, 8]")
        .replace("[16, 32]", "[16, 32, 4]")
    )
    found = account(NET, after)
    assert not found.unknown
    parts = 64 * (8 * 25 * 8 + 8 * (16 + 9 * 32) + 216 * 25 * 4 + 4 * 10)
    by_name = {(c.edit.name, c.edit.field): c for c in found.causes}
    whole = by_name["block module", "columns"]
    assert {edit.name for edit in whole.edits} == {"block module", "block module, 5x5", "4e", "5a"}
    assert whole.cost("multiply_adds") == parts
    assert by_name["block module, 5x5", "branch"].cost("multiply_adds") == parts  # a column may be left unread


def test_a_rename_is_one_and_costs_nothing():
    after = NET.replace("4e:", "4f:")
    cause = one(NET, after)
    assert (cause.edit.kind, cause.edit.name, cause.edit.before, cause.edit.after) == ("renamed", "4f", "4e", "4f")
    assert all(value == 0 for value in cause.costs.values())


def test_renamed_and_changed_is_a_rename_and_a_change_in_json_too(tmp_path):
    (tmp_path / "a.yaml").write_text(NET)
    (tmp_path / "b.yaml").write_text(NET.replace("4e: {module: [16, 192]}", "4f: {module: [16, 160]}"))
    done = called("compare", str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml"), "-f", "json")
    document = json.loads(done.stdout)
    (found,) = document["accounts"]
    edits = [cause["edits"][0] for cause in found["causes"]]
    assert [(edit["kind"], edit["name"], edit["field"], edit["before"], edit["after"]) for edit in edits] == [
        ("changed", "4f", "3x3", "192", "160"), ("renamed", "4f", "name", "4e", "4f"),
    ]  # fmt: skip
    assert all(edit["line"] == edit["before_line"] == line(NET, "  4e:") for edit in edits)
    changed = next(change for change in document["changes"] if change["layer"] == "4f/3x3")
    assert (changed["kind"], changed["field"], changed["renamed_from"]) == ("changed", "3x3", "4e/3x3")


def test_what_takes_a_renamed_rows_output_is_not_edited():
    text = NET + "  joined: {concat: {a: identity, b: {output of: 5a}}}\n"
    assert told(account(text, text.replace("5a", "5x"))) == [("renamed", "row", "5x", "name", "5a", "5x")]


def test_a_renamed_block_and_a_copied_one():
    after = NET.replace("module:", "unit:")
    assert told(account(NET, after)) == [("renamed", "block", "block unit", "name", "module", "unit")]
    block = NET[NET.index("  module:") : NET.index("rows:")]
    copied = NET.replace(
        block, block + block.replace("module", "fat").replace("3x3: {convolution: 3x3", "3x3: {convolution: 9x9")
    )
    cause = one(NET, copied.replace("4e: {module", "4e: {fat"))
    assert (cause.edit.name, cause.edit.field, cause.edit.before, cause.edit.after) == ("4e", "block", "module", "fat")
    assert cause.cost("multiply_adds") == 64 * (81 - 9) * 8 * 192


def test_a_block_and_those_like_it_are_edited_once():
    text = NET.replace("rows:", "  other: {like: module}\nrows:").replace("5a: {module", "5a: {other")
    after = text.replace("3x3: {convolution: 3x3", "3x3: {convolution: 5x5")
    cause = one(text, after)
    assert cause.edit.location.line == line(after, "3x3: {convolution: 5x5")
    assert cause.cost("multiply_adds") == 64 * 16 * (8 * 192 + 208 * 32)


def test_a_moved_row():
    after = NET.replace("  pool: {max pool: 2x2/2}\n", "").replace("  tail:", "  pool: {max pool: 2x2/2}\n  tail:")
    cause = one(NET, after)
    assert (cause.edit.kind, cause.edit.name, cause.edit.before, cause.edit.after) == (
        "moved", "pool", "after stem", "after 5a",
    )  # fmt: skip
    assert cause.edit.location.line == line(after, "  pool:")
    assert cause.cost("multiply_adds") == 3 * (MODULE + AGAIN)


def test_edits_without_any_effect_are_no_causes():
    before = NET.replace("classes: 10", "classes: 10, unused: 1")
    found = account(before, before.replace("unused: 1", "unused: 2").replace("name: net", "name: other"))
    assert not found.causes
    assert [(edit.name, edit.before, edit.after) for edit in found.silent] == [("symbol unused", "1", "2")]
    other = NET.replace("[16, 192]", "{3x3: 192, 1x1: 16}").replace(
        "{module: [16, 32]}", "{module: [16, 32], label: x}"
    )
    assert account(NET, other) == account(NET, NET)


def test_what_was_chosen_otherwise_is_an_edit_too():
    found = account(subject(NET), subject(NET, batch=2, symbols={"classes": 20}))
    assert [(edit[1:4], edit[5]) for edit in told(found)] == [
        (("choice", "setting", "batch"), "2"), (("choice", "setting", "classes"), "20"),
    ]  # fmt: skip
    assert found.causes[0].cost("multiply_adds") == STEM + MODULE + AGAIN + 2 * TAIL
    assert found.causes[1].cost("params") == 10 * 49


def test_costs_are_formulas_where_a_symbol_is_free():
    before, after = (subject(text, symbols={"batch": None}) for text in (NET, NET.replace("192", "160")))
    (cause,) = account(before, after).causes
    assert str(cause.cost("multiply_adds")) == f"-{32 * 64 * (9 * 8 + 16 + 9 * 32)}*batch"


@pytest.mark.parametrize(("before", "after"), [("vgg_d", "googlenet"), ("alexnet", "resnet50")])
def test_unrelated_networks_are_told_layer_by_layer(before, after):
    found = compare([before, after])
    assert found.accounts[0].unknown
    assert not found.accounts[0].causes
    assert "layer by layer" in called("compare", before, after).stdout


def test_many_edits_are_told_layer_by_layer():
    rows = [f"  r{index}: {{convolution: 1x1, filters: {index + 1}}}\n" for index in range(MOST_EDITS + 1)]
    text = "name: net\ninput: 3x8x8\nrows:\n" + "".join(rows)
    assert "too many" in account(text, text.replace("1x1", "3x3, padding: same")).unknown


@pytest.mark.parametrize("reference", [name for name in ALL if "@" in name])
def test_every_variant_is_its_default_with_edits(reference):
    before, after = (subject_of(shipped(name)) for name in (reference.partition("@")[0], reference))
    found = account_of(before, after)
    assert not found.unknown
    for metric in ("multiply_adds", "params"):
        difference = getattr(after.analysis.totals, metric) - getattr(before.analysis.totals, metric)
        assert sum(cause.cost(metric) for cause in found.causes) + found.shared.get(metric, 0) == difference


def test_causes_come_first_and_a_deleted_row_is_not_the_same(tmp_path):
    (tmp_path / "a.yaml").write_text(NET)
    (tmp_path / "b.yaml").write_text(NET.replace("  pool: {max pool: 2x2/2}\n", ""))
    text = called("compare", str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml")).stdout
    assert text.index("\nedits\n") < text.index("multiply-adds by row")
    assert "pool  removed: {max pool: 2x2/2}" in text
    assert "1 of 5 rows have the same multiply-adds" in text
    assert "4 of 5 rows have the same params" in text
