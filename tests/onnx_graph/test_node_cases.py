"""onnx's node tests, all of them: output shapes against stored outputs, with numbers, and with sizes left free.

Free sizes are replaced afterwards, so the symbolic path of each operator is judged by the same cases. Where onnx gives
an operator a body of simpler ones (`_expanded`), both have the same multiply-adds.
Every count follows from its derivation.
"""

from __future__ import annotations

import importlib
import pkgutil
import warnings
from functools import cache
from typing import Any

import pytest
from onnx.backend.test.case import node as cases_of_onnx

from inception_calc.dims import UNKNOWN_SHAPE, TensorShape, same
from inception_calc.onnx_graph.model import Step
from inception_calc.onnx_ops.value import Tensor
from tests.onnx_graph.cases import Free, difference, walked

MODULES = sorted(
    name
    for _, name, package in pkgutil.walk_packages(cases_of_onnx.__path__, f"{cases_of_onnx.__name__}.")
    if not package and not name.endswith("_utils")
)
DATA_DECIDES = frozenset({"NonMaxSuppression", "ImageDecoder", "Unique", "StringSplit", "StringNormalizer"})
"""Operators whose output's size is known in a run only."""
FREE_DECIDES = (
    "test_causal_conv_with_state",  # slices whose start is a difference of two free sizes
    "test_center_crop_pad",  # a division of what may be negative
    "test_resize_upsample_sizes_nearest_not",  # the aspect ratio of free sizes
    "test_resize_downsample_sizes_nearest_not",
    "test_split_to_sequence_1",  # the last piece is smaller, or not
)
"""Cases (their expanded forms) in which free sizes leave a size open."""
BODY_DOES_MORE = ("test_affine_grid",)  # the body of a plane is that of space


@cache
def cases(module: str) -> list[Any]:
    """The cases that a module of onnx makes when it is imported first."""
    made = cases_of_onnx._NodeTestCases
    before = len(made)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        importlib.import_module(module)
    return made[before:]


def assert_derived(step: Step, name: str) -> None:
    """Every cost follows from its derivation, and is zero where there is none."""
    y = step.values[0] if step.values else None
    shape = TensorShape(*y.shape) if isinstance(y, Tensor) else UNKNOWN_SHAPE
    derived = {one.quantity: one for one in step.done.derivations(shape)}
    for quantity in ("multiply_adds", "effective_multiply_adds", "element_ops"):
        one, count = derived.get(quantity), getattr(step.done, quantity)
        assert same(one.value if one else 0, count), (name, step.op_type, quantity)


@pytest.mark.parametrize("module", MODULES, ids=lambda name: name.rpartition(".")[2])
def test_shapes_are_those_of_the_stored_outputs(module):
    counts: dict[str, object] = {}
    for case in cases(module):
        data = case.model.SerializeToString()
        operators = {node.op_type for node in case.model.graph.node}
        for inputs, outputs in case.data_sets:
            result = walked(data, inputs)
            assert not result.gaps, case.name
            counts[case.name] = result.multiply_adds
            for step in result.steps:
                assert_derived(step, case.name)
            left = difference(result, outputs, {})
            assert left == "" or (left == "a symbol is left" and operators & DATA_DECIDES), (case.name, left)

            free = Free()
            result = walked(data, inputs, free)
            assert not result.gaps, case.name
            left = difference(result, outputs, free.numbers)
            decided = operators & DATA_DECIDES or case.name.startswith(FREE_DECIDES)
            assert left == "" or (left == "a symbol is left" and decided), (case.name, left)
    for name, count in counts.items():
        whole = name.partition("_expanded")[0]
        if whole != name and not name.startswith(BODY_DOES_MORE):
            assert count == counts[whole], name


def test_there_are_many_cases():
    assert len(MODULES) > 180
