"""Costs of tensors without elements, and of sizes that none can have."""

from __future__ import annotations

import pytest

from inception_calc.dims import formula_text, symbol
from inception_calc.primitives.elements import Elementwise, Reduce, Softmax
from inception_calc.primitives.matrix import MatrixProduct
from inception_calc.primitives.pool import Pool
from inception_calc.primitives.primitive import Primitive, must_make_sense
from inception_calc.problems import Fault


@pytest.mark.parametrize(
    "primitive",
    [Reduce(elements=0, results=3), Softmax(length=0, rows=3), Pool(None, (0, 7), (1, 1), 4, saved=1)],
    ids=lambda primitive: type(primitive).__name__,
)
def test_without_elements_there_is_nothing_to_do(primitive: Primitive):
    assert primitive.element_ops == 0


def test_the_first_element_of_each_result_needs_no_operation():
    assert Reduce(elements=12, results=3).element_ops == 9
    assert formula_text(Softmax(5, symbol("n")).element_ops) == "14*n"


@pytest.mark.parametrize("sizes", [(1, -2, 3, 4), (-1, 2, 3, 4), (1, 2, 3, -4)])
def test_sizes_below_zero_have_no_cost(sizes: tuple[int, int, int, int]):
    with pytest.raises(Fault):
        must_make_sense([MatrixProduct(*sizes)])
    with pytest.raises(Fault):
        must_make_sense([Elementwise(min(sizes))])
