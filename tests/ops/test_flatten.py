"""Flatten: `flatten`, the elements of the map in one long vector."""

from __future__ import annotations

from hypothesis import given

from tests.helpers import counted, rows
from tests.ops import loops
from tests.ops.layers import maps


@given(maps())
def test_counts_are_those_of_the_walked_loops(x: loops.Map):
    assert counted("flatten", x) == [loops.flatten(x)]


def test_a_linear_layer_flattens_by_itself_so_it_changes_nothing_before_one():
    """Rule 11."""
    with_flatten, without = (rows(f"rows: {{{more}fc: {{linear: 5}}}}").totals for more in ("flat: flatten, ", ""))
    assert (with_flatten.params, with_flatten.multiply_adds) == (without.params, without.multiply_adds)
    assert with_flatten.activation_elements == without.activation_elements
