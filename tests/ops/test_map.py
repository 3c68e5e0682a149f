"""Map: a row of tokens as a map; the numbers must agree."""

from __future__ import annotations

import pytest

from inception_calc.problems import InputError
from tests.helpers import analyzed
from tests.ops import loops
from tests.ops.test_tokens import outputs


def test_a_row_becomes_a_map():
    (found,) = outputs("m: {map: 2x10}", "6x20")
    assert found == (6, 2, 10)
    assert loops.sequences.tokens(found).output == (6, 20)


def test_a_map_of_another_number_of_places_names_both():
    with pytest.raises(InputError) as caught:
        analyzed("name: t\ninput: 6x20\nrows: {m: {map: 3x7}}\n")
    (problem,) = caught.value.problems
    assert problem.code == "disagree"
    assert "20 positions" in problem.what
    assert "21" in problem.what
