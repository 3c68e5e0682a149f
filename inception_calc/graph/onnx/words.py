"""What operators of ONNX are called: in the words of specs where there is one, else in their own, spelled out."""

from __future__ import annotations

import re

from inception_calc.dims import same, sides_text
from inception_calc.onnx_graph.model import Step
from inception_calc.onnx_ops.register import OWN_DOMAIN, find
from inception_calc.onnx_ops.told import NEWEST
from inception_calc.onnx_ops.value import Tensor
from inception_calc.ops.layer import patch_text
from inception_calc.primitives.conv import Conv
from inception_calc.primitives.matrix import MatrixProduct
from inception_calc.primitives.pool import Pool

WORDS = {
    "Conv": "convolution",
    "ConvInteger": "convolution",
    "QLinearConv": "convolution",
    "ConvTranspose": "transposed convolution",
    "MaxPool": "max pool",
    "GlobalMaxPool": "max pool",
    "AveragePool": "average pool",
    "GlobalAveragePool": "average pool",
    "BatchNormalization": "batch norm",
    "LRN": "local response norm",
    "Add": "sum",
    "Sum": "sum",
    "Mul": "product",
    "Concat": "concat",
    "Gemm": "linear",
    "Resize": "upsampling",
    "Upsample": "upsampling",
}
PRODUCTS = frozenset({"MatMul", "MatMulInteger", "QLinearMatMul", "FusedMatMul"})
PLAIN = (int, float, str, tuple)
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def word_of(step: Step, has_weights: bool) -> str:
    """`convolution`, `matrix product`, `layer normalization`."""
    name = step.op_type if step.kind is None else step.kind.name  # as another one, where a user tells it
    if name in PRODUCTS:
        return "linear" if has_weights else "matrix product"
    if name == "Gemm" and not has_weights:
        return "matrix product"
    if name == "Clip" and _limits(step) == (0, 6):
        return "relu6"
    if WORDS.get(name) == "convolution" and _is_depthwise(step):
        return "depthwise convolution"
    if step.domain not in OWN_DOMAIN and name == step.op_type and find(step.domain, name, NEWEST) is None:
        return f"{step.domain}::{name}"
    return plain_word(name)


def plain_word(op_type: str) -> str:
    """What an operator is called that is nothing else by its settings: the word of specs, or its name spelled out."""
    return WORDS.get(op_type) or CAMEL.sub(" ", op_type).lower()


def patch_of(step: Step) -> str:
    """`7x7/2`, as papers print a window; empty for what is none."""
    windows = (
        one.window_on if isinstance(one, Pool) else one.window
        for one in step.primitives
        if isinstance(one, Conv | Pool)
    )
    window = next(windows, None)
    return "" if window is None else patch_text(window)


def settings_of(step: Step) -> tuple[tuple[str, object], ...]:
    """What the node is set to: its attributes, filters and kernel of a convolution, columns of a matrix product."""
    found: dict[str, object] = {}
    for one in step.primitives:
        if isinstance(one, Conv):
            found |= {
                "kernel size": sides_text(one.window.kernel_size),
                "groups": one.groups,
                "filters": one.out_channels,
            }
        elif isinstance(one, MatrixProduct):
            found |= {"columns": one.n}
    plain = {name: value for name, value in step.settings.items() if isinstance(value, PLAIN)}
    found |= {name.replace("_", " "): value for name, value in plain.items() if name not in ("kernel_shape", "group")}
    return tuple(found.items())


def _limits(step: Step) -> tuple[object, ...]:
    return tuple(
        value.values[0] if isinstance(value, Tensor) and value.values else None for value in step.arguments[1:3]
    )


def _is_depthwise(step: Step) -> bool:
    """Whether every group has one channel."""
    return any(
        isinstance(one, Conv) and one.groups != 1 and same(one.groups, one.in_channels) for one in step.primitives
    )
