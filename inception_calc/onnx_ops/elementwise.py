"""Operators that work element by element: same shape, or shapes that are broadcast."""

from __future__ import annotations

from collections.abc import Mapping

from inception_calc.dims import maximum, minimum
from inception_calc.onnx_ops.arithmetic import Scalar, Sizes, equal, less, numeric, rounded_down, rounded_up, whole
from inception_calc.onnx_ops.elements import combined, kept, spread
from inception_calc.onnx_ops.functions import (
    DIVISIONS,
    Function,
    absolute,
    added,
    bits,
    comparison,
    division,
    largest,
    logical,
    mean_of,
    modulo,
    multiply,
    negate,
    negation,
    power,
    reciprocal,
    rectified,
    root,
    rounded,
    sign_of,
    smallest,
    subtract,
    summed,
    turned,
)
from inception_calc.onnx_ops.kind import Call, Cost, Kind, Rule, Setting, integer, real, text
from inception_calc.onnx_ops.value import BOOL, FLOAT, INTEGERS, Outputs, Tensor
from inception_calc.primitives.elements import Elementwise
from inception_calc.primitives.primitive import Primitives


def each(ops: int = 1) -> Cost:
    """`ops` operations for each element of the first output."""

    def cost(call: Call, outputs: Outputs) -> Primitives:
        y = outputs[0]
        return (Elementwise(y.elements, ops),) if isinstance(y, Tensor) else ()

    return cost


def same_shape(function: Function | None = None, data_type: int | None = None) -> Rule:
    """The output is like the first input; `function` gives known elements."""

    def rule(call: Call) -> Outputs:
        x = call.tensor(0)
        values = None
        if function is not None and x.values is not None:
            values = tuple(None if value is None else kept(function(value)) for value in x.values)
        return (Tensor(x.shape, x.data_type if data_type is None else data_type).with_values(values),)

    return rule


like = same_shape()
"""The output is like the first input, and none of its elements are followed."""


def broadcasting(function: Function | None = None, data_type: int | None = None, typed_by: int = 0) -> Rule:
    """All inputs are broadcast; `typed_by` is the input whose type the output has."""

    def rule(call: Call) -> Outputs:
        inputs = tuple(call.tensor(slot) for slot in range(len(call.inputs)))
        return (_joined(inputs, call.broadcast(*(x.shape for x in inputs)), function, data_type, typed_by),)

    return rule


def _joined(
    inputs: tuple[Tensor, ...], shape: Sizes, function: Function | None, data_type: int | None, typed_by: int
) -> Tensor:
    kind = inputs[typed_by].data_type
    values = None
    if function is not None:
        if function in DIVISIONS and kind in INTEGERS:
            function = DIVISIONS[function]
        values = combined(function, inputs, shape)
    return Tensor(shape, kind if data_type is None else data_type).with_values(values)


def aligned(function: Function | None = None, data_type: int | None = None) -> Rule:
    """Before opset 7: the second input is laid onto the first, from `axis` on, where `broadcast` is set."""

    def rule(call: Call) -> Outputs:
        a, b = call.tensor(0), call.tensor(1)
        axis = call.settings["axis"]
        if call.settings["broadcast"] and axis is not None:
            b = b._replace(shape=b.shape + (1,) * (a.rank - axis % max(a.rank, 1) - b.rank))
        return (_joined((a, b), a.shape, function, data_type, 0),)

    return rule


# rules of their own


def _where(call: Call) -> Outputs:
    condition, x, y = (call.tensor(slot) for slot in range(3))
    shape = call.broadcast(condition.shape, x.shape, y.shape)
    columns = [spread(one, shape) for one in (condition, x, y)]
    if columns[0] is None:
        return (Tensor(shape, x.data_type),)
    unknowns = (None,) * len(columns[0])
    rows = zip(columns[0], columns[1] or unknowns, columns[2] or unknowns, strict=True)
    values = tuple((a if a is b else None) if c is None or not numeric(c) else a if c else b for c, a, b in rows)
    return (Tensor(shape, x.data_type).with_values(values),)


def _clip(call: Call) -> Outputs:
    x = call.tensor(0)
    low, high = (call.scalar(slot) if call.has(slot) else None for slot in (1, 2))
    return (x.with_values(_clipped(x, low, high, call.has(1), call.has(2))),)


