"""Hostile specs with symbols left free: formulas that double in every row end in an answer, not in a hang."""

from __future__ import annotations

import pytest

from inception_calc.analysis import analyze
from inception_calc.dims import symbol
from inception_calc.formula import closed_forms
from inception_calc.problems import Undecided
from tests.helpers import loaded


def tower(row: str, count: int) -> str:
    rows = "".join(f"  r{number}: {row}\n" for number in range(count))
    return f"name: tower\ninput: 3x8x8\nsymbols: {{a: 8, b: 4}}\nrows:\n  q: {{convolution: 1x1, filters: a}}\n{rows}"


@pytest.mark.parametrize(
    ("row", "count", "free"),
    [
        ("{convolution: 1x1, filters: (input_channels // 2) * (input_channels // 3 + 1)}", 40, "a"),
        ("{convolution: 1x1, filters: (input_channels * (a + b)) // 3 + 1}", 40, "a"),
        ("{max pool: 3x3/2, padding: same}", 2000, "size"),
        ("{max pool: 3x3/2, padding: 1, rounding: ceil}", 2000, "size"),
    ],
)
def test_formulas_that_grow_without_end_are_undecided(row: str, count: int, free: str):
    spec = loaded(tower(row, count))
    with pytest.raises(Undecided) as caught:
        closed_forms(spec, [free])
    assert caught.value.problems[0].code == "too-complex"


def test_with_numbers_the_same_network_is_counted():
    spec = loaded(tower("{max pool: 3x3/2, padding: same}", 2000))
    assert analyze(spec).totals.params == 8 * 3 + 8


def test_powers_of_sums_are_bounded_too():
    total = symbol("a") + symbol("b") + symbol("c") + 1
    assert len((total**6).terms) == 84  # 9 choose 3
    with pytest.raises(Undecided):
        total**200
