"""Rules 1 to 4 and 15 to 20 of the language, each by its number."""

import pytest

from inception_calc.ops.register import COMMON, REGISTER, SETTINGS
from tests.helpers import analyzed, layer, meant, names, problems, row_problem, rows

HEAD = "name: test\ninput: 3x16x16\n"


@pytest.mark.parametrize(
    "text", ["1_000", "+64", "64.0", "1e3", "True", "true", "0x10", "٨", "12:30", "1,0", "NaN", "~"]
)
def test_rule_1_a_count_is_digits_or_an_expression(text):
    problem = row_problem(f"rows:\n  a:\n    convolution: 1x1\n    filters: {text}\n")
    assert problem.location.line == 6


@pytest.mark.parametrize(("text", "filters"), [("010", 10), ("8", 8), ("4 * 2", 8), ("007 + 1", 8)])
def test_rule_1_digits_are_decimal_whatever_yaml_thinks(text, filters):
    assert rows(f"rows: {{a: {{convolution: 1x1, filters: {text}}}}}").rows[0].output.channels == filters


@pytest.mark.parametrize("name", ["4e", "1e6", "010", "1409.4840", "no", "12:30", "null", "~", "2001-01-01", "0o17"])
def test_rule_1_names_stay_the_text_that_stands_in_the_file(name):
    assert names(analyzed(f"{HEAD}rows:\n  {name}: softmax\n")) == [name]


@pytest.mark.parametrize(
    ("flag", "fine"), [("true", True), ("false", True), ("yes", False), ("no", False), ("on", False), ("1", False)]
)
def test_rule_1_a_flag_is_true_or_false(flag, fine):
    body = f"rows: {{a: {{convolution: 1x1, filters: 2, bias: {flag}}}}}"
    if fine:
        assert rows(body).layers[0].param_counts.biases == (2 if flag == "true" else 0)
    else:
        assert row_problem(body).code == "not-a-flag"


@pytest.mark.parametrize("setting", ["filters: '8'", "filters: 8, bias: 'true'", 'filters: 8, stride: "2"'])
def test_rule_1_a_quoted_scalar_is_never_a_count_or_a_flag(setting):
    problem = row_problem(f"rows: {{a: {{convolution: 1x1, {setting}}}}}")
    assert problem.code == "quoted"
    assert meant(problem)[0] in "'\""


@pytest.mark.parametrize("second", sorted(set(REGISTER) - {"batch norm"}))
def test_rule_3_a_step_has_exactly_one_operator(second):
    if second == "convolution":
        return
    problem = row_problem(f"rows: {{a: {{convolution: 1x1, filters: 2, {second}: }}}}")
    assert (problem.code, meant(problem)) == ("two-operators", second)


def test_rule_3_batch_norm_alone_is_an_operator_and_beside_one_a_setting():
    analysis = rows("rows: {a: {convolution: 1x1, filters: 2, batch norm: true}, b: batch norm}")
    assert names(analysis) == ["a", "a/batch norm", "b"]


@pytest.mark.parametrize(
    "name", sorted({*REGISTER, *SETTINGS, *COMMON, "label", "patch", "printed", "after", "before"})
)
def test_rule_4_no_block_is_called_like_a_word_of_the_language(name):
    (problem,) = problems(f"{HEAD}blocks:\n  {name}: {{sequence: [relu]}}\nrows: {{a: softmax}}\n")
    assert (problem.code, meant(problem)) == ("reserved-name", name)


