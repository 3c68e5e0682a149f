"""How layers are called (language, rules 21 to 24)."""

from __future__ import annotations

import pytest

from tests.helpers import names, row_problem, rows, shipped_analysis


def named(body: str, channels: int = 3) -> list[str]:
    return names(rows(body, channels))


# -- rule 21: the row, then what leads to the layer, then the layer's own name -----------------------------------------


def test_a_row_of_one_layer_is_that_layer():
    assert named("rows: {conv1: {convolution: 3x3, filters: 1}, softmax: softmax}") == ["conv1", "softmax"]


def test_unnamed_steps_are_called_by_their_window_or_operator():
    body = "rows: {r: {sequence: [{convolution: 1x7, filters: 1, padding: same}, {max pool: 3x3/2}, {linear: 1}]}}"
    assert named(body) == ["r/1x7", "r/max pool", "r/linear"]


def test_equal_automatic_names_in_one_list_are_numbered_from_the_second():
    conv = "{convolution: 3x3, filters: 1}"
    assert named(f"rows: {{r: {{sequence: [{conv}, {conv}, relu, {conv}, relu]}}}}") == [
        "r/3x3", "r/3x3 2", "r/relu", "r/3x3 3", "r/relu 2",
    ]  # fmt: skip


def test_named_steps_are_called_by_their_name():
    assert named("rows: {r: {sequence: {first: {convolution: 3x3, filters: 1}, second: relu}}}") == [
        "r/first", "r/second",
    ]  # fmt: skip


def test_a_branch_of_one_layer_is_that_layer_and_a_longer_one_leads_to_its_layers():
    body = """
        rows:
          mix:
            concat:
              a: {convolution: 1x1, filters: 1}
              b: [{max pool: 3x3/1, padding: same}, {convolution: 1x1, filters: 1}]
              c: [{convolution: 1x1, filters: 1}]
    """
    assert named(body) == ["mix/a", "mix/b/max pool", "mix/b/1x1", "mix/c", "mix/concat"]


def test_branches_in_a_list_are_called_by_their_number():
    assert named("rows: {m: {concat: [{convolution: 1x1, filters: 1}, relu]}}") == ["m/1", "m/2", "m/concat"]


@pytest.mark.parametrize("times", [1, 3])
def test_the_repetitions_number_stands_there_if_and_only_if_repeat_is_written(times: int):
    body = f"rows: {{r: {{repeat: {times}, convolution: 1x1, filters: 1}}}}"
    assert named(body) == [f"r/{number}" for number in range(1, times + 1)]


def test_a_block_called_by_a_row_is_the_row():
    assert named("blocks: {b: {sequence: [relu, tanh]}}\nrows: {r: b}") == ["r/relu", "r/tanh"]


def test_a_block_called_as_an_unnamed_step_gives_its_name():
    body = """
        blocks: {b: {sequence: [relu, tanh]}}
        rows: {r: {sequence: [b, {convolution: 1x1, filters: 1}, b]}}
    """
    assert named(body) == ["r/b/relu", "r/b/tanh", "r/1x1", "r/b 2/relu", "r/b 2/tanh"]


def test_a_block_called_by_a_named_step_or_a_branch_gives_no_name_of_its_own():
    body = """
        blocks: {b: {sequence: [relu, tanh]}}
        rows: {r: {sequence: {first: b}}, m: {concat: {left: b}}}
    """
    assert named(body) == ["r/first/relu", "r/first/tanh", "m/left/relu", "m/left/tanh", "m/concat"]


def test_every_repetition_of_a_stage_has_its_own_layers():
    """ResNet-50: `conv2_x/rest/2/residual/3x3` is the second of the blocks with an identity shortcut."""
    body = """
        blocks:
          unit: {sequence: [{convolution: 1x1, filters: 3}, {convolution: 3x3, filters: 3, padding: same}]}
        rows:
          stage:
            sequence:
              first: unit
              rest: {repeat: 2, sum: {shortcut: identity, residual: unit}, activation: relu}
    """
    unit = ["1x1", "3x3"]
    assert named(body) == [
        *(f"stage/first/{name}" for name in unit),
        *(f"stage/rest/1/residual/{name}" for name in unit), "stage/rest/1/sum", "stage/rest/1/sum/relu",
        *(f"stage/rest/2/residual/{name}" for name in unit), "stage/rest/2/sum", "stage/rest/2/sum/relu",
    ]  # fmt: skip


def test_steps_behind_then_belong_to_the_row():
    body = "rows: {pool1: {max pool: 3x3/2, then: local response norm}, fc: {linear: 2, then: [relu, {dropout: 0.5}]}}"
    assert named(body) == ["pool1", "pool1/local response norm", "fc", "fc/relu", "fc/dropout"]


# -- rule 22: columns that name a layer --------------------------------------------------------------------------------

INCEPTION = """
blocks:
  inception:
    columns: [1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, pool proj]
    concat:
      1x1:  {convolution: 1x1, filters: 1x1}
      3x3:  [{convolution: 1x1, filters: 3x3 reduce}, {convolution: 3x3, filters: 3x3, padding: same}]
      5x5:  [{convolution: 1x1, filters: 5x5 reduce}, {convolution: 5x5, filters: 5x5, padding: same}]
      pool: [{max pool: 3x3/1, padding: same}, {convolution: 1x1, filters: pool proj}]
"""


