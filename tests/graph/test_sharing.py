"""Weights that several layers use: they count once, their work each time, and shapes must fit."""

from __future__ import annotations

import pytest

from inception_calc.analysis import Analysis
from inception_calc.analysis.backward import backward_costs
from tests.helpers import analyzed, layer, row_problem, rows

HEAD = """
rows:
  p3: {convolution: 3x3, filters: 256, padding: half}
  p4: {max pool: 2x2/2}
  %s
"""
LEVELS = """
blocks:
  head:
    shared: true
    sequence:
      - {convolution: 3x3, filters: 256, padding: half, bias: false, batch norm: true, activation: relu}
      - {convolution: 3x3, filters: 36, padding: half}
rows:
  p3: {convolution: 1x1, filters: 256}
  p4: {max pool: 2x2/2}
  p5: {max pool: 2x2/2}
  p6: {max pool: 2x2/2}
  p7: {max pool: 2x2/2}
  boxes:
    concat:
      p3: [{output of: p3}, {head: }, flatten]
      p4: [{output of: p4}, {head: }, flatten]
      p5: [{output of: p5}, {head: }, flatten]
      p6: [{output of: p6}, {head: }, flatten]
      p7: [{output of: p7}, {head: }, flatten]
"""
SIAMESE = """
rows:
  a: relu
  compared:
    concat:
      left: [{convolution: 3x3, filters: 4}, {convolution: 3x3/2, filters: 6}]
      right: {weights of: left, sequence: [{convolution: 3x3, filters: 4}, {convolution: 3x3/2, filters: 6}]}
"""


def params(analysis: Analysis) -> list[int]:
    return [row.totals.params for row in analysis.rows]


def test_a_head_on_two_levels_has_590080_params_once():
    """Issue: with p4's own 3x3 of 256 filters 1,180,160 in all, and not 1,770,240."""
    body = """
        rows:
          p3: {convolution: 1x1, filters: 256}
          h3: {convolution: 3x3, filters: 256, padding: half}
          p4: {convolution: 3x3/2, filters: 256, padding: half}
          h4: {convolution: 3x3, filters: 256, padding: half, weights of: h3}
    """
    net = rows(body, 256, 32, 32)
    assert params(net) == [65_792, 590_080, 590_080, 0]
    assert net.totals.params - 65_792 == 1_180_160
    assert [row.totals.multiply_adds for row in net.rows][1::2] == [589_824 * 32 * 32, 589_824 * 16 * 16]


def test_a_layer_used_again_and_again_counts_once():
    """Issue: `{linear: 1024, repeat: 100}` is 105M where a recurrent layer has 1.05M."""
    own, shared = (
        rows(f"rows: {{l: {{linear: 1024, repeat: 100{more}}}}}", 1024, 1, 1) for more in ("", ", shared: true")
    )
    assert (own.totals.params, shared.totals.params) == (104_960_000, 1_049_600)
    assert own.totals.multiply_adds == shared.totals.multiply_adds == 104_857_600
    assert shared.totals.depth == 100


def test_a_detection_head_on_five_levels():
    """RetinaNet's way: 256 * 256 * 9 weights and 512 of batch norm, 256 * 36 * 9 + 36 for the boxes, once for all."""
    net = analyzed(f"name: t\ninput: 3x64x64\n{LEVELS}")
    boxes = net.rows[-1].totals
    assert boxes.params == 589_824 + 512 + 82_944 + 36
    assert boxes.buffers == 512
    assert boxes.weights == 589_824 + 82_944
    places = sum(side * side for side in (64, 32, 16, 8, 4))
    assert boxes.multiply_adds == (589_824 + 82_944) * places
    assert [kind.totals.params for kind in net.kinds if kind.name == "batch norm"] == [512]
    assert sum(one.totals.params for one in net.single_layers) == sum(params(net)) == net.totals.params


def test_siamese_towers():
    """Bromley et al. 1993: two towers, one set of weights. 3 * 4 * 9 + 4 and 4 * 6 * 9 + 6."""
    net = rows(SIAMESE)
    assert net.totals.params == 112 + 222
    assert net.totals.multiply_adds == 2 * (108 * 14 * 14 + 216 * 6 * 6)


def test_whole_rows_share_with_all_that_their_steps_hold():
    body = """
        blocks: {unit: {columns: [n], sequence: [{convolution: 3x3, filters: n, padding: 1, batch norm: true}, relu]}}
        rows: {a: {unit: 3}, b: {unit: 3, weights of: a}, c: {unit: 3, weights of: b}}
    """
    assert params(rows(body)) == [81 + 3 + 6, 0, 0]
    assert rows(body).totals.buffers == 6


def test_a_tied_classifier_uses_the_embeddings_matrix_turned_round():
    """Press and Wolf 2017: no params but the embedding's."""
    net = rows(
        """
        rows:
          embedding: {linear: 64, over: channels, bias: false}
          mix: {linear: 64, over: channels}
          classifier: {linear: 1000, over: channels, weights of: embedding}
        """,
        1000,
        1,
        77,
    )
    assert params(net) == [64_000, 64 * 64 + 64, 0]
    assert [row.totals.multiply_adds for row in net.rows][::2] == [77 * 64_000] * 2


