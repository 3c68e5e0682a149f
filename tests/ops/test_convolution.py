"""Convolution: `{convolution: 7x7/2, filters: 64}` (GoogLeNet, section 3; language, rules 6, 7, 13 and 14)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import analyzed, counted, layer, meant, names, row_problem, rows
from tests.ops import loops
from tests.ops.layers import FLAGS, Windowed, flag, windowed


@given(windowed(), st.integers(1, 4), FLAGS)
def test_counts_are_those_of_the_walked_loops(w: Windowed, filters: int, bias: bool):
    step = f"{{convolution: {w.window}, filters: {filters}, bias: {flag(bias)}{w.settings}}}"
    assert counted(step, w.x) == [loops.convolution(w.x, w.rows, w.columns, filters, bias=bias)]


@given(windowed(channels=1, side=5), st.integers(1, 3), st.integers(1, 2), st.integers(1, 2))
def test_a_filter_of_a_group_sees_the_maps_of_its_group_alone(w: Windowed, groups: int, maps: int, filters: int):
    x = (groups * maps, *w.x[1:])
    step = f"{{convolution: {w.window}, filters: {groups * filters}, groups: {groups}{w.settings}}}"
    assert counted(step, x) == [loops.convolution(x, w.rows, w.columns, groups * filters, groups=groups)]


@given(windowed(channels=1, side=5), st.lists(st.sets(st.integers(0, 3), min_size=1), min_size=1, max_size=4))
def test_a_filter_has_one_kernel_for_each_map_in_its_list_of_connections(w: Windowed, table: list[set[int]]):
    x = (4, *w.x[1:])
    lists = [sorted(maps) for maps in table]
    step = f"{{convolution: {w.window}, filters: {len(lists)}, connections: {lists}{w.settings}}}"
    assert counted(step, x) == [loops.convolution(x, w.rows, w.columns, len(lists), connections=lists)]


@given(FLAGS, FLAGS, st.sampled_from(["none", "relu", "relu6", "tanh", "sigmoid"]))
def test_batch_norm_and_activation_follow_in_this_order_and_leave_the_bias_alone(bias: bool, norm: bool, word: str):
    """Rule 13: convolution, bias, batch norm, activation; `batch norm: true` does not switch the bias off."""
    x, axis = (2, 4, 3), loops.Axis(1)
    step = f"{{convolution: 1x1, filters: 3, bias: {flag(bias)}, batch norm: {flag(norm)}, activation: {word}}}"
    conv = loops.convolution(x, axis, axis, 3, bias=bias)
    after = {"none": [], "relu6": [loops.elementwise(conv.output, "zero", "six")]}
    followers = after.get(word, [loops.elementwise(conv.output, word)])
    assert counted(step, x) == [conv, *([loops.batch_norm(conv.output)] if norm else []), *followers]


def test_the_batch_multiplies_multiply_adds_and_leaves_params_alone():
    one = rows("rows: {c: {convolution: 3x3, filters: 4}}", batch=1).layers[0]
    five = rows("rows: {c: {convolution: 3x3, filters: 4}}", batch=5).layers[0]
    assert (five.multiply_adds, five.params) == (5 * one.multiply_adds, one.params)


def test_a_window_may_be_one_expression():
    """Language, section 2: `convolution: k`, square, with `stride:` beside it."""
    expression = rows("symbols: {k: 3}\nrows: {c: {convolution: k, stride: k - 1, filters: 4}}", 3, 9, 9)
    assert expression.totals.weights == 4 * 3 * 3 * 3
    assert expression.layers[0].layer.output == (4, 4, 4)


def test_height_comes_first_in_a_window():
    """Rule 6."""
    assert counted("{convolution: 1x3, filters: 1}", (1, 9, 9))[0].output == (1, 9, 7)
    assert counted("{convolution: 1x1/3x1, filters: 1}", (1, 9, 9))[0].output == (1, 3, 9)


def test_the_stride_defaults_to_one_and_the_padding_to_valid():
    """Rules 6 and 7."""
    assert counted("{convolution: 3x3, filters: 1}", (1, 9, 8))[0].output == (1, 7, 6)


def test_same_and_half_give_equal_sizes_for_odd_windows():
    """Rule 7: they differ in place only."""
    for n in range(1, 12):
        same, half = (
            counted(f"{{convolution: 5x3/2, filters: 1, padding: {word}}}", (1, n, n))[0].output
            for word in ("same", "half")
        )
        assert same == half


def test_lenet_5_c1_has_156_params_and_122304_connections():
    """LeCun et al. 1998, section II.B. A connection is a weight at a position, or its bias."""
    (c1,) = counted("{convolution: 5x5, filters: 6}", (1, 32, 32))
    assert c1.output == (6, 28, 28)
    assert c1.weights + c1.biases == 156
    assert c1.multiply_adds + 6 * 28 * 28 == 122_304


def test_lenet_5_c3_has_1516_params_because_its_maps_see_only_some():
    """LeCun et al. 1998, Table I: six maps see three, nine see four, one sees all six. All seeing all is 2,416."""
    table = [[0, 1, 2]] * 6 + [[0, 1, 2, 3]] * 9 + [[0, 1, 2, 3, 4, 5]]
    (c3,) = counted(f"{{convolution: 5x5, filters: 16, connections: {table}}}", (6, 14, 14))
    assert c3.weights + c3.biases == 1_516
    assert c3.multiply_adds + 16 * 10 * 10 == 151_600  # connections as printed
    (full,) = counted("{convolution: 5x5, filters: 16}", (6, 14, 14))
    assert full.weights + full.biases == 2_416


def test_googlenets_first_layer_has_9472_params_and_118_million_multiply_adds():
    """Caffe's bvlc_googlenet, conv1/7x7_s2 (64x3x7x7 and 64)."""
    (conv1,) = counted("{convolution: 7x7/2, filters: 64, padding: 3}", (3, 224, 224))
    assert (conv1.output, conv1.weights, conv1.weights + conv1.biases) == ((64, 112, 112), 9_408, 9_472)
    assert conv1.multiply_adds == 118_013_952


