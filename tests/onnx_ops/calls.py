"""One use of an operator, without a file."""

from __future__ import annotations

from typing import Any

from inception_calc.onnx_ops.kind import Call
from inception_calc.onnx_ops.register import find
from inception_calc.onnx_ops.value import Outputs, Tensor
from inception_calc.primitives.primitive import Primitives


def called(operator: str, shapes: tuple[tuple[int, ...], ...], **settings: Any) -> tuple[Outputs, Primitives]:
    """The outputs for inputs of these shapes, and what the operator is made of."""
    kind = find("", operator, 24)
    assert kind is not None
    assert settings.keys() <= kind.settings.keys()
    every = {name: settings.get(name, setting.default) for name, setting in kind.settings.items()}
    call = Call(operator, every, tuple(map(Tensor, shapes)), 1)
    outputs = kind.rule(call)
    return outputs, kind.cost(call, outputs)
