"""Softmax: `softmax`, exp(x) over the sum of exp(x), across channels at each position."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.helpers import counted
from tests.ops import loops
from tests.ops.layers import maps


@given(maps())
def test_counts_are_those_of_the_walked_loops(x: loops.Map):
    assert counted("softmax", x) == [loops.softmax(x)]


@given(maps())
def test_its_logarithm_and_that_of_what_is_negated(x: loops.Map):
    plain = loops.softmax(x)
    assert counted("log softmax", x) == [plain]
    negated = loops.elementwise(x, "negation").element_ops
    assert counted("softmin", x) == [plain._replace(element_ops=plain.element_ops + negated)]


@pytest.mark.parametrize("word", ["softmax", "log softmax", "softmin"])
def test_they_run_as_their_formulas(word: str):
    np = pytest.importorskip("numpy")
    pytest.importorskip("onnxruntime")
    from tests.onnx_export.test_values import run

    x, y, _ = run(word, 4, 2, 3)
    weights = np.exp(-x if word == "softmin" else x)
    shares = weights / weights.sum(0)
    assert np.allclose(y, np.log(shares) if word == "log softmax" else shares, atol=1e-5)


def test_1000_classes_need_2999_element_ops():
    """1000 exponentials, 999 additions, 1000 divisions."""
    assert counted("softmax", (1000, 1, 1))[0].element_ops == 1000 + 999 + 1000
