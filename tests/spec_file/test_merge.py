"""Variants, `like`, `use` and `combine`: one rule of change (language, rules 27 to 32)."""

import pytest

from inception_calc.ops.step import BlockCall
from tests.helpers import analyzed, loaded, meant, names, problems

NET = """
name: Net
input: 3x16x16
source: {prints: [output, params]}
symbols: {classes: 10, growth: 4}
defaults: {convolution: {padding: same, activation: relu}, max pool: {rounding: ceil}}
blocks:
  pair:
    label: pair ({name})
    columns: [a, b]
    sequence: {first: {convolution: 1x1, filters: a}, second: {convolution: 3x3, filters: b}}
rows:
  conv1: {convolution: 3x3/2, filters: 8, printed: [8x8x8, 224], label: stem, then: {dropout: 0.2}, repeat: 1}
  pool1: {max pool: 2x2/2, printed: [4x4x8, 0]}
  3a: {pair: [4, 8]}
  last: softmax
printed: {params: 1K}
"""


def variant(patch: str, name: str = "v", **neighbours):
    """The spec with one variant, whose patch is a flow mapping."""
    return loaded(f"{NET}variants:\n  v: {patch}\n", name, **neighbours)


def rows_of(spec) -> list[str]:
    return list(spec.spec.rows)


def filters(spec, row: str) -> str:
    return spec.spec.rows[row].step.operator.filters.text


# Rule 27: mapping into mapping by key, all else replaced, `remove` removes


def test_rule_27_a_setting_is_changed_and_the_others_stay():
    spec = variant("{rows: {conv1: {filters: 16}}}")
    conv = spec.spec.rows["conv1"].step.operator
    assert (conv.filters.text, conv.argument.text) == ("16", "3x3/2")


def test_rule_27_a_list_is_replaced_by_a_list():
    spec = variant("{rows: {3a: {pair: [1, 2]}}}")
    assert spec.spec.rows["3a"].step.operator == BlockCall("pair", ("1", "2"))


@pytest.mark.parametrize("patch", ["{pair: {b: 6}}", "{pair: {b: 6}, label: other}"])
def test_rule_27_a_list_and_a_mapping_of_columns_merge_by_name(patch):
    spec = variant(f"{{rows: {{3a: {patch}}}}}")
    assert spec.spec.rows["3a"].step.operator == BlockCall("pair", {"a": "4", "b": "6"})


def test_rule_27_columns_of_a_block_that_is_like_another_one_merge_too():
    text = NET.replace("rows:\n", "  pair too: {like: pair}\nrows:\n  4a: {pair too: [7, 8]}\n")
    changed = loaded(f"{text}variants:\n  v: {{rows: {{4a: {{pair too: {{a: 6}}}}}}}}\n", "v")
    assert changed.spec.rows["4a"].step.operator == BlockCall("pair too", {"a": "6", "b": "8"})


def test_rule_27_remove_removes_a_row_a_setting_and_a_branch():
    spec = variant("{rows: {pool1: remove, conv1: {label: remove}}}")
    assert rows_of(spec) == ["conv1", "3a", "last"]
    assert spec.spec.rows["conv1"].label is None


def test_rule_27_remove_in_quotes_is_a_text():
    assert variant("{rows: {conv1: {label: 'remove'}}}").spec.rows["conv1"].label == "remove"


def test_rule_27_remove_must_find_something():
    (problem,) = problems(f"{NET}variants:\n  v: {{rows: {{conv9: remove}}}}\n")
    assert (problem.code, meant(problem)) == ("nothing-to-remove", "conv9")


def test_rule_27_symbols_defaults_and_input_merge_too():
    spec = variant("{input: 3x32x32, symbols: {growth: 8}, defaults: {convolution: {padding: valid}}}").spec
    assert tuple(spec.input) == (3, 32, 32)
    assert spec.symbols == {"classes": 10, "growth": 8}
    assert spec.defaults["convolution"]["padding"].word == "valid"
    assert spec.defaults["convolution"]["activation"] == "relu"


# Rule 28: another operator replaces the step


def test_rule_28_another_operator_keeps_what_is_printed_and_what_follows():
    spec = loaded(
        f"{NET}variants:\n  v: {{rows: {{conv1: {{separable convolution: 3x3, filters: 4}}}}}}\n".replace(
            "printed: [8x8x8, 224], ", ""
        ),
        "v",
    )
    row = spec.spec.rows["conv1"]
    assert row.step.operator.key == "separable convolution"
    assert "stride" not in row.step.operator.model_fields_set
    assert row.label == "stem"
    assert [step.operator.key for step in row.step.then] == ["dropout"]
    assert row.step.repeat.text == "1"


def test_rule_28_what_is_kept_can_be_removed():
    row = variant("{rows: {conv1: {max pool: 2x2/2, then: remove, label: remove, repeat: remove}}}").spec.rows["conv1"]
    assert (row.step.then, row.label, row.step.repeat) == ((), None, None)


