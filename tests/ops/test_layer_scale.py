"""Layer scale: `layer scale`, `{layer scale: 1e-6}` (Touvron et al. 2021; ConvNeXt, A.1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import counted, meant, row_problem
from tests.ops import loops
from tests.ops.layers import maps

np = pytest.importorskip("numpy")
pytest.importorskip("onnxruntime")

from tests.onnx_export.test_values import run  # noqa: E402 - behind the question whether it is there


@given(maps(), st.sampled_from(["", "1e-6", "0.1"]))
def test_counts_are_those_of_the_walked_loops(x: loops.Map, start: str):
    assert counted(f"{{layer scale: {start}}}", x) == [loops.layer_scale(x)]


@given(maps())
def test_a_shift_is_another_number_of_each_channel(x: loops.Map):
    assert counted("{layer scale: , shift: true}", x) == [loops.layer_scale(x, shift=True)]


def test_a_shift_is_added_behind():
    x, y, arrays = run("{layer scale: , shift: true}", 3, 2, 4)
    assert np.allclose(y, x * arrays["scale"] + arrays["shift"])


def test_it_runs_as_its_formula():
    x, y, arrays = run("layer scale", 3, 2, 4)
    assert np.allclose(y, x * arrays["scale"])


def test_what_it_starts_from_is_a_number():
    problem = row_problem("rows: {a: {layer scale: small}}")
    assert (problem.code, meant(problem)) == ("bad-decimal", "small")
