"""Attention in one node: what a causal mask hides is worked out, and is not effective."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from tests.onnx_ops.calls import called

SIZES = st.integers(1, 4)


@given(SIZES, SIZES, SIZES, SIZES, SIZES)
def test_pairs_behind_a_query_are_hidden(batch: int, heads: int, length: int, size: int, value_size: int):
    shapes = tuple((batch, length, heads * each) for each in (size, size, value_size))
    _, parts = called("Attention", shapes, q_num_heads=heads, kv_num_heads=heads, is_causal=1)
    every = seen = 0
    for _, _, query, key in product(range(batch), range(heads), range(length), range(length)):
        done = len(range(size)) + len(range(value_size))
        every += done
        seen += done * (key <= query)
    assert sum(part.multiply_adds for part in parts) == every
    assert sum(part.effective_multiply_adds for part in parts) == seen


def test_without_a_mask_every_pair_is_seen():
    shape = (2, 5, 8)
    _, parts = called("Attention", (shape, shape, shape), q_num_heads=2, kv_num_heads=2)
    assert all(part.effective_multiply_adds == part.multiply_adds for part in parts)