def test_rule_28_the_same_operator_is_merged():
    row = variant("{rows: {conv1: {convolution: 5x5}}}").spec.rows["conv1"]
    assert (row.step.operator.argument.text, row.step.operator.filters.text) == ("5x5", "8")


def test_rule_28_batch_norm_beside_a_convolution_is_a_setting():
    row = variant("{rows: {conv1: {batch norm: true}}}").spec.rows["conv1"]
    assert row.step.operator.key == "convolution"
    assert row.step.operator.batch_norm is True


# Rule 29: places of what is new


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("after: conv1", ["conv1", "new", "pool1", "3a", "last"]),
        ("before: conv1", ["new", "conv1", "pool1", "3a", "last"]),
    ],
)
def test_rule_29_a_new_row_says_its_place(place, expected):
    assert rows_of(variant(f"{{rows: {{new: {{relu: , {place}}}}}}}")) == expected


def test_rule_29_new_rows_may_stand_after_one_another():
    assert rows_of(variant("{rows: {n1: {relu: , after: last}, n2: {relu: , after: n1}}}"))[-2:] == ["n1", "n2"]


@pytest.mark.parametrize("row", ["relu", "{relu: }", "{relu: , after: conv1, before: last}"])
def test_rule_29_a_new_row_without_one_place_is_refused(row):
    (problem,) = problems(f"{NET}variants:\n  v: {{rows: {{new: {row}}}}}\n")
    assert (problem.code, meant(problem)) == ("no-place", "new")


def test_rule_29_a_row_must_not_be_placed_beside_itself():
    (problem,) = problems(f"{NET}variants:\n  v: {{rows: {{new: {{relu: , after: new}}}}}}\n")
    assert problem.code == "unknown-row"


def test_rule_29_new_branches_go_last():
    text = NET.replace("  last: softmax", "  join: {concat: {x: relu, y: tanh}}\n  last: softmax")
    spec = loaded(f"{text}variants:\n  v: {{rows: {{join: {{concat: {{z: identity, x: sigmoid}}}}}}}}\n", "v")
    assert [branch.name for branch in spec.spec.rows["join"].step.operator.argument] == ["x", "y", "z"]


# Rule 30: the order of changes, and circles


def test_rule_30_combine_goes_before_the_variant_itself_from_left_to_right():
    text = f"""{NET}
variants:
  a: {{rows: {{conv1: {{filters: 1, stride: remove, padding: valid}}}}}}
  b: {{rows: {{conv1: {{filters: 2, bias: false}}}}}}
  both: {{combine: [a, b], rows: {{conv1: {{bias: true}}}}}}
"""
    text = text.replace("stride: remove, ", "")
    conv = loaded(text, "both").spec.rows["conv1"].step.operator
    assert (conv.filters.text, conv.padding.word, conv.bias) == ("2", "valid", True)


def test_rule_30_like_comes_last_so_a_changed_block_changes_what_is_like_it():
    text = NET.replace("rows:\n  conv1", "  pair too: {like: pair}\nrows:\n  4a: {pair too: [4, 8]}\n  conv1", 1)
    text += "variants:\n  v: {blocks: {pair: {sequence: {second: {convolution: 5x5}}}}}\n"
    default, changed = analyzed(text), analyzed(text, "v")
    assert default.layers[2].layer.op.window.kernel_size == (3, 3)
    assert changed.layers[2].layer.op.window.kernel_size == (5, 5)
    assert names(default) == names(changed)


def test_rule_30_like_keeps_the_columns_and_settings_and_adds_its_own():
    text = NET.replace(
        "rows:\n  conv1", "  bare: {like: pair, label: bare, sequence: {second: remove}}\nrows:\n  conv1", 1
    )
    block = loaded(text).spec.blocks["bare"]
    assert (block.label, block.columns) == ("bare", ("a", "b"))
    assert [item.name for item in block.body.argument] == ["first"]


def test_rule_30_another_body_takes_no_settings_over():
    text = f"{NET}variants:\n  v: {{blocks: {{pair: {{concat: {{x: {{convolution: 1x1, filters: a}}}}}}}}}}\n"
    block = loaded(text, "v").spec.blocks["pair"]
    assert (block.body.key, block.columns, block.label) == ("concat", ("a", "b"), "pair ({name})")


@pytest.mark.parametrize(
    ("text", "circle"),
    [
        (f"{NET}variants:\n  a: {{combine: [b]}}\n  b: {{combine: [a]}}\n", "b -> a -> b"),
        (NET.replace("rows:\n  conv1", "  x: {like: y}\n  y: {like: x}\nrows:\n  conv1", 1), "x -> y -> x"),
        (
            NET.replace("rows:\n  conv1", "  x: {sequence: [y]}\n  y: {sequence: [x]}\nrows:\n  conv1", 1),
            "x -> y -> x",
        ),
    ],
    ids=["combine", "like", "calls"],
)
def test_rule_30_circles_are_named(text, circle):
    first = problems(text)[0]
    assert first.code == "cycle"
    assert circle in first.what


# Rules 31 and 32


