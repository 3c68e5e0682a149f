"""What each type of Caffe layer is in the words of specs: `Convolution` is `{convolution: 7x7/2, filters: 64}`.

Defaults are Caffe's (caffe.proto): no padding, stride 1, biases unless `bias_term` says no; pools round up. Layers of
training and test alone (losses, accuracy) are no part of the network that runs.

Source: BVLC/caffe, src/caffe/proto/caffe.proto.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from inception_calc.problems import InputError, Problem, nearest
from inception_calc.spec_file.caffe.text_format import Message
from inception_calc.spec_file.nodes import Node, Scalar

Value: TypeAlias = "str | list[str] | Node"
"""A text or list of ours, which stands at the layer, or a value of the file."""


class Meaning(NamedTuple):
    """A step without its inputs: the operator, its main argument, its settings."""

    word: str
    argument: Value = ""
    settings: Mapping[str, Value] = {}
    joins: bool = False
    """It takes several inputs."""


class Layer(NamedTuple):
    """A layer of the file."""

    message: Message
    name: str
    type: str

    def problem(self, code: str, what: str, fix: str, at: Node | None = None) -> InputError:
        """A complaint about it."""
        place = at or self.message.scalar("type") or self.message
        return InputError(Problem(code, f"layer '{self.name}': {what}", place.location(), fix))


Reader: TypeAlias = Callable[[Layer], Meaning]

V1 = {
    "CONVOLUTION": "Convolution", "DECONVOLUTION": "Deconvolution", "POOLING": "Pooling",
    "INNER_PRODUCT": "InnerProduct", "RELU": "ReLU", "SIGMOID": "Sigmoid", "TANH": "TanH", "DROPOUT": "Dropout",
    "LRN": "LRN", "SOFTMAX": "Softmax",
    "CONCAT": "Concat", "ELTWISE": "Eltwise", "FLATTEN": "Flatten", "SPLIT": "Split", "SILENCE": "Silence",
    "ACCURACY": "Accuracy", "SOFTMAX_LOSS": "SoftmaxWithLoss", "EUCLIDEAN_LOSS": "EuclideanLoss",
    "HINGE_LOSS": "HingeLoss", "SIGMOID_CROSS_ENTROPY_LOSS": "SigmoidCrossEntropyLoss", "DATA": "Data",
    "IMAGE_DATA": "ImageData", "HDF5_DATA": "HDF5Data", "MEMORY_DATA": "MemoryData", "WINDOW_DATA": "WindowData",
    "DUMMY_DATA": "DummyData",
}  # fmt: skip
"""How files before 2014 wrote types."""

INPUTS = frozenset({"Input", "Data", "ImageData", "HDF5Data", "MemoryData", "WindowData", "DummyData"})
JUDGES = frozenset(
    {
        "Accuracy", "Silence", "SoftmaxWithLoss", "EuclideanLoss", "HingeLoss", "SigmoidCrossEntropyLoss",
        "MultinomialLogisticLoss", "ContrastiveLoss", "InfogainLoss",
    }
)  # fmt: skip
"""Layers that compare the network's answer with the right one."""
COPIES = frozenset({"Split"})
"""Layers that give their input on under other names."""


def meaning(layer: Layer) -> Meaning:
    """What a layer is; a complaint with its place where no word says it."""
    read = READERS.get(layer.type)
    if read is None:
        fix = nearest(layer.type, READERS) or "write the network as a spec; docs/language.md tells how"
        raise layer.problem("unknown-operator", f"no word of specs does what '{layer.type}' does", fix)
    return read(layer)


def _sides(layer: Layer, param: Message, name: str, default: str = "") -> list[str]:
    """A size for each axis that is given: `name` several times, or `name_h` and `name_w`."""
    short = name.removesuffix("_size")
    both = [param.scalar(f"{short}_h"), param.scalar(f"{short}_w")]
    if all(both):
        return [side.text for side in both if side]
    if any(both):
        missing = f"{short}_{'w' if both[0] else 'h'}"
        raise layer.problem("missing-key", f"'{missing}' is missing", f"write {missing}", both[0] or both[1])
    return [side.text for side in param.scalars(name)] or [default] * bool(default)


def _window(layer: Layer, param: Message) -> str:
    kernel = _sides(layer, param, "kernel_size")
    if not kernel:
        raise layer.problem("missing-key", "'kernel_size' is missing", "write kernel_size")
    stride = _sides(layer, param, "stride", "1")
    sides = kernel * 2 if len(kernel) == 1 else kernel
    if len(set(stride)) == 1:
        return f"{'x'.join(sides)}/{stride[0]}"
    return f"{'x'.join(sides)}/{'x'.join(stride)}"


def _amounts(layer: Layer, param: Message, name: str, zero: str) -> Value:
    """A padding or dilation: one number, or one for each axis; empty where it is `zero`."""
    amounts = _sides(layer, param, name, zero)
    if set(amounts) == {zero}:
        return ""
    return amounts[0] if len(set(amounts)) == 1 else amounts


def _given(settings: Mapping[str, Value | None]) -> dict[str, Value]:
    return {name: value for name, value in settings.items() if value is not None and value != ""}


def _bias(param: Message) -> str:
    return "false" if param.text("bias_term", "true") == "false" else ""


def _count(layer: Layer, param: Message) -> Scalar:
    count = param.scalar("num_output")
    if count is None:
        raise layer.problem("missing-key", "'num_output' is missing", "write num_output")
    return count


