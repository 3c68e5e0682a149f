"""Rows, stages, kinds and totals are groupings of one list of layers (design, section 2; language, rule 26)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers import rows, shipped_analysis

COUNTS = ("params", "weights", "biases", "buffers", "multiply_adds", "element_ops", "activation_elements", "layers")
NETS = ["googlenet", "lenet5", "resnet50", "mobilenet_v2", "densenet121", "inception_v4", "googlenet@torchvision"]
GROUPINGS = ("rows", "stages", "kinds", "single_layers")


@pytest.mark.parametrize("training", [False, True], ids=["inference", "training"])
@pytest.mark.parametrize("grouping", GROUPINGS)
@pytest.mark.parametrize("name", NETS)
def test_every_grouping_adds_up_to_the_totals(name: str, grouping: str, training: bool):
    analysis = shipped_analysis(name, training)
    groups = getattr(analysis, grouping)
    for count in COUNTS:
        assert sum(getattr(group.totals, count) for group in groups) == getattr(analysis.totals, count), count


@pytest.mark.parametrize("grouping", GROUPINGS)
def test_every_layer_is_in_exactly_one_group(grouping: str):
    analysis = shipped_analysis("googlenet", training=True)
    grouped = [cost.layer.name for group in getattr(analysis, grouping) for cost in group.layers]
    assert sorted(grouped) == sorted(cost.layer.name for cost in analysis.layers)


def test_params_are_weights_biases_and_batch_norms_scale_and_shift():
    """Design, section 2: running statistics are buffers, not params."""
    totals = rows("rows: {c: {convolution: 1x1, filters: 5, batch norm: true}}", 3).totals
    assert (totals.weights, totals.biases, totals.buffers, totals.params) == (15, 5, 2 * 5, 15 + 5 + 2 * 5)


def test_a_stage_is_a_run_of_rows_with_one_height_and_width():
    """Rule 26. GoogLeNet, Table 1: 112; 56; 28; 14; 7; 1."""
    stages = shipped_analysis("googlenet").stages
    assert [(stage.output.height, len({cost.layer.row for cost in stage.layers})) for stage in stages] == [
        (112, 1), (56, 2), (28, 3), (14, 6), (7, 3), (1, 4),
    ]  # fmt: skip
    assert [stage.name for stage in stages][2] == "pool2 to 3b"


def test_a_size_that_comes_back_is_a_stage_of_its_own():
    net = rows(
        """
        rows:
          a: {convolution: 3x3, filters: 1, padding: same}
          b: {convolution: 3x3, filters: 1}
          c: {convolution: 3x3, filters: 1, padding: 2}
        """
    )
    assert [stage.name for stage in net.stages] == ["a", "b", "c"]


def test_heads_are_no_part_of_a_stage_of_the_body():
    analysis = shipped_analysis("googlenet", training=True)
    mixed = [stage for stage in analysis.stages if len({cost.layer.row for cost in stage.layers} & {"loss1", "loss2"})]
    assert [{cost.layer.row for cost in stage.layers} for stage in mixed] == [{"loss1"}, {"loss2"}]


def test_kinds_come_in_order_of_first_appearance():
    pool, conv = "{max pool: 2x2/2}", "{convolution: 1x1, filters: 1, activation: relu}"
    net = rows(f"rows: {{a: {pool}, b: {conv}, c: {pool}}}")
    assert [kind.name for kind in net.kinds] == ["max pool", "convolution", "relu"]


# -- depth ------------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4))
@settings(max_examples=20)
def test_the_depth_of_a_join_is_that_of_its_deepest_branch(lengths: list[int]):
    branches = ", ".join(
        f"b{i}: [{', '.join(['{convolution: 1x1, filters: 2}'] * length)}]" for i, length in enumerate(lengths)
    )
    net = rows(f"rows: {{a: {{convolution: 1x1, filters: 2}}, m: {{concat: {{{branches}}}}}, b: {{linear: 3}}}}")
    assert net.totals.depth == 1 + max(lengths) + 1
    assert [row.totals.depth for row in net.rows] == [1, max(lengths), 1]


def test_pools_count_outside_blocks_and_joins_alone():
    """Design, section 2: with pools, pooling layers outside blocks count too."""
    net = rows(
        """
        blocks: {b: {sequence: [{max pool: 2x2/2}, {convolution: 1x1, filters: 2}]}}
        rows:
          plain: {max pool: 2x2/2}
          module: {concat: {a: {max pool: 1x1/1}, b: identity}}
          block: b
          top: {average pool: global}
        """
    )
    assert [row.totals.depth_with_pools for row in net.rows] == [1, 0, 1, 1]
    assert (net.totals.depth, net.totals.depth_with_pools) == (1, 3)


def test_a_row_that_is_only_a_shortcut_has_no_depth():
    assert rows("rows: {c: {convolution: 1x1, filters: 2}, i: identity}").totals.depth == 1


# -- activation elements ----------------------------------------------------------------------------------------------


def stored(body: str, channels: int = 2, side: int = 4) -> dict[str, int]:
    """Layer -> elements that it stores."""
    net = rows(body, channels, side, side)
    return {cost.layer.name: cost.activation_elements for cost in net.layers}


def test_a_convolution_stores_its_output_and_what_follows_works_in_place():
    """Design, section 2: in-place layers (activation, batch norm, dropout) store none of their own."""
    found = stored("rows: {c: {convolution: 3x3, filters: 5, batch norm: true, activation: relu}, d: {dropout: 0.5}}")
    assert found == {"c": 5 * 2 * 2, "c/batch norm": 0, "c/relu": 0, "d": 0}


@pytest.mark.parametrize("word", ["relu", "relu6", "tanh", "sigmoid", "batch norm", "{dropout: 0.5}", "{scale: 0.1}"])
def test_layers_that_work_in_place(word: str):
    assert stored(f"rows: {{c: {{convolution: 1x1, filters: 3}}, x: {word}}}")["x"] == 0


@pytest.mark.parametrize("word", ["{max pool: 1x1/1}", "{average pool: 1x1/1}", "softmax", "local response norm"])
def test_layers_that_store_an_output_of_their_own(word: str):
    assert stored(f"rows: {{c: {{convolution: 1x1, filters: 3}}, x: {word}}}")["x"] == 3 * 4 * 4


def test_a_concatenation_stores_nothing_where_its_branches_can_write_into_it():
    """Design, section 2: the default assumption."""
    branches = "a: {convolution: 1x1, filters: 3}, b: [{convolution: 1x1, filters: 1}, {convolution: 1x1, filters: 5}]"
    assert stored(f"rows: {{m: {{concat: {{{branches}}}}}}}") == {
        "m/a": 3 * 16, "m/b/1x1": 1 * 16, "m/b/1x1 2": 5 * 16, "m/concat": 0,
    }  # fmt: skip


def test_a_concatenation_copies_what_others_read_too():
    """A branch that passes on what its neighbours read cannot be written into the concatenation."""
    found = stored(
        """
        rows:
          c: {convolution: 1x1, filters: 3}
          m: {concat: {carried: identity, new: {convolution: 1x1, filters: 4}}}
        """
    )
    assert found == {"c": 3 * 16, "m/new": 4 * 16, "m/concat": (3 + 4) * 16}


def test_an_activation_does_not_overwrite_what_a_shortcut_still_needs():
    """He et al. 2016 (pre-activation): the ReLU of the residual branch reads what the shortcut adds later."""
    found = stored(
        """
        rows:
          c: {convolution: 1x1, filters: 3}
          s: {sum: {shortcut: identity, residual: [relu, {convolution: 1x1, filters: 3}]}}
        """
    )
    assert found == {"c": 48, "s/residual/relu": 48, "s/residual/1x1": 48, "s/sum": 48}


def test_flatten_stores_nothing():
    assert stored("rows: {c: {convolution: 1x1, filters: 3}, f: flatten}")["f"] == 0


def test_alexnets_conv1_stores_290400_elements():
    """zoo.md, section 7: 55 x 55 x 96, where the paper's neuron count has 253,440."""
    first = shipped_analysis("alexnet").layers[0]
    assert first.activation_elements == 290_400
