"""Values that are longer than a line: nothing that differs in one is lost, and what is shown shows where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_calc.comparison.one_line import LONGEST, told_apart
from tests.comparison.test_compare import two

SEEN = "[0, 1], [1, 2], [2, 3], [3, 4], [4, 5], [0, 5], [0, 2], [1, 3], [2, 4], {}, [1, 5]"
TABLE = """
name: net
input: 6x8x8
rows:
  C3: {{convolution: 5x5, filters: 11, connections: [{}]}}
"""


@given(st.text("ab", max_size=200), st.text("ab", max_size=200))
def test_two_values_that_differ_look_different_and_fit_into_a_line(before: str, after: str):
    shown = told_apart(before, after)
    assert (shown[0] == shown[1]) is (before == after)
    for whole, text in zip((before, after), shown, strict=True):
        assert len(text) <= LONGEST
        assert text.removeprefix("...").removesuffix("...") in whole


@pytest.mark.parametrize("last", ["[0, 3]", "[3]", "[3, 5, 0]"])
def test_one_map_of_a_long_table_of_connections_is_a_change(last: str):
    """Also where as many kernels are left and nothing costs more or less: another network all the same."""
    found = two(TABLE.format(SEEN.format("[3, 5]")), TABLE.format(SEEN.format(last)), "layer")
    (change,) = found.changes
    assert (change.kind, change.field) == ("changed", "connections")
    assert "[3, 5]" in change.before
    assert last in change.after
    (cause,) = found.accounts[0].causes
    assert (cause.edit.before, cause.edit.after) == (change.before, change.after)