def _convolution(layer: Layer) -> Meaning:
    param = layer.message.message("convolution_param")
    groups = param.scalar("group")
    settings = {
        "filters": _count(layer, param),
        "groups": None if groups is None or groups.text == "1" else groups,
        "padding": _amounts(layer, param, "pad", "0"),
        "dilation": _amounts(layer, param, "dilation", "1"),
        "bias": _bias(param),
    }
    word = "convolution" if layer.type == "Convolution" else "transposed convolution"
    return Meaning(word, _window(layer, param), _given(settings))


POOLS = {"MAX": "max pool", "AVE": "average pool", "0": "max pool", "1": "average pool"}


def _pooling(layer: Layer) -> Meaning:
    param = layer.message.message("pooling_param")
    kind = param.text("pool", "MAX")
    if kind not in POOLS:
        what = f"no word of specs is a '{kind}' pool"
        raise layer.problem("unknown-operator", what, "MAX and AVE are known", param.scalar("pool"))
    if param.text("global_pooling") == "true":
        return Meaning(POOLS[kind], "global")
    floor = param.text("round_mode") in {"FLOOR", "1"}
    settings = {"padding": _amounts(layer, param, "pad", "0"), "rounding": "floor" if floor else "ceil"}
    return Meaning(POOLS[kind], _window(layer, param), _given(settings))


def _linear(layer: Layer) -> Meaning:
    param = layer.message.message("inner_product_param")
    if (axis := param.scalar("axis")) is not None and axis.text != "1":
        what = f"an inner product from axis {axis.text} on is no linear layer of the whole map"
        raise layer.problem("unknown-operator", what, "write the network as a spec: linear with over: channels", axis)
    return Meaning("linear", _count(layer, param), _given({"bias": _bias(param)}))


def _relu(layer: Layer) -> Meaning:
    slope = layer.message.message("relu_param").scalar("negative_slope")
    return Meaning("leaky relu", slope) if slope is not None and float_of(layer, slope) else Meaning("relu")


def float_of(layer: Layer, value: Scalar) -> float:
    """A number of the file; a complaint where it is none."""
    try:
        return float(value.text)
    except ValueError:
        raise layer.problem("wrong-value", f"'{value.text}' is no number", "write a number", value) from None


def _prelu(layer: Layer) -> Meaning:
    shared = layer.message.message("prelu_param").text("channel_shared")
    return Meaning("prelu", "" if shared == "true" else "channels")


def _elu(layer: Layer) -> Meaning:
    return Meaning("elu", layer.message.message("elu_param").scalar("alpha") or "")


def _local_response_norm(layer: Layer) -> Meaning:
    param = layer.message.message("lrn_param")
    region = param.scalar("norm_region")
    if region is not None and region.text not in {"ACROSS_CHANNELS", "0"}:
        what = f"a norm '{region.text}' is no local response norm over channels"
        raise layer.problem("unknown-operator", what, "write the network as a spec", region)
    return Meaning("local response norm", param.scalar("local_size") or "5")


def _dropout(layer: Layer) -> Meaning:
    return Meaning("dropout", layer.message.message("dropout_param").scalar("dropout_ratio") or "0.5")


def _concat(layer: Layer) -> Meaning:
    param = layer.message.message("concat_param")
    axis = param.scalar("axis") or param.scalar("concat_dim")
    if axis is not None and axis.text != "1":
        what = f"it stacks along axis {axis.text}; `concat` stacks channels, axis 1"
        raise layer.problem("unknown-operator", what, "write the network as a spec", axis)
    return Meaning("concat", joins=True)


ELTWISE = {"SUM": "sum", "1": "sum", "PROD": "product", "0": "product"}


def _eltwise(layer: Layer) -> Meaning:
    param = layer.message.message("eltwise_param")
    kind = param.text("operation", "SUM")
    if kind not in ELTWISE:
        what = f"no word of specs joins maps by '{kind}'"
        raise layer.problem("unknown-operator", what, "SUM and PROD are known", param.scalar("operation"))
    for factor in param.scalars("coeff"):
        if float_of(layer, factor) != 1:
            what = "a sum whose inputs are scaled first is no plain sum"
            raise layer.problem("unknown-operator", what, "write the network as a spec, with `scale`", factor)
    return Meaning(ELTWISE[kind], joins=True)


def _pyramid(layer: Layer) -> Meaning:
    param = layer.message.message("spp_param")
    height = param.text("pyramid_height")
    if not height.isdigit() or not 1 <= int(height) <= 10:
        raise layer.problem("wrong-value", "'pyramid_height' must be a number from 1 to 10", "write pyramid_height: 3")
    if param.text("pool", "MAX") not in {"MAX", "0"}:
        raise layer.problem("unknown-operator", "only pyramids of max pools are known", "write the network as a spec")
    return Meaning("spatial pyramid pool", [str(2**level) for level in range(int(height))])


def _word(word: str) -> Reader:
    return lambda _: Meaning(word)


READERS: dict[str, Reader] = {
    "Convolution": _convolution,
    "Deconvolution": _convolution,
    "Pooling": _pooling,
    "InnerProduct": _linear,
    "ReLU": _relu,
    "PReLU": _prelu,
    "ELU": _elu,
    "Sigmoid": _word("sigmoid"),
    "TanH": _word("tanh"),
    "BNLL": _word("softplus"),
    "Exp": _word("exponential"),
    "LRN": _local_response_norm,
    "Dropout": _dropout,
    "BatchNorm": _word("batch norm"),
    "Softmax": _word("softmax"),
    "Flatten": _word("flatten"),
    "Concat": _concat,
    "Eltwise": _eltwise,
    "SPP": _pyramid,
}
"""`Scale` is read with the `BatchNorm` in front of it (`network.py`)."""