def _clipped(x: Tensor, low: Scalar, high: Scalar, has_low: bool, has_high: bool) -> tuple[Scalar, ...] | None:
    if x.values is None or (has_low and low is None) or (has_high and high is None):
        return None

    def clipped(value: Scalar) -> Scalar:
        value = maximum(value, low) if has_low else value
        return minimum(value, high) if has_high else value

    return tuple(None if value is None else clipped(value) for value in x.values)


def _cast(call: Call) -> Outputs:
    return (_as_type(call.tensor(0), call.settings["to"]),)


def _cast_like(call: Call) -> Outputs:
    return (_as_type(call.tensor(0), call.tensor(1).data_type),)


def _as_type(x: Tensor, data_type: int | str) -> Tensor:
    """The tensor with elements of another type; the first opset wrote types as words."""
    if isinstance(data_type, str):
        data_type = TYPE_WORDS.get(data_type, FLOAT)
    values = x.values
    if values is not None and data_type == BOOL:
        values = tuple(None if value is None else negation(equal(value, 0)) for value in values)
    elif values is not None and data_type in INTEGERS:
        values = tuple(map(whole, values))
    return Tensor(x.shape, data_type).with_values(values)


TYPE_WORDS = {
    "FLOAT": 1,
    "UINT8": 2,
    "INT8": 3,
    "UINT16": 4,
    "INT16": 5,
    "INT32": 6,
    "INT64": 7,
    "BOOL": 9,
    "FLOAT16": 10,
    "DOUBLE": 11,
}


def _dropout(call: Call) -> Outputs:
    x = call.tensor(0)
    return x, Tensor(x.shape, BOOL)


def _prelu(call: Call) -> Outputs:
    return (Tensor(call.shape(0), call.tensor(0).data_type),)


def _identity(call: Call) -> Outputs:
    return (call.value(0),)


def _swiglu(call: Call) -> Outputs:
    return (Tensor(call.broadcast(call.shape(0), call.shape(1)), call.tensor(0).data_type),)


# declarations


def unary(
    name: str,
    since: int,
    function: Function | None = None,
    ops: int = 1,
    data_type: int | None = None,
    settings: Mapping[str, Setting] | None = None,
) -> Kind:
    """A function of one element."""
    rule = same_shape(function, data_type)
    return Kind(name, since, rule, each(ops), settings or {}, in_place=data_type is None)


def binary(
    name: str, since: int, function: Function | None, data_type: int | None = None, old: bool = False
) -> tuple[Kind, ...]:
    """A function of two elements, in its old form too where there is one."""
    now = Kind(
        name, max(since, 7) if old else since, broadcasting(function, data_type), each(), in_place=data_type is None
    )
    if not old:
        return (now,)
    settings = {"broadcast": integer(0), "axis": integer()}
    return (Kind(name, since, aligned(function, data_type), each(), settings), now)


def variadic(name: str, since: int, function: Function) -> Kind:
    """A function of any number of elements: one operation less than there are inputs."""

    def cost(call: Call, outputs: Outputs) -> Primitives:
        return each(max(len(call.inputs) - 1, 0))(call, outputs)

    return Kind(name, since, broadcasting(function), cost, in_place=True)


FUNCTIONS: tuple[tuple[str, int, Function | None], ...] = (
    ("Abs", 1, absolute),
    ("Acos", 7, None),
    ("Acosh", 9, None),
    ("Asin", 7, None),
    ("Asinh", 9, None),
    ("Atan", 7, None),
    ("Atanh", 9, None),
    ("BitwiseNot", 18, None),
    ("Ceil", 1, rounded_up),
    ("Celu", 12, None),
    ("Cos", 7, None),
    ("Cosh", 9, None),
    ("Elu", 1, None),
    ("Erf", 9, None),
    ("Exp", 1, None),
    ("Floor", 1, rounded_down),
    ("HardSigmoid", 1, None),
    ("LeakyRelu", 1, None),
    ("Log", 1, None),
    ("Neg", 1, negate),
    ("Reciprocal", 1, reciprocal),
    ("Relu", 1, rectified),
    ("Round", 11, rounded),
    ("Selu", 1, None),
    ("Shrink", 9, None),
    ("Sigmoid", 1, None),
    ("Sign", 9, sign_of),
    ("Sin", 7, None),
    ("Sinh", 9, None),
    ("Softplus", 1, None),
    ("Softsign", 1, None),
    ("Sqrt", 1, root),
    ("Tan", 7, None),
    ("Tanh", 1, None),
    ("ThresholdedRelu", 1, None),
    ("ScaledTanh", 1, None),
    ("ParametricSoftplus", 1, None),
    ("Affine", 1, None),
    ("ImageScaler", 1, None),
)

