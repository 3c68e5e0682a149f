"""Tokens: the places of a map in one row, and a map again (`map`)."""

from __future__ import annotations

import pytest

from inception_calc.problems import InputError
from tests.helpers import analyzed
from tests.ops import loops


def outputs(rows: str, shape: str = "6x4x5") -> list[tuple[int, ...]]:
    found = analyzed(f"name: t\ninput: {shape}\nrows: {{{rows}}}\n")
    assert (found.totals.params, found.totals.element_ops) == (0, 0)
    return [tuple(cost.layer.output) for cost in found.layers]


def test_a_map_becomes_a_row_and_a_map_again():
    assert outputs("t: tokens, m: {map: 4x5}") == [loops.sequences.tokens((6, 4, 5)).output, (6, 4, 5)]


def test_a_vector_has_no_places():
    with pytest.raises(InputError) as caught:
        outputs("t: tokens", "6")
    assert [problem.code for problem in caught.value.problems] == ["wrong-rank"]
