"""Heads: classifiers that hang on a row in training (language, rule 35)."""

from __future__ import annotations

from tests.helpers import analyzed, meant, names, problems, shipped_analysis

SPEC = """
name: test
input: 3x8x8
rows:
  a: {convolution: 1x1, filters: 4, then: {max pool: 2x2/2}}
  b: {repeat: 2, convolution: 1x1, filters: 6}
  c: {linear: 10}
heads:
  late:  {after: b, loss weight: 0.3, sequence: [{convolution: 1x1, filters: 2}, {linear: 5}]}
  early: {after: a, linear: 7}
variants:
  shorter: {rows: {b: remove}, heads: {late: remove}}
"""


def test_a_head_is_counted_in_training_only():
    inference, training = analyzed(SPEC), analyzed(SPEC, training=True)
    assert names(inference) == ["a", "a/max pool", "b/1", "b/2", "c"]
    assert names(training) == [*names(inference), "late/1x1", "late/linear", "early"]


def test_a_head_takes_its_rows_output_after_then_and_all_repetitions():
    """(4x4x6 -> 2) and (4x4x2 -> 5); (4x4x4 -> 7), each with biases."""
    training, inference = (analyzed(SPEC, training=on).totals.params for on in (True, False))
    late = (6 * 2 + 2) + (4 * 4 * 2 * 5 + 5)
    early = 4 * 4 * 4 * 7 + 7
    assert training - inference == late + early


def test_heads_come_last_in_file_order_and_their_layers_row_is_the_head():
    training = analyzed(SPEC, training=True)
    assert [row.name for row in training.rows] == ["a", "b", "c", "late", "early"]
    assert [cost.layer.row for cost in training.layers][-3:] == ["late", "late", "early"]


def test_a_head_has_no_part_in_the_depth_or_in_what_comes_out():
    """In the small net the late head's path is as deep as the body's, so a deeper one is tried too."""
    deep = SPEC.replace("{linear: 5}]", "{linear: 5}, {linear: 5}, {linear: 5}]")
    training = analyzed(deep, training=True)
    assert training.totals.depth == analyzed(SPEC).totals.depth == 4
    assert [row.output for row in training.rows if not row.row.is_head][-1] == (10, 1, 1)


def test_removing_a_row_without_the_head_on_it_is_an_error():
    (problem,) = problems(SPEC.replace(", heads: {late: remove}", ""))
    assert (problem.code, meant(problem)) == ("unknown-row", "b")


def test_removing_the_head_with_its_row_is_fine():
    assert names(analyzed(SPEC, "shorter", training=True)) == ["a", "a/max pool", "c", "early"]


def test_googlenets_heads_hang_on_4a_and_4d():
    """GoogLeNet, section 5: 4x4x512 for the (4a) and 4x4x528 for the (4d) stage."""
    training = shipped_analysis("googlenet", training=True)
    pools = [cost.layer for cost in training.layers if cost.layer.name in ("loss1/average pool", "loss2/average pool")]
    assert [layer.output for layer in pools] == [(512, 4, 4), (528, 4, 4)]