@pytest.mark.parametrize("name", ["3", "010", "input_channels"])
def test_rule_4_no_column_is_called_like_a_number(name):
    found = problems(f"{HEAD}blocks:\n  b:\n    columns: [{name}]\n    sequence: [relu]\nrows: {{a: {{b: 1}}}}\n")
    assert found[0].code in ("bad-name", "reserved-name")
    assert meant(found[0]) == name


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}rows:\n  a: relu\n  a: tanh\n",
        f"{HEAD}rows: {{a: relu}}\nblocks:\n  b: {{sequence: [relu]}}\n  b: {{sequence: [tanh]}}\n",
        f"{HEAD}rows: {{a: {{concat: {{x: relu, x: tanh}}}}}}\n",
        f"{HEAD}rows: {{a: relu}}\nvariants:\n  v:\n  v:\n",
    ],
    ids=["rows", "blocks", "branches", "variants"],
)
def test_rule_4_names_are_unique_in_their_mapping(text):
    (problem,) = problems(text)
    assert problem.code == "duplicate-key"


@pytest.mark.parametrize("section", ["rows: {total: relu}", "rows: {a: relu}\nheads: {total: {relu: , after: a}}"])
def test_rule_4_total_is_reserved(section):
    (problem,) = problems(f"{HEAD}{section}\n")
    assert (problem.code, meant(problem)) == ("reserved-name", "total")


DEFAULTS = f"""{HEAD}
defaults: {{convolution: {{padding: same, bias: false}}}}
blocks:
  outer:
    defaults: {{convolution: {{padding: half}}}}
    sequence: {{one: {{convolution: 3x3, filters: 2}}, two: inner}}
  inner:
    defaults: {{convolution: {{activation: relu}}, depthwise convolution: {{padding: valid}}}}
    sequence:
      plain: {{convolution: 3x3, filters: 2}}
      deep: {{depthwise convolution: 3x3}}
      own: {{convolution: 3x3, filters: 2, padding: valid}}
rows: {{a: outer, b: {{convolution: 3x3, filters: 2}}, c: {{linear: 2}}}}
"""


def test_rule_15_the_step_then_the_blocks_from_inside_out_then_the_spec():
    analysis = analyzed(DEFAULTS)

    def padding(name: str):
        return layer(analysis, name).layer.op.window.padding

    assert tuple(padding("a/one")) == ((1, 1), (1, 1))  # the block's `half`
    assert tuple(padding("a/two/plain")) == ((1, 1), (1, 1))
    assert padding("b") is None  # the spec's `same`
    deep = next(cost.layer for cost in analysis.layers if cost.layer.op.op == "depthwise convolution")
    assert tuple(deep.op.window.padding) == ((0, 0), (0, 0))  # its own entry goes before its family's
    own = next(cost.layer for cost in analysis.layers if cost.layer.name.endswith("own"))
    assert tuple(own.op.window.padding) == ((0, 0), (0, 0))  # the step goes before all


def test_rule_15_defaults_of_convolution_hold_for_its_family_and_nothing_else():
    analysis = analyzed(DEFAULTS)
    biases = {cost.layer.op.op: cost.param_counts.biases for cost in analysis.layers if hasattr(cost.layer.op, "bias")}
    assert biases["convolution"] == 0
    assert biases["depthwise convolution"] == 0
    assert biases["linear"] > 0
    followed = [name for name in names(analysis) if name.endswith("/relu")]
    assert len(followed) == 3  # the three layers of the inner block


@pytest.mark.parametrize("operator", ["relu", "softmax", "flatten"])
def test_rule_17_an_operator_without_settings_takes_no_defaults(operator):
    """What is trained may say `frozen` all the same: batch norm."""
    (problem,) = problems(f"{HEAD}defaults: {{{operator}: {{bias: true}}}}\nrows: {{a: relu}}\n")
    assert (problem.code, meant(problem)) == ("no-defaults", operator)


def test_rule_18_input_channels_is_the_depth_that_enters_the_call_and_no_branch_rebinds_it():
    text = f"""{HEAD}
blocks:
  residual:
    sum:
      shortcut: identity
      body:
        - concat: {{x: {{convolution: 1x1, filters: 5}}, y: {{convolution: 1x1, filters: 9}}}}
        - {{convolution: 1x1, filters: input_channels}}
rows: {{a: {{convolution: 1x1, filters: 8}}, b: {{repeat: 2, residual: }}}}
"""
    assert [group.output.channels for group in analyzed(text).rows] == [8, 8]