@pytest.mark.parametrize("empty", ["{}", ""])
def test_rule_31_an_empty_variant_is_the_spec_itself(empty):
    assert variant(empty).spec.rows == loaded(NET).spec.rows
    assert variant(empty, "default").variant == "default"


def test_rule_31_default_cannot_be_declared():
    (problem,) = problems(f"{NET}variants:\n  default: {{}}\n")
    assert problem.code == "reserved-name"


def test_rule_32_a_variant_is_not_judged_by_what_the_spec_prints():
    spec = variant("{rows: {pool1: {printed: [8x8x8, 0]}}, symbols: {growth: 5}}").spec
    assert spec.rows["conv1"].printed == ()
    assert spec.rows["pool1"].printed == ("8x8x8", "0")
    assert spec.printed == {}


def test_rule_32_a_second_name_for_the_spec_is_judged_by_it():
    assert variant("{}").spec.rows["conv1"].printed == ("8x8x8", "224")


# Rule 5 and places after a merge


def test_rule_5_a_bare_word_is_a_mapping_before_anything_is_merged():
    assert variant("{rows: {last: {repeat: 2}}}").spec.rows["last"].step.repeat.text == "2"
    assert variant("{rows: {last: relu}}").spec.rows["last"].step.operator.key == "relu"


def test_a_fault_in_a_variant_points_into_the_variant():
    (problem,) = problems(f"{NET}variants:\n  v:\n    rows:\n      conv1: {{filters: 0}}\n", "v")
    assert meant(problem) == "0"
    assert problem.location.text == "      conv1: {filters: 0}"


def test_a_fault_in_what_a_variant_leaves_alone_points_into_the_spec():
    (problem,) = problems(f"{NET}variants:\n  v: {{input: 3x1x1}}\n".replace("rounding: ceil", "rounding: floor"), "v")
    assert (problem.code, meant(problem)) == ("window-too-large", "2x2/2")


def test_every_variant_is_read_whichever_is_asked_for():
    (problem,) = problems(f"{NET}variants:\n  v: {{}}\n  w: {{rows: {{conv1: {{filtres: 1}}}}}}\n", "v")
    assert meant(problem) == "filtres"


# Rules 16 and 36: use

SHARED = """
name: Shared
input: 3x8x8
symbols: {growth: 99}
defaults: {convolution: {bias: false, padding: same}}
blocks:
  grow: {sequence: [{convolution: 3x3, filters: growth}]}
  own: {defaults: {convolution: {bias: false}}, sequence: [{convolution: 1x1, filters: 2}]}
  twice: {sequence: [own, own]}
rows: {a: grow}
"""
USER = """
name: User
input: 3x8x8
symbols: {growth: 5}
use: {shared: [grow, own, twice]}
rows: {a: grow, b: own, c: twice}
"""


def test_rule_16_a_used_block_brings_neither_symbols_nor_defaults_but_its_own():
    analysis = analyzed(USER, neighbours={"shared": SHARED})
    grow, own = analysis.layers[0].layer, analysis.layers[1].layer
    assert grow.op.filters == 5
    assert grow.op.bias is True
    assert tuple(grow.output) == (5, 6, 6)  # the user's padding: none
    assert own.op.bias is False


def test_rule_16_a_symbol_that_the_user_lacks_is_a_fault_of_the_use():
    (problem,) = [
        problem
        for problem in _problems_with(USER.replace("growth: 5", "classes: 5"))
        if problem.code == "unknown-symbol"
    ]
    assert problem.location.file == "test.yaml"
    assert meant(problem) == "grow"
    assert problem.notes == ("read in shared.yaml, line 7",)


def _problems_with(text: str):
    from inception_calc.problems import InputError

    with pytest.raises(InputError) as caught:
        loaded(text, neighbours={"shared": SHARED})
    return caught.value.problems


def test_rule_36_a_used_block_calls_a_block_that_must_be_used_too():
    found = _problems_with(USER.replace("[grow, own, twice]", "[grow, twice]").replace(" b: own,", ""))
    assert [(problem.code, meant(problem), problem.location.file) for problem in found] == [
        ("unknown-block", "own", "shared.yaml")
    ] * 2


def test_rule_36_what_a_neighbour_does_not_declare_is_named():
    (problem,) = _problems_with(USER.replace("own, twice]", "owm, twice, own]"))
    assert (problem.code, meant(problem), str(problem.fix)) == ("unknown-block", "owm", "did you mean 'own'?")


def test_a_used_block_may_be_changed_by_a_variant_and_by_like():
    text = f"{USER}blocks:\n  mine: {{like: own, sequence: [{{convolution: 5x5, filters: 1}}]}}\n"
    text += "variants:\n  v: {blocks: {own: {sequence: [softmax]}}}\n"
    changed = loaded(text, "v", {"shared": SHARED}).spec.blocks
    assert changed["own"].body.argument[0].steps[0].operator.key == "softmax"
    assert changed["mine"].body.argument[0].steps[0].operator.argument.text == "5x5"
