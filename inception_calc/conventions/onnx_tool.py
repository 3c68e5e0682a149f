"""onnx-tool's `model_profile`: "MACs" of every node, shape arithmetic too, weighed by what an x86 needs for it.

A multiply-add, an addition and a comparison are 1, a division 4, a square root 24, an exponential 32, a logarithm 43.
Biases count; a transposed convolution is counted at its output's places and with one input channel alone. An
operator that it does not know ends the run, and so do functions of the file and nodes that hold graphs.
"""

from __future__ import annotations

from collections.abc import Callable

from inception_calc.conventions.of_files import (
    FileConvention,
    Parts,
    each_run,
    elements_in,
    has,
    inside,
    named,
    sizes_in,
)
from inception_calc.dims import Dim, product
from inception_calc.onnx_graph.model import Step
from inception_calc.onnx_ops.value import Tensor

DIVISION, ROOT, EXPONENTIAL, LOGARITHM, SINE = 4, 24, 32, 43, 39
TANH = EXPONENTIAL + 2 + DIVISION

EACH = {
    "activations": {
        "Clip": 2,
        "Elu": EXPONENTIAL + 3,
        "Gelu": EXPONENTIAL + 2,
        "HardSigmoid": 4,
        "HardSwish": 5,
        "LeakyRelu": 2,
        "PRelu": 2,
        "Relu": 1,
        "Sigmoid": EXPONENTIAL,
        "Softplus": EXPONENTIAL + 1 + LOGARITHM,
        "Tanh": 2 * TANH,
    },
    "softmax": {
        "Hardmax": 1,
        "LogSoftmax": EXPONENTIAL + DIVISION + 1 + LOGARITHM,
        "Softmax": EXPONENTIAL + DIVISION,
    },
    "batch norm": {"BatchNormalization": ROOT + DIVISION + 3},
    "other norms": {"InstanceNormalization": DIVISION + 3, "LpNormalization": EXPONENTIAL + 1},
    "quantization": {"DequantizeLinear": 2, "QuantizeLinear": 2},
    "element-wise": {
        **dict.fromkeys(("Abs", "Ceil", "Floor", "Neg", "Not", "Round", "Sign"), 1),
        **dict.fromkeys(("And", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Or", "Xor"), 1),
        **dict.fromkeys(("Add", "CumSum", "Max", "Min", "Mod", "Mul", "NonZero", "Sub"), 1),
        "Atan": 2 * (ROOT + DIVISION + 4),
        "Cos": SINE,
        "Div": DIVISION,
        "Exp": EXPONENTIAL,
        "Log": LOGARITHM,
        "Pow": EXPONENTIAL,
        "Reciprocal": DIVISION,
        "Sin": SINE,
        "Sqrt": ROOT,
    },
}
"""Cause -> operator -> operations for each output element."""
REDUCING = {
    "ReduceL2": 1 + ROOT,
    **dict.fromkeys(("ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum"), 1),
}
"""Operations for each element of the input."""
RESIZING = {"linear": 4, "cubic": 8}
GATES = {"LSTM": (4, 3, 2, 4), "GRU": (3, 2, 1, 5)}
"""Gates; for each state sigmoids, hyperbolic tangents, and the additions and products that join them."""
FREE = frozenset({
    "ArgMax", "ArrayFeatureExtractor", "Cast", "CategoryMapper", "Compress", "Concat", "Constant", "ConstantOfShape",
    "DepthToSpace", "Dropout", "Erf", "Expand", "Flatten", "Gather", "GatherElements", "GatherND", "GridSample",
    "Identity", "NonMaxSuppression", "OneHot", "Pad", "RandomNormalLike", "RandomUniformLike", "Range", "Reshape",
    "RoiAlign", "ScatterElements", "ScatterND", "Shape", "Slice", "Split", "Squeeze", "Tile", "TopK", "Transpose",
    "Trilu", "Unsqueeze", "Upsample", "Where", "ZipMap",
})  # fmt: skip
"""Operators that it knows and counts as zero."""


def _made(step: Step) -> Dim:
    """The elements of the output; of a scalar none."""
    value = step.values[0] if step.values else None
    return value.elements if isinstance(value, Tensor) and value.shape else 0


def _pool(step: Step) -> Dim:
    """The taps of a window; of one along more or less than two axes those along the first."""
    kernel = step.settings.get("kernel_shape") or ()
    return _made(step) * product(kernel if len(kernel) == 2 else kernel[:1])


def _sum(step: Step) -> Dim:
    return (len(step.inputs) - 1) * _made(step)


def _global_pool(step: Step) -> Dim:
    return elements_in(step) + DIVISION * _made(step)


def _response_norm(step: Step) -> Dim:
    return (DIVISION + EXPONENTIAL + 1 + step.settings["size"]) * _made(step)


def _layer_norm(step: Step) -> Dim:
    x = sizes_in(step, 0) or ()
    axis = step.settings["axis"] % max(len(x), 1)
    return 7 * product(x) + (1 + ROOT + DIVISION) * product((*x[:axis], *x[axis + 1 :]))


def _resize(step: Step) -> Dim:
    mode = step.settings.get("mode", "nearest")
    return RESIZING.get(mode, 0) * _made(step)


OTHERS: dict[str, tuple[str, Callable[[Step], Dim]]] = {
    "AveragePool": ("pools", _pool),
    "MaxPool": ("pools", _pool),
    "GlobalAveragePool": ("pools", _global_pool),
    "LRN": ("local response norm", _response_norm),
    "LayerNormalization": ("other norms", _layer_norm),
    "Resize": ("upsampling", _resize),
    "Sum": ("element-wise", _sum),
}


def _convolution(step: Step) -> Parts:
    kernel, bias = (3, 8) if step.op_type == "QLinearConv" else (1, 2)
    y = _made(step)
    weights = sizes_in(step, kernel) or (0,)
    counts: dict[str, Dim] = {}
    if step.op_type != "ConvInteger" and has(step, bias):
        counts["bias"] = y
    if step.op_type == "ConvTranspose":
        counts["transposed convolution"] = y * product(weights[1:]) - each_run(step)
    return counts


def _product(step: Step) -> Parts:
    return {"bias": _made(step)} if has(step, 2) else {}


def _recurrent(step: Step) -> Parts:
    """All weights once in each step, whatever the direction; states and gates of one direction alone."""
    gates, sigmoids, tangents, joins = GATES[step.op_type]
    x, w, r = (sizes_in(step, slot) or (0, 0, 0) for slot in range(3))
    rows, state = x[0] * x[1], x[0] * x[1] * (w[1] // gates)
    weights = (product(w) + product(r)) * rows
    functions = state * (gates + sigmoids * EXPONENTIAL + tangents * 2 * TANH // 2 + joins)
    counts: dict[str, Dim] = {"recurrent layers": weights - each_run(step) + functions}
    return {**counts, "bias": elements_in(step, 3) * rows}


def _einsum(step: Step) -> Parts:
    equation = step.settings["equation"].replace(" ", "").partition("->")[0]
    sizes: dict[str, Dim] = {}
    for slot, term in enumerate(equation.split(",")):
        sizes |= dict(zip(term, sizes_in(step, slot) or (), strict=False))
    return {"einsum": product(tuple(sizes.values())) - each_run(step)}


SPLIT = {
    **dict.fromkeys(("Conv", "ConvInteger", "ConvTranspose", "QLinearConv"), _convolution),
    "Gemm": _product,
    **dict.fromkeys(GATES, _recurrent),
    "Einsum": _einsum,
}
AS_WE_DO = frozenset({"MatMul", "MatMulInteger", "QLinearMatMul"})
CAUSE_OF = {operator: cause for cause, operators in EACH.items() for operator in operators}
KNOWN = frozenset({*CAUSE_OF, *REDUCING, *OTHERS, *SPLIT, *AS_WE_DO, *FREE})


def _parts(step: Step) -> Parts:
    operator = step.op_type
    if operator in SPLIT:
        return SPLIT[operator](step)
    if operator in OTHERS:
        cause, rule = OTHERS[operator]
        return {cause: rule(step)}
    if operator in REDUCING:
        return {"reductions": REDUCING[operator] * elements_in(step)}
    if operator in CAUSE_OF:
        cause = CAUSE_OF[operator]
        return {cause: EACH[cause][operator] * _made(step)}
    return {} if operator in AS_WE_DO or operator in FREE else {"unknown operators": -each_run(step)}


def _stops(steps: tuple[Step, ...]) -> str:
    unknown = [step.op_type for step in steps if step.op_type not in KNOWN and not step.path]
    if unknown:
        return f"it stops at operators that it does not know: {named(list(dict.fromkeys(unknown)))}"
    if holders := list(inside(steps)):
        return f"it stops at nodes that hold graphs and at functions: {named(holders)}"
    odd = list(dict.fromkeys(what for step in steps if (what := _odd(step))))
    return f"it stops at {named(odd)}" if odd else ""


def _odd(step: Step) -> str:
    """A form of an operator that it knows and does not expect."""
    if step.op_type in GATES and not has(step, 3):
        return f"{step.op_type} without biases"
    if step.op_type == "Einsum" and len(step.inputs) != 2:
        return f"Einsum of {len(step.inputs)} inputs"
    if step.op_type == "MatMul" and any(len(sizes_in(step, slot) or (0, 0)) == 1 for slot in (0, 1)):
        return "MatMul of a vector"
    return ""


CONVENTION = FileConvention(
    "onnx-tool",
    "1.0.1",
    _parts,
    _stops,
    ("shape arithmetic counts too; params are those of initializers alone, not of weights that nodes make",),
)