IN_STEPS = (("HardSwish", 14, 2), ("Mish", 18, 3), ("Swish", 24, 2))
"""Functions that runtimes take apart, with their steps: they count as files do in which they are written out."""
GELU, GELU_TANH = 5, 8
"""Steps of x / 2 * (1 + erf(x / sqrt(2))), and of the same with the tanh of a cubic."""


def _gelu_cost(call: Call, outputs: Outputs) -> Primitives:
    return each(GELU_TANH if call.settings["approximate"] == "tanh" else GELU)(call, outputs)


LARGEST = 3.4028234663852886e38
"""Of single precision."""
NUMBERS: dict[str, dict[str, Setting]] = {
    "Celu": {"alpha": real(1.0)},
    "Elu": {"alpha": real(1.0)},
    "HardSigmoid": {"alpha": real(0.20000000298023224), "beta": real(0.5)},
    "LeakyRelu": {"alpha": real(0.009999999776482582)},
    "Shrink": {"lambd": real(0.5), "bias": real(0.0)},
    "ThresholdedRelu": {"alpha": real(1.0)},
}
"""The numbers of functions that have some: they change no count."""

KINDS: tuple[Kind, ...] = (
    *(unary(name, since, function, settings=NUMBERS.get(name)) for name, since, function in FUNCTIONS),
    *(unary(name, since, ops=ops) for name, since, ops in IN_STEPS),
    Kind("Gelu", 20, same_shape(), _gelu_cost, {"approximate": text("none")}, in_place=True),
    unary("Not", 1, negation, data_type=BOOL),
    unary("IsInf", 10, data_type=BOOL),
    unary("IsNaN", 9, data_type=BOOL),
    *binary("Add", 1, added, old=True),
    *binary("Sub", 1, subtract, old=True),
    *binary("Mul", 1, multiply, old=True),
    *binary("Div", 1, division, old=True),
    *binary("Pow", 1, power, old=True),
    *binary("Mod", 10, modulo),
    *binary("And", 1, logical(lambda a, b: a and b), BOOL, old=True),
    *binary("Or", 1, logical(lambda a, b: a or b), BOOL, old=True),
    *binary("Xor", 1, logical(lambda a, b: a != b), BOOL, old=True),
    *binary("Equal", 1, comparison(equal), BOOL, old=True),
    *binary("Less", 1, comparison(less), BOOL, old=True),
    *binary("Greater", 1, lambda a, b: less(b, a), BOOL, old=True),
    *binary("LessOrEqual", 12, turned(less, swap=True), BOOL),
    *binary("GreaterOrEqual", 12, turned(less, swap=False), BOOL),
    *binary("BitShift", 11, None),
    *binary("BitwiseAnd", 18, bits(lambda a, b: a & b)),
    *binary("BitwiseOr", 18, bits(lambda a, b: a | b)),
    *binary("BitwiseXor", 18, bits(lambda a, b: a ^ b)),
    variadic("Max", 1, largest),
    variadic("Min", 1, smallest),
    variadic("Sum", 1, summed),
    variadic("Mean", 1, mean_of),
    Kind("PRelu", 1, _prelu, each(), roles={1: "affine"}, in_place=True),
    Kind("Where", 9, _where, each()),
    Kind("Clip", 1, same_shape(), each(2), {"min": real(), "max": real()}, in_place=True),
    Kind("Clip", 6, same_shape(), each(2), {"min": real(-LARGEST), "max": real(LARGEST)}, in_place=True),
    Kind("Clip", 11, _clip, each(2), in_place=True),
    Kind("Cast", 1, _cast, each(), {"to": text(required=True)}, carries=(0,)),
    Kind("Cast", 6, _cast, each(), {"to": integer(required=True)}, carries=(0,)),
    Kind("CastLike", 15, _cast_like, each(), carries=(0,)),
    Kind(
        "BitCast",
        26,
        lambda call: (Tensor(call.shape(0), call.settings["to"]),),
        settings={"to": integer(required=True)},
        view=True,
    ),
    Kind("Dropout", 1, _dropout, settings={"ratio": real(0.5)}, in_place=True),
    Kind("Identity", 1, _identity, carries=(0,), view=True),
    Kind("SwiGLU", 28, _swiglu, each(3)),
)