def test_a_tied_classifier_may_have_a_bias_of_its_own():
    text = (
        "rows: {e: {linear: 4, over: channels, bias: false}, c: {linear: 9, over: channels, bias: true, weights of: e}}"
    )
    assert params(rows(text, 9)) == [36, 9]


def test_memory_and_training_know_shared_weights():
    text = (
        "rows: {{a: {{convolution: 1x1, filters: 4, bias: false}}, b: {{convolution: 1x1, filters: 4, bias: false{}}}}}"
    )
    own, shared = (rows(text.format(more), 4, 8, 8) for more in ("", ", weights of: a"))
    assert (own.totals.param_bytes, shared.totals.param_bytes) == (128, 64)
    assert [cost.traffic_bytes for cost in own.layers] == [
        cost.traffic_bytes for cost in shared.layers
    ]  # read each time
    assert backward_costs(own) == backward_costs(shared)


def test_a_free_size_and_a_width_multiplier_keep_it_shared():
    step = "convolution: 3x3, filters: 8, padding: 1"
    text = f"rows: {{a: {{{step}}}, b: {{{step}, repeat: 3, shared: true}}}}"
    net = rows(text, symbols={"size": None, "width_multiplier": None})
    assert str(net.rows[1].totals.params) == "576*width_multiplier**2 + 8*width_multiplier"


def test_the_name_is_looked_for_from_the_innermost_step_outwards():
    body = """
        blocks:
          pair:
            sequence:
              - concat:
                  left: {convolution: 1x1, filters: 2}
                  right: {convolution: 1x1, filters: 2, weights of: left}
        rows: {left: {convolution: 1x1, filters: 4}, a: {pair: , repeat: 2}}
    """
    net = rows(body)
    holders = [layer(net, f"a/{number}/right").layer.holders["weight"] for number in (1, 2)]
    assert [net.graph.layers[holder].name for holder in holders] == ["a/1/left", "a/2/left"]


def test_linear_layers_read_as_windows_share_too():
    text = "rows: {a: {linear: 9}, b: {linear: 9, weights of: c}, c: relu}".replace("c}, c: relu", "a}")
    assert params(rows(text, 9, 1, 1)) == [90, 0]
    assert params(rows(text, 9, 1, 1, fully_convolutional=True)) == [90, 0]


# -- what does not fit ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "code", "words"),
    [
        (
            "{convolution: 3x3, filters: 128, weights of: p3}",
            "weights-differ",
            ("'p3' is 256x3x3x3", "'h' needs 128x256x3x3"),
        ),
        ("{convolution: 1x1, filters: 256, weights of: p3}", "weights-differ", ("'p3'", "'h'")),
        ("{convolution: 3x3, filters: 256, weights of: p5}", "unknown-layer", ("'p5'", "'h'")),
        ("{convolution: 3x3, filters: 256, weights of: h}", "unknown-layer", ("'h'",)),
        ("{linear: 256, weights of: p4}", "weights-differ", ("'p4' has no weight", "'h'")),
        ("{max pool: 2x2/2, weights of: p3}", "no-weights", ("'h'",)),
        ("{convolution: 3x3, filters: 8, shared: true}", "no-repeat", ("'repeat'",)),
        ("{convolution: 3x3, filters: 8, repeat: 2, shared: true}", "weights-differ", ("'h/1'", "'h/2'")),
        ("{convolution: 3x3, filters: 8, repeat: 2, shared: maybe}", "not-a-flag", ("'maybe'",)),
    ],
)
def test_what_does_not_fit_is_an_error_that_names_both(step: str, code: str, words: tuple[str, ...]):
    problem = row_problem(HEAD % f"h: {step}")
    assert problem.code == code
    assert all(word in problem.what for word in words), problem.what
    assert problem.fix


def test_a_layer_that_the_other_step_lacks_is_named():
    steps = "a: {convolution: 1x1, filters: 3}, b: {convolution: 1x1, filters: 3, batch norm: true, weights of: a}"
    problem = row_problem(f"rows: {{{steps}}}")
    assert (problem.code, "'a/batch norm'" in problem.what, "'b/batch norm'" in problem.what) == (
        "unknown-layer",
        True,
        True,
    )


@pytest.mark.parametrize("left", ["left/3x3", "left/3x3 2", "both/left/3x3 2"])
def test_a_step_that_takes_weights_of_several_layers_is_told_their_names(left: str):
    """Two convolutions against one; each name of the hint can be typed."""
    text = """rows:
      both:
        concat:
          left: [{convolution: 3x3, filters: 3}, {convolution: 3x3, filters: 3}]
          right: {convolution: 3x3, filters: 3, then: {convolution: 3x3, filters: 3, bias: false, weights of: %s}}
    """
    problem = row_problem(text % "left")
    assert problem.code == "unknown-layer"
    assert "'left'" in problem.what
    assert "'both/right/3x3'" in problem.what
    assert problem.fix == "write left/3x3 or left/3x3 2"
    assert params(rows(text % left)) == [3 * (3 * 3 * 3 * 3 + 3)]


def test_a_bias_of_another_length_must_be_told_of():
    text = "rows: {e: {linear: 4, over: channels}, c: {linear: 9, over: channels, weights of: e%s}}"
    problem = row_problem(text % "", 9)
    assert problem.code == "weights-differ"
    assert "bias: true" in problem.fix
    assert params(rows(text % ", bias: true", 9)) == [40, 9]
    assert params(rows(text % ", bias: false", 9)) == [40, 0]
