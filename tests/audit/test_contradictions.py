"""Cells that contradict their own table, found without a reason; each beside a table that does not."""

import textwrap

import pytest

from inception_calc.audit.auditor import Auditor
from inception_calc.audit.contradictions import Chain, ColumnSum, Concatenation, CostPerWeight, Grid
from inception_calc.audit.references import Library
from tests.helpers import loaded


def findings(body: str, prints: str = "output, depth, params, ops", size: int = 28, extra: str = ""):
    text = f"name: t\nsource: {{prints: [{prints}]}}\ninput: 256x{size}x{size}\n{textwrap.dedent(body)}\n{extra}"
    auditor = Auditor(Library(), loaded(text))
    found = {(entry.row, entry.what): entry for entry in auditor.audit().printed}
    assert not auditor.faults
    return found


def evidence(found, row: str, what: str):
    entry = found[row, what]
    assert entry.verdict == "contradicted", entry
    return entry.finding.evidence


# 10 * 10 = 100 places; 256 * 40 = 10,240 weights cost 1,024,000
ONE = "rows: {{a: {{convolution: 1x1, filters: 40, bias: false, printed: [10x10x40, 1, {params}, {ops}]}}}}"


@pytest.mark.parametrize(
    ("params", "ops", "verdict"),
    [
        ("9.5K", "1.0M", "unexplained"),  # 9.45K to 9.6K cost 945K to 960K, and 1.0M is 950K to 1.1M
        ("9.0K", "1.0M", "contradicted"),
        ("10K", "1.0M", "reproduced"),
        ("9.0K", "0.9M", "unexplained"),  # they agree with each other, not with the filters
    ],
)
def test_params_and_ops_check_each_other(params, ops, verdict):
    found = findings(ONE.format(params=params, ops=ops), size=10)
    assert found["a", "params"].verdict == verdict


def test_the_evidence_of_a_cost_per_weight():
    found = findings(ONE.format(params="9.0K", ops="1.0M"), size=10)
    assert evidence(found, "a", "params") == CostPerWeight("9.0K", "1.0M", (10, 10), 895_000, 910_000)
    assert found["a", "ops"].verdict == "reproduced"


def test_params_may_hold_biases_that_cost_nothing():
    """9.4K with 40 biases in them may be 9.31K weights: 931K to 950K multiply-adds, and 0.93M is not contradicted."""
    body = "rows: {a: {convolution: 1x1, filters: 40, printed: [10x10x40, 1, 9.4K, 0.92M]}}"
    assert findings(body, size=10)["a", "params"].verdict == "contradicted"
    body = "rows: {a: {convolution: 1x1, filters: 40, printed: [10x10x40, 1, 9.4K, 0.93M]}}"
    assert findings(body, size=10)["a", "params"].verdict == "unexplained"


def test_rows_of_several_sizes_are_not_judged_by_their_cost():
    """The first convolution's weights cost four times as much as the second's."""
    body = """
      rows:
        a:
          sequence: [{convolution: 1x1, filters: 40}, {convolution: 1x1/2, filters: 40}]
          printed: [5x5x40, 2, 1K, 9M]
    """
    assert findings(body, size=10)["a", "params"].verdict == "unexplained"


MODULE = """
blocks:
  module:
    columns: [left, right]
    concat: {left: {convolution: 1x1, filters: left}, right: {convolution: 1x1, filters: right}, through: identity}
rows:
  a: {convolution: 1x1, filters: 32, printed: [28x28x%s]}
  b: {module: [64, 96], printed: [28x28x%s]}
"""


def test_depths_concatenate():
    assert findings(MODULE % (32, 192))["b", "output"].verdict == "reproduced"
    assert evidence(findings(MODULE % (32, 200)), "b", "output") == Concatenation((64, 96, 32), 200)


def test_what_is_passed_through_has_its_printed_depth():
    """48 printed for a: 64 + 96 + 48 = 208 follows from the printed table, though the filters make 192."""
    assert findings(MODULE % (48, 208))["b", "output"].verdict == "unexplained"


STRIDE = "rows: {a: {max pool: 3x3/2, padding: %s, printed: [%s]}}"


@pytest.mark.parametrize("padding", ["same", "valid", "1"])
def test_a_stride_of_two_does_not_keep_the_grid(padding):
    grid = evidence(findings(STRIDE % (padding, "28x28x256")), "a", "output")
    assert grid == Grid("3x3/2", (28, 28), (13, 13), (15, 15), (2,), (28, 28))


def test_another_padding_is_no_contradiction():
    """13, 14 and 15 all come out of some padding below 3 on each side."""
    for side in (13, 14, 15):
        assert findings(STRIDE % ("same", f"{side}x{side}"))["a", "output"].verdict != "contradicted"
    assert findings(STRIDE % ("same", "12x12"))["a", "output"].verdict == "contradicted"


def test_a_grid_is_judged_from_the_printed_size_before_it():
    body = """
      rows:
        a: {max pool: 3x3/2, padding: same, printed: [28x28]}
        b: {max pool: 3x3/2, padding: same, printed: [14x14]}
    """
    found = findings(body)
    assert found["a", "output"].verdict == "contradicted"
    assert found["b", "output"].verdict == "unexplained"  # 14 does follow from the printed 28


CHAIN = """
blocks:
  pair: {columns: [first, second], sequence: [{convolution: 1x1, filters: first}, {convolution: 3x3, filters: second}]}
rows: {a: {pair: [8, 16], printed: [26x26x16, %s]}}
"""


def test_two_filter_cells_in_a_chain_are_two_layers():
    assert findings(CHAIN % 2)["a", "depth"].verdict == "reproduced"
    assert evidence(findings(CHAIN % 1), "a", "depth") == Chain(("first", "second"), 1)
    assert findings(CHAIN % 3)["a", "depth"].verdict == "unexplained"


def test_a_column_sums_up_to_the_whole():
    body = """
      rows:
        a: {convolution: 1x1, filters: 40, bias: false, printed: [1.0M]}
        b: {convolution: 1x1, filters: 10, bias: false, printed: [40K]}
      printed: {ops: %s}
    """
    assert findings(body % "1.1M", prints="ops", size=10)["", "ops"].verdict == "reproduced"
    found = evidence(findings(body % "1.2M", prints="ops", size=10), "", "ops")
    assert found == ColumnSum(950_000 + 39_500, 1_100_000 + 41_000)


def test_a_column_with_gaps_says_nothing_about_the_whole():
    body = """
      rows:
        a: {convolution: 1x1, filters: 40, bias: false, printed: [1.0M]}
        b: {convolution: 1x1, filters: 10, bias: false}
      printed: {ops: 1.2M}
    """
    assert findings(body, prints="ops", size=10)["", "ops"].verdict == "unexplained"