def test_rule_18_a_repetition_rebinds_it():
    analysis = rows("rows: {a: {repeat: 3, convolution: 1x1, filters: 2 * input_channels}}")
    assert [cost.layer.output.channels for cost in analysis.layers] == [6, 12, 24]


def test_rule_19_a_columns_value_is_bound_where_the_call_stands():
    text = f"""{HEAD}
blocks:
  inner: {{columns: [depth], sequence: [{{convolution: 1x1, filters: 7}}, {{convolution: 1x1, filters: depth}}]}}
  outer: {{columns: [n], sequence: [{{convolution: 1x1, filters: n}}, {{inner: input_channels}}]}}
rows: {{a: {{outer: 20}}}}
"""
    assert analyzed(text).rows[0].output.channels == 3  # the depth that enters the outer block, not 7 and not 20


def test_rule_20_every_column_must_be_used():
    block = "  b:\n    columns: [x, y]\n    sequence: [{convolution: 1x1, filters: x}]\n"
    text = f"{HEAD}blocks:\n{block}rows: {{a: {{b: [1, 2]}}}}\n"
    (problem,) = problems(text)
    assert (problem.code, meant(problem)) == ("unused-column", "y")


@pytest.mark.parametrize("change", ["like", "variant"])
def test_rule_20_a_changed_block_keeps_columns_that_it_leaves_unread(change):
    block = "b: {columns: [x, y], sequence: {p: {convolution: 1x1, filters: x}, q: {convolution: 1x1, filters: y}}}"
    if change == "like":
        text = f"{HEAD}blocks:\n  {block}\n  c: {{like: b, sequence: {{q: remove}}}}\nrows: {{a: {{c: [1, 2]}}}}\n"
        assert analyzed(text).rows[0].output.channels == 1
    else:
        patch = "{blocks: {b: {sequence: {q: remove}}}}"
        text = f"{HEAD}blocks:\n  {block}\nrows: {{a: {{b: [1, 2]}}}}\nvariants: {{v: {patch}}}\n"
        assert analyzed(text, "v").rows[0].output.channels == 1


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("rows:\n  a: {sequence: {x: relu}}\n  a/x: relu\n", "a/x"),
        ("rows:\n  a: {concat: {p: [relu, relu], 'p/relu 2': relu}}\n", "a/p/relu 2"),
        ("rows:\n  a: {repeat: 2, relu: }\n  a/2: relu\n", "a/2"),
    ],
)
def test_rule_24_two_equal_names_are_an_error_that_names_both_places(body, name):
    problem = row_problem(body)
    assert problem.code == "same-name"
    assert f"'{name}'" in problem.what
    assert problem.notes[0].startswith("the other one stands in line ")


def test_section_5_a_fault_inside_a_block_is_reported_once_with_the_first_row_and_the_number_of_others():
    text = f"""{HEAD}
blocks:
  b: {{columns: [n], sequence: [{{convolution: 20x20, filters: n}}]}}
rows: {{3a: {{b: 1}}, 3b: {{b: 2}}, 3c: {{b: 3}}}}
"""
    (problem,) = problems(text)
    assert (problem.code, meant(problem)) == ("window-too-large", "20x20")
    assert problem.notes == ("in 3a, line 6 and 2 more rows", "the sizes of 2 rows behind it are not judged yet")


def test_section_5_branches_that_do_not_join_are_all_named_with_their_shapes():
    text = f"""{HEAD}
blocks:
  b:
    concat:
      wide: {{convolution: 1x1, filters: 4}}
      strided: {{convolution: 3x3/2, filters: 5}}
      pool: {{max pool: 3x3/1}}
rows: {{4a: b}}
"""
    (problem,) = problems(text)
    assert (problem.code, meant(problem)) == ("branches-differ", "concat")
    assert problem.what.endswith("wide 16x16x4, strided 7x7x5, pool 14x14x3 (height x width x channels)")
    assert problem.notes == ("in 4a, line 10",)
