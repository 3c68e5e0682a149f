"""Output of an earlier row: `{output of: encoder1}` (U-Net, Figure 1)."""

from __future__ import annotations

from hypothesis import given

from inception_calc.graph import IMAGE
from tests.helpers import analyzed, counts_of, layer, meant, names, problems, row_problem, rows, shipped_analysis
from tests.ops import loops
from tests.ops.layers import maps

JOINED = """
    rows:
      down: {convolution: 1x1, filters: 2}
      pool: {max pool: 2x2/2, padding: same}
      up:   {upsampling: 2x2}
      skip: {concat: {copy: {output of: down}, up: identity}}
"""


@given(maps().map(lambda x: (x[0], 2 * x[1], 2 * x[2])))
def test_counts_are_those_of_the_walked_loops(x: loops.Map):
    """It is no layer: the join reads the row's output itself."""
    net = rows(JOINED, *x)
    assert names(net) == ["down", "pool", "up", "skip/concat"]
    down, up = (2, *x[1:]), (2, *x[1:])
    assert counts_of(net.layers[-1]) == loops.concat([down, up])


def test_the_flow_goes_on_from_the_row():
    net = rows("rows: {a: {convolution: 1x1, filters: 2}, b: {max pool: 2x2/2}, c: {output of: a}, d: relu}")
    assert net.rows[2].output == (2, 16, 16)
    assert layer(net, "d").layer.inputs == (0,)
    assert not net.rows[2].layers


def test_the_output_of_a_row_without_layers_is_what_entered_it():
    net = rows("rows: {a: identity, b: {max pool: 2x2/2}, c: {output of: a}, d: relu}")
    assert net.layers[-1].layer.inputs == (IMAGE,)


def test_a_later_row_and_the_row_itself_are_refused_with_the_place():
    for row in ("later", "here"):
        problem = row_problem(f"rows: {{first: relu, here: {{output of: {row}}}, later: tanh}}")
        assert (problem.code, meant(problem)) == ("later-row", row)
        assert "'here'" in problem.what


def test_an_unknown_row_is_refused_with_the_nearest_one():
    problem = row_problem("rows: {encoder: relu, here: {output of: encodr}}")
    assert (problem.code, meant(problem)) == ("unknown-row", "encodr")
    assert "encoder" in problem.fix


def test_every_wrong_reference_is_reported_in_one_run():
    text = "name: t\ninput: 1x4x4\nrows: {a: {output of: b}, b: {output of: c}, c: relu}"
    assert [problem.code for problem in problems(text)] == ["later-row", "later-row"]


def test_a_row_reached_from_inside_a_block():
    net = analyzed("""
        name: t
        input: 1x8x8
        blocks: {decoder: {columns: [factor], concat: {skip: {output of: encoder}, up: {upsampling: factor}}}}
        rows:
          encoder: {convolution: 1x1, filters: 3}
          pool: {max pool: 2x2/2}
          up: {decoder: [2]}
    """)
    assert net.rows[-1].output == (6, 8, 8)


def test_each_of_u_nets_four_joins_is_half_copy_and_half_up_convolution():
    """U-Net, Figure 1: 1024, 512, 256 and 128 maps, white boxes the copies."""
    net = shipped_analysis("unet")
    joins = [cost.layer for cost in net.layers if cost.layer.op.op == "concat"]
    assert [join.output.channels for join in joins] == [1024, 512, 256, 128]
    for join in joins:
        copy, up = (net.graph.map_of(source) for source in join.inputs)
        assert copy == up
