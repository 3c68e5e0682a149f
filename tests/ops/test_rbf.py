"""Radial basis functions: `{rbf: 10}` (LeCun et al. 1998, equation 7; language, rule 11)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import counted
from tests.ops import loops
from tests.ops.layers import maps


@given(maps(), st.integers(1, 5))
def test_counts_are_those_of_the_walked_loops(x: loops.Map, units: int):
    assert counted(f"{{rbf: {units}}}", x) == [loops.rbf(x, units)]


def test_lenet_5s_output_has_840_fixed_centres_and_none_is_trained():
    """LeCun et al. 1998, section II.B: ten units, each with 84 inputs. A square for each is 840."""
    (output,) = counted("{rbf: 10}", (84, 1, 1))
    squares = differences = 840
    assert output == loops.Counts((10, 1, 1), element_ops=squares + differences + 10 * (84 - 1))