def test_a_column_that_is_one_layers_whole_count_names_it_directly_under_the_row():
    assert named(f"{INCEPTION}\nrows: {{3a: {{inception: [64, 96, 128, 16, 32, 32]}}}}") == [
        "3a/1x1", "3a/3x3 reduce", "3a/3x3", "3a/5x5 reduce", "3a/5x5", "3a/pool/max pool", "3a/pool proj", "3a/concat",
    ]  # fmt: skip


def test_a_repeated_call_keeps_its_number_before_the_column():
    found = named(f"{INCEPTION}\nrows: {{3: {{repeat: 2, inception: [1, 1, 1, 1, 1, 1]}}}}")
    assert found[:3] == ["3/1/1x1", "3/1/3x3 reduce", "3/1/3x3"]
    assert "3/2/5x5 reduce" in found


def test_naive_and_reduced_googlenet_share_their_names():
    """Rule 22: so `compare` matches by name."""
    naive = set(names(shipped_analysis("googlenet@naive")))
    reduced = set(names(shipped_analysis("googlenet")))
    assert {"3a/1x1", "3a/3x3", "3a/5x5"} <= naive & reduced
    assert {"3a/5x5 reduce", "3a/pool proj"} <= reduced - naive


def test_a_column_that_two_layers_read_names_neither():
    """BN-Inception's double 3x3."""
    body = """
        blocks:
          b: {columns: [width], sequence: [{convolution: 1x1, filters: width}, {convolution: 3x3, filters: width}]}
        rows: {r: {b: 4}}
    """
    assert named(body) == ["r/1x1", "r/3x3"]


def test_a_column_that_is_a_part_of_a_count_names_nothing():
    body = "blocks: {b: {columns: [width], sequence: [{convolution: 1x1, filters: 4 * width}]}}\nrows: {r: {b: 4}}"
    assert named(body) == ["r/1x1"]


def test_a_column_of_a_block_that_is_not_called_by_a_row_names_nothing():
    body = """
        blocks:
          inner: {columns: [width], sequence: [{convolution: 1x1, filters: width}]}
          outer: {sequence: [{inner: 3}, relu]}
        rows: {r: outer}
    """
    assert named(body) == ["r/inner/1x1", "r/relu"]


def test_an_explicit_step_name_goes_before_the_column():
    body = """
        blocks: {b: {columns: [c], sequence: {project: {convolution: 1x1, filters: c}}}}
        rows: {r: {b: 4}}
    """
    assert named(body) == ["r/project"]


def test_a_repeated_layer_is_not_named_by_its_column():
    """It is not exactly one layer."""
    body = "blocks: {b: {columns: [c], sequence: {x: {repeat: 2, convolution: 1x1, filters: c}}}}\nrows: {r: {b: 4}}"
    assert named(body) == ["r/x/1", "r/x/2"]


# -- rule 23: what a layer expands to is below it ----------------------------------------------------------------------


def test_batch_norm_and_activation_stand_below_their_convolution():
    body = "rows: {conv1: {convolution: 1x1, filters: 1, batch norm: true, activation: relu}}"
    assert named(body) == ["conv1", "conv1/batch norm", "conv1/relu"]


def test_the_halves_of_a_separable_convolution_stand_below_it():
    body = "rows: {sep1: {separable convolution: 3x3, filters: 1, batch norm: true}}"
    assert named(body) == ["sep1/depthwise", "sep1/pointwise", "sep1/batch norm"]


def test_joins_stand_below_their_row_branch_or_repetition():
    body = """
        rows:
          3a: {concat: {a: relu, b: tanh}}
          Repeat: {repeat: 2, sum: {a: identity, b: relu}, activation: relu}
    """
    assert [name for name in named(body) if "concat" in name or "sum" in name] == [
        "3a/concat", "Repeat/1/sum", "Repeat/1/sum/relu", "Repeat/2/sum", "Repeat/2/sum/relu",
    ]  # fmt: skip


# -- rule 24: names are unique -----------------------------------------------------------------------------------------


def test_equal_names_in_different_lists_are_an_error_and_never_numbered():
    """A branch and a step may both want to be called 1x1."""
    body = "rows: {r: {sequence: [{concat: {1x1: relu}}, {convolution: 1x1, filters: 1}]}}"
    problem = row_problem(body)
    assert problem.code == "same-name"
    assert "r/1x1" in problem.what
    assert problem.notes  # where the other one stands


def test_two_unnamed_joins_with_equal_branches_need_names():
    join = "{concat: {a: relu}}"
    assert row_problem(f"rows: {{r: {{sequence: [{join}, {join}]}}}}").code == "same-name"
    assert named(f"rows: {{r: {{sequence: {{x: {join}, y: {join}}}}}}}") == [
        "r/x/a", "r/x/concat", "r/y/a", "r/y/concat",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["googlenet", "inception_resnet_v2", "densenet121", "mobilenet_v2"])
def test_all_names_of_a_net_differ_and_begin_with_their_row(name: str):
    layers = [cost.layer for cost in shipped_analysis(name, training=True).layers]
    assert len({layer.name for layer in layers}) == len(layers)
    assert all(layer.name.split("/")[0] == layer.row for layer in layers)
