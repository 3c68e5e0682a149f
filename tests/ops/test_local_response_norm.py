"""Local response normalization: `local response norm`, `{local response norm: 5}` (Krizhevsky et al. 2012, 3.3)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import counted
from tests.ops import loops
from tests.ops.layers import maps


@given(maps(), st.integers(1, 7))
def test_counts_are_those_of_the_walked_loops(x: loops.Map, size: int):
    assert counted(f"{{local response norm: {size}}}", x) == [loops.local_response_norm(x, size)]


@given(maps())
def test_it_is_five_channels_wide_unless_the_spec_says_another_size(x: loops.Map):
    """Krizhevsky et al. 2012, section 3.3: n = 5."""
    assert counted("local response norm", x) == [loops.local_response_norm(x, 5)]


def test_it_has_no_params_and_no_multiply_adds():
    (layer,) = counted("local response norm", (64, 56, 56))
    assert layer[1:6] == (0, 0, 0, 0, 0)