def test_three_3x3_need_27_c_squared_weights_where_a_7x7_needs_49():
    """VGG, section 2.3: the 7x7 has 81 % more."""
    stack = rows("rows: {stack: {repeat: 3, convolution: 3x3, filters: 10, padding: 1}}", 10)
    (seven,) = counted("{convolution: 7x7, filters: 10, padding: 3}", (10, 16, 16))
    assert (stack.totals.weights, seven.weights) == (27 * 10**2, 49 * 10**2)


def test_alexnets_two_groups_halve_the_weights_of_conv2():
    """Krizhevsky et al. 2012, section 3.5: 256 kernels of 5x5x48."""
    (conv2,) = counted("{convolution: 5x5, filters: 256, groups: 2, padding: half}", (96, 27, 27))
    assert conv2.weights == 256 * 5 * 5 * 48


def test_groups_must_divide_both_depths():
    problem = row_problem("rows: {c: {convolution: 1x1, filters: 4, groups: 2}}", channels=3)
    assert (problem.code, meant(problem)) == ("groups", "2")
    assert row_problem("rows: {c: {convolution: 1x1, filters: 3, groups: 2}}", channels=4).code == "groups"


def test_a_connection_table_has_one_list_per_filter_and_no_unknown_map():
    """Rule 14."""
    assert row_problem("rows: {c: {convolution: 1x1, filters: 2, connections: [[0]]}}").code == "connections"
    problem = row_problem("rows: {c: {convolution: 1x1, filters: 1, connections: [[0, 3]]}}", channels=3)
    assert problem.code == "connections"
    assert row_problem("rows: {c: {convolution: 1x1, filters: 1, connections: [[0, 0]]}}").code == "twice"


def test_half_is_refused_for_even_windows_with_a_number_to_type():
    """Rule 7."""
    problem = row_problem("rows: {c: {convolution: 2x2, filters: 1, padding: half}}")
    assert (problem.code, meant(problem)) == ("half-of-even", "half")
    assert "padding: 1" in problem.fix


def test_a_window_larger_than_the_padded_map_is_refused_at_the_window():
    """Language, section 5: a geometry fault at the window."""
    problem = row_problem("rows: {c: {convolution: 7x5, filters: 1, padding: 1}}", height=4, width=9)
    assert (problem.code, meant(problem)) == ("window-too-large", "7x5")


def test_a_dilated_window_is_judged_by_its_reach():
    """d (k - 1) + 1: a 3x3 dilated by 2 reaches over 5."""
    assert counted("{convolution: 3x3, filters: 1, dilation: 2}", (1, 5, 5))[0].output == (1, 1, 1)
    assert row_problem("rows: {c: {convolution: 3x3, filters: 1, dilation: 2}}", 1, 4, 5).code == "window-too-large"


def test_a_stride_stands_in_one_place():
    assert row_problem("rows: {c: {convolution: 3x3/2, stride: 2, filters: 1}}").code == "two-strides"


def test_filters_are_required_and_at_least_one():
    assert row_problem("rows: {c: {convolution: 3x3}}").code == "missing-key"
    assert row_problem("rows: {c: {convolution: 3x3, filters: 0}}").code == "too-small"


def test_followers_are_layers_below_the_convolution():
    """Rule 23."""
    net = analyzed("""
        name: test
        input: 3x8x8
        rows: {conv1: {convolution: 3x3, filters: 2, batch norm: true, activation: relu}}
    """)
    assert names(net) == ["conv1", "conv1/batch norm", "conv1/relu"]
    assert [layer(net, name).layer.depth for name in names(net)] == [1, 0, 0]
