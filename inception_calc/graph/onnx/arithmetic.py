"""Which nodes only make constants and shapes: nothing of what they do depends on the data."""

from __future__ import annotations

from inception_calc.onnx_graph.model import Step, Walked
from inception_calc.onnx_ops.value import BOOL, INTEGERS, Tensor, Value

SOURCES = frozenset({"Shape", "Size", "Constant", "ConstantOfShape"})
WHOLE = INTEGERS | {BOOL}


def are_arithmetic(walked: Walked) -> list[bool]:
    """For each step whether it is shape arithmetic.

    With a free size the elements may not be known (whether one is larger than another): integers that are made of
    shapes and constants alone are arithmetic all the same, as they are where the size is a number.
    """
    gaps = {(gap.path, gap.number) for gap in walked.gaps}
    made: set[int] = set()
    found = []
    for step in walked.steps:
        folded = (step.path, step.number) not in gaps and (_makes_known(step) or _is_of(step, made))
        found.append(folded)
        if folded:
            made.update(map(id, step.values))
    return found


def _makes_known(step: Step) -> bool:
    if step.kind is None or step.multiply_adds != 0 or not step.values:
        return False
    return step.op_type in SOURCES or all(value is None or _is_constant(value) for value in step.values)


def _is_constant(value: Value) -> bool:
    return isinstance(value, Tensor) and (value.values is not None or bool(value.origins))


def _is_of(step: Step, made: set[int]) -> bool:
    """Whether integers are made of nothing but arithmetic."""
    if step.kind is None or step.multiply_adds != 0 or not step.values or not any(step.arguments):
        return False
    whole = all(isinstance(value, Tensor) and value.data_type in WHOLE for value in step.values)
    return whole and all(value is None or id(value) in made or _is_constant(value) for value in step.arguments)
