"""Where a setting is looked for (language, rules 15 to 17)."""

from __future__ import annotations

from tests.helpers import analyzed, names, row_problem, rows


def biases(body: str) -> list[bool]:
    """For each convolution or linear layer, whether it has a bias."""
    net = rows(body)
    kinds = ("convolution", "depthwise convolution", "linear")
    return [cost.param_counts.biases > 0 for cost in net.layers if cost.layer.op.op in kinds]


def test_without_any_default_the_built_in_holds():
    assert biases("rows: {c: {convolution: 1x1, filters: 1}}") == [True]


def test_the_specs_defaults_go_before_the_built_in_and_the_step_before_both():
    body = """
        defaults: {convolution: {bias: false}}
        rows: {c: {convolution: 1x1, filters: 1}, d: {convolution: 1x1, filters: 1, bias: true}}
    """
    assert biases(body) == [False, True]


def test_the_enclosing_blocks_defaults_go_before_the_specs_innermost_first():
    body = """
        defaults: {convolution: {bias: true}}
        blocks:
          inner: {defaults: {convolution: {bias: true}}, sequence: [{convolution: 1x1, filters: 1}]}
          outer: {defaults: {convolution: {bias: false}}, sequence: [{convolution: 1x1, filters: 1}, inner]}
        rows: {r: outer, c: {convolution: 1x1, filters: 1}}
    """
    assert biases(body) == [False, True, True]


def test_a_block_without_defaults_sees_those_of_the_block_around_it():
    body = """
        blocks:
          inner: {sequence: [{convolution: 1x1, filters: 1}]}
          outer: {defaults: {convolution: {bias: false}}, sequence: [inner]}
        rows: {r: outer, i: inner}
    """
    assert biases(body) == [False, True]


def test_each_setting_is_looked_for_by_itself():
    body = """
        defaults: {convolution: {bias: false, activation: relu}}
        blocks: {b: {defaults: {convolution: {activation: tanh}}, sequence: [{convolution: 1x1, filters: 1}]}}
        rows: {r: b}
    """
    assert names(rows(body)) == ["r/1x1", "r/1x1/tanh"]
    assert biases(body) == [False]


def test_convolution_defaults_hold_for_its_family():
    body = """
        defaults: {convolution: {bias: false}}
        rows: {d: {depthwise convolution: 1x1}, s: {separable convolution: 1x1, filters: 1}}
    """
    assert biases(body) == [False, False, False]


def test_at_one_level_the_operators_own_entry_goes_before_the_familys():
    body = """
        defaults: {depthwise convolution: {bias: true}, convolution: {bias: false}}
        rows: {d: {depthwise convolution: 1x1}, c: {convolution: 1x1, filters: 1}}
    """
    assert biases(body) == [True, False]


def test_an_inner_familys_entry_goes_before_an_outer_own_one():
    body = """
        defaults: {depthwise convolution: {bias: true}}
        blocks: {b: {defaults: {convolution: {bias: false}}, sequence: [{depthwise convolution: 1x1}]}}
        rows: {r: b, d: {depthwise convolution: 1x1}}
    """
    assert biases(body) == [False, True]


def test_nothing_else_inherits():
    """Rule 15: linear has its own."""
    body = "defaults: {convolution: {bias: false}}\nrows: {c: {convolution: 1x1, filters: 1}, fc: {linear: 1}}"
    assert biases(body) == [False, True]


def test_the_specs_defaults_are_those_after_the_variant():
    spec = """
        name: t
        input: 3x4x4
        defaults: {convolution: {bias: false, activation: relu}}
        rows: {c: {convolution: 1x1, filters: 1}}
        variants: {biased: {defaults: {convolution: {bias: true}}}}
    """
    net = analyzed(spec, "biased")
    assert (net.totals.biases, names(net)) == (1, ["c", "c/relu"])


def test_defaults_of_joins_and_pools():
    body = """
        defaults: {sum: {activation: relu}, max pool: {rounding: ceil}}
        rows: {s: {sum: {a: identity, b: identity}}, p: {max pool: 3x3/2}}
    """
    net = rows(body, 3, 8, 8)
    assert names(net) == ["s/sum", "s/sum/relu", "p"]
    assert net.rows[1].output == (3, 4, 4)


def test_steps_behind_then_and_inside_branches_see_them_too():
    body = """
        defaults: {convolution: {bias: false}}
        rows: {r: {concat: {a: {convolution: 1x1, filters: 1}}, then: {convolution: 1x1, filters: 1}}}
    """
    assert biases(body) == [False, False]


def test_blocks_taken_with_use_do_not_bring_their_files_defaults_but_their_own():
    """Rule 16."""
    neighbour = """
        name: n
        input: 3x4x4
        defaults: {convolution: {bias: false}}
        blocks:
          plain: {sequence: [{convolution: 1x1, filters: 1}]}
          set: {defaults: {convolution: {bias: false}}, sequence: [{convolution: 1x1, filters: 2}]}
        rows: {r: plain, s: set}
    """
    user = "name: u\ninput: 3x4x4\nuse: {n: [plain, set]}\nrows: {r: plain, s: set}"
    net = analyzed(user, neighbours={"n": neighbour})
    assert [cost.param_counts.biases for cost in net.layers] == [1, 0]


def test_an_operator_that_is_a_step_takes_no_defaults():
    """Rule 17."""
    assert row_problem("defaults: {relu: {}}\nrows: {r: relu}").code == "no-defaults"


def test_what_belongs_to_one_layer_cannot_be_a_default():
    problem = row_problem("defaults: {convolution: {filters: 3}}\nrows: {c: {convolution: 1x1, filters: 1}}")
    assert problem.code == "unknown-key"
