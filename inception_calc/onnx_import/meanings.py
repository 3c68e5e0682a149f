"""What a node is in the words of specs: a step without its inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from inception_calc.onnx_import.nodes import Node, Sides, Unsaid, same_but_ones
from inception_calc.onnx_import.windows import (
    Accepted,
    Value,
    padding,
    pads_of,
    per_axis,
    rounding,
    sides,
    stride_text,
)

COPY, BIAS, PAD = "", "+ bias", "pad"
"""A node that only passes its input on, and ones that may belong to the operator beside them."""


class Meaning(NamedTuple):
    """A step: the operator, its main argument, its settings."""

    word: str
    argument: Value = ""
    settings: Mapping[str, Accepted] = {}
    joins: bool = False


def meaning(node: Node) -> Meaning:
    """What a node is; raises `Unsaid` where no word says it."""
    step = node.step
    if node.layer.holders:
        raise Unsaid(f"it shares '{next(iter(node.layer.holders))}' with another layer")
    if step.times != 1:
        raise Unsaid("it runs in a loop")
    read = READERS.get(step.op_type) if step.domain in ("", "ai.onnx") else None
    if read is None:
        raise Unsaid(f"no word of specs does what '{step.op_type}' does")
    return read(node)


def _convolution(node: Node) -> Meaning:
    if len(node.sources) > 1:
        raise Unsaid("its weights are no constants")
    filters, _, *rest = node.sizes(1)
    (x,), kernel, groups = node.data, tuple(rest), node.setting("group", 1)
    settings = _window(node, kernel, x) | _bias(node, 2)
    if groups == x[0] > 1:
        multiplier: dict[str, Accepted] = {} if filters == groups else {"multiplier": (str(filters // groups),)}
        return Meaning("depthwise convolution", sides(kernel), multiplier | settings)
    named: dict[str, Accepted] = {"filters": (str(filters),)}
    if groups != 1:
        named["groups"] = (str(groups),)
    return Meaning("convolution", sides(kernel), named | settings)


def _transposed(node: Node) -> Meaning:
    _, per_group, *rest = node.sizes(1)
    kernel, groups = tuple(rest), node.setting("group", 1)
    (x,), ones = node.data, (1,) * len(kernel)
    stride, dilation = node.numbers("strides", ones), node.numbers("dilations", ones)
    if str(node.step.settings.get("auto_pad") or "NOTSET") not in ("NOTSET", "VALID"):
        raise Unsaid("its padding is left to the runtime")
    pads = pads_of(node, kernel, stride, dilation, x[1:])
    added = tuple(
        out - ((n - 1) * s - sum(pad) + d * (k - 1) + 1)
        for out, n, s, pad, d, k in zip(node.output[1:], x[1:], stride, pads, dilation, kernel, strict=True)
    )
    if any(amount < 0 for amount in added):
        raise Unsaid("its output is cut")
    settings: dict[str, Accepted] = {"filters": (str(per_group * groups),)}
    settings |= {} if groups == 1 else {"groups": (str(groups),)}
    settings |= {"stride": (stride_text(stride),), "padding": _cut(pads, kernel, dilation)}
    settings |= {} if dilation == ones else {"dilation": (per_axis(dilation),)}
    settings |= {} if not any(added) else {"output padding": (per_axis(added),)}
    return Meaning("transposed convolution", sides(kernel), settings | _bias(node, 2))


def _cut(pads: tuple[tuple[int, int], ...], kernel: Sides, dilation: Sides) -> Accepted:
    """The padding of a transposed convolution; its `same` is another one."""
    found = padding(pads, kernel, (1,) * len(kernel), dilation, kernel)
    return tuple([value for value in found if value not in ("same", "causal")])


def _window(node: Node, kernel: Sides, x: Sides) -> dict[str, Accepted]:
    """Stride, padding and dilation."""
    ones = (1,) * len(kernel)
    stride, dilation = node.numbers("strides", ones), node.numbers("dilations", ones)
    pads = pads_of(node, kernel, stride, dilation, x[1:])
    found: dict[str, Accepted] = {"stride": (stride_text(stride),)}
    found["padding"] = padding(pads, kernel, stride, dilation, x[1:])
    return found | ({} if dilation == ones else {"dilation": (per_axis(dilation),)})


def _bias(node: Node, place: int) -> dict[str, Accepted]:
    has = len(node.step.arguments) > place and node.step.arguments[place] is not None
    return {"bias": ("true" if has else "false",)}


def _pool(word: str) -> Callable[[Node], Meaning]:
    def read(node: Node) -> Meaning:
        (x,) = node.data
        kernel = node.numbers("kernel_shape", ())
        if kernel == x[1:] == node.numbers("strides", kernel) and not any(node.numbers("pads", (0,))):
            return Meaning(word, "global")
        found = _window(node, kernel, x)
        if "dilation" in found:
            raise Unsaid("its window is dilated")
        stride = node.numbers("strides", (1,) * len(kernel))
        pads = pads_of(node, kernel, stride, (1,) * len(kernel), x[1:])
        found["rounding"] = rounding(node, kernel, stride, pads)
        if "floor" not in found["rounding"]:
            found["padding"] = tuple([value for value in found["padding"] if value != "same"])
        return Meaning(word, sides(kernel), found)

    return read


def _global(word: str) -> Callable[[Node], Meaning]:
    return lambda _: Meaning(word, "global")


def _reduced(word: str) -> Callable[[Node], Meaning]:
    """A mean or maximum over all positions of a map is a global pool."""

    def read(node: Node) -> Meaning:
        (x,) = node.data
        if not same_but_ones(node.output, x[:1]) or len(x) < 2:
            raise Unsaid("it is no mean or maximum over all positions")
        return Meaning(word, "global")

    return read


def _linear(node: Node) -> Meaning:
    if len(node.sources) > 1 or node.setting("transA"):
        raise Unsaid("it multiplies two matrices that are no weights")
    if len(node.data[0]) != 1 or len(node.output) != 1:
        raise Unsaid("it multiplies at each position, with channels last")
    bias = _bias(node, 2) if node.step.op_type == "Gemm" else {"bias": ("false",)}
    return Meaning("linear", str(node.output[0]), bias)


def _batch_norm(node: Node) -> Meaning:
    if node.setting("training_mode"):
        raise Unsaid("it is in training mode")
    return Meaning("batch norm")


def _reshape(node: Node) -> Meaning:
    (x,) = node.data
    if same_but_ones(x, node.output):
        return Meaning(COPY)
    if len(node.output) == 1:
        return Meaning("flatten")
    raise Unsaid(f"it makes {sides(node.output)} of {sides(x)}")


def _add(node: Node) -> Meaning:
    if node.layer.op.op == "bias":
        return Meaning(BIAS)
    if len(node.sources) < 2:
        place = 0 if node.constant(0) is not None else 1
        if [size for size in node.sizes(place) if size != 1] != list(node.output[:1]):
            raise Unsaid("it adds a constant")
        return Meaning(BIAS)
    if any(x != node.output for x in node.data):
        raise Unsaid("its inputs differ in size")
    return Meaning("sum", joins=True)


def _multiply(node: Node) -> Meaning:
    if len(node.sources) < 2:
        factors = [number for place in (0, 1) if (number := node.number(place)) is not None]
        if len(factors) == 1:
            return Meaning("scale", f"{factors[0]:.6g}")
        place = 0 if node.constant(0) is not None else 1
        if [size for size in node.sizes(place) if size != 1] != list(node.output[:1]):
            raise Unsaid("it multiplies by constants that differ from position to position")
        return Meaning("layer scale")
    if any(len(x) != len(node.output) for x in node.data):
        raise Unsaid("its inputs differ in rank")
    return Meaning("product", joins=True)


def _concat(node: Node) -> Meaning:
    axis = node.setting("axis", 1)
    if axis not in (1, -len(node.output)):
        raise Unsaid(f"it stacks along axis {axis}; `concat` stacks channels, axis 1")
    return Meaning("concat", joins=True) if len(node.sources) > 1 else Meaning(COPY)


def _resize(node: Node) -> Meaning:
    (x,), out = node.data, node.output
    mode = str(node.step.settings.get("mode") or "nearest")
    if out[0] != x[0] or mode not in ("nearest", "linear"):
        raise Unsaid(f"it resizes {sides(x)} to {sides(out)} by '{mode}'; nearest and linear are known")
    settings: dict[str, Accepted] = {"mode": ("linear",)} if mode == "linear" else {}
    if any(o % n for o, n in zip(out, x, strict=True)):
        return Meaning("resize", sides(out[1:]), settings)
    return Meaning("upsampling", sides([o // n for o, n in zip(out[1:], x[1:], strict=True)]), settings)


def _pad(node: Node) -> Meaning:
    mode = str(node.step.settings.get("mode") or "constant")
    if mode not in PADS:
        raise Unsaid(f"it pads by '{mode}'")
    (x,), out = node.data, node.output
    given = node.constant(1)
    pads = list(node.step.settings.get("pads") or (given.values if given is not None else None) or ())
    axes = node.constant(3)
    rank = len(x) + 1
    places = range(rank) if axes is None else [int(axis) % rank for axis in axes.values or ()]
    before = dict(zip(places, pads, strict=False))
    after = dict(zip(places, pads[len(pads) // 2 :], strict=False))
    around: list[Value] = [[str(before.get(axis, 0)), str(after.get(axis, 0))] for axis in range(2, rank)]
    if x[:1] != out[:1] or len(x) < 2:
        raise Unsaid("it pads channels")
    return Meaning(PAD, around, {} if mode == "constant" else {"mode": (PADS[mode],)})


PADS = {"constant": "zeros", "reflect": "reflect", "edge": "edge"}


def _slice(node: Node) -> Meaning:
    """What is cut off in front of and behind a map, or one of equal parts of the channels."""
    (x,), out = node.data, node.output
    starts, axes, steps = (node.constant(place) for place in (1, 3, 4))
    if steps is not None and set(steps.values or ()) != {1}:
        raise Unsaid("it takes every second element or fewer")
    given = node.step.settings.get("starts") or (starts.values if starts is not None else None)
    rank = len(x) + 1
    named = node.step.settings.get("axes") or (axes.values if axes is not None else None)
    places = list(range(len(given or ()))) if named is None else [int(axis) % rank for axis in named]
    first = {place: int(start) for place, start in zip(places, given or (), strict=False)}
    parts, rest = divmod(x[0], out[0])
    part = first.get(1, 0) % x[0] // out[0]
    if given is not None and parts > 1 and not rest and x[1:] == out[1:] and first.get(1, 0) % out[0] == 0:
        return Meaning("split", str(parts), {"part": (str(part + 1),)} if part else {})
    if given is None or x[:1] != out[:1] or len(x) < 2:
        raise Unsaid(f"it takes {sides(out)} of {sides(x)}")
    cut: list[Value] = []
    for axis in range(2, rank):
        start = first.get(axis, 0)
        start = max(0, start + x[axis - 1]) if start < 0 else min(start, x[axis - 1])
        cut.append([str(start), str(x[axis - 1] - out[axis - 1] - start)])
    return Meaning("crop", cut)


def _depth_to_space(node: Node) -> Meaning:
    if str(node.step.settings.get("mode") or "DCR") != "CRD":
        raise Unsaid("it takes channels in another order than `pixel shuffle`")
    return Meaning("pixel shuffle", str(node.setting("blocksize", 1)))


def _permute(node: Node) -> Meaning:
    order = node.numbers("perm", ())
    if not order or order[0] != 0 or len(order) != len(node.output) + 1:
        raise Unsaid("it moves the batch")
    names = AXES.get(len(order) - 2, ())
    if not names:
        raise Unsaid("its axes have no names in specs")
    return Meaning("permute", [names[place - 1] for place in order[1:]])


AXES = {
    1: ("channels", "length"),
    2: ("channels", "height", "width"),
    3: ("channels", "depth", "height", "width"),
}
"""Spatial axes of a map -> the names of all its axes."""


def _dropout(node: Node) -> Meaning:
    ratio = node.number(1)
    return Meaning("dropout", f"{node.decimal('ratio') if ratio is None else ratio:.6g}")


def _clip(node: Node) -> Meaning:
    low, high = (
        node.number(place) if node.step.settings.get(name) is None else float(node.step.settings[name])
        for place, name in ((1, "min"), (2, "max"))
    )
    if (low, high) == (0, 6):
        return Meaning("relu6")
    if low is not None and high is not None and low == -high:
        return Meaning("hard tanh", "" if high == 1 else f"{high:.6g}")
    raise Unsaid(f"it clips to {low} and {high}; relu6 and hard tanh are known")


def _numbered(word: str, attribute: str, default: float) -> Callable[[Node], Meaning]:
    """An activation with a number; `default` is that of specs."""

    def read(node: Node) -> Meaning:
        value = node.step.settings.get(attribute)
        if value is None or abs(float(value) - default) < 1e-6:
            return Meaning(word)
        return Meaning(word, f"{float(value):.6g}")

    return read


def _hard_sigmoid(node: Node) -> Meaning:
    slope, shift = node.decimal("alpha"), node.decimal("beta")
    if abs(shift - 0.5) > 1e-6:
        raise Unsaid(f"its shift is {shift:g}, not a half")
    return Meaning("hard sigmoid", "" if abs(slope - 1 / 6) < 1e-6 else f"{slope:.6g}")


def _shrink(node: Node) -> Meaning:
    bound, bias = node.decimal("lambd"), node.decimal("bias")
    if bias not in (0, bound):
        raise Unsaid("it shrinks by something else than its bound")
    return Meaning("soft shrink" if bias else "hard shrink", "" if bound == 0.5 else f"{bound:.6g}")


def _prelu(node: Node) -> Meaning:
    slopes = [size for size in node.sizes(1) if size != 1]
    if slopes not in ([], [node.data[0][0]]):
        raise Unsaid("its slopes differ from position to position")
    return Meaning("prelu", "channels" if slopes else "one")


def _gelu(node: Node) -> Meaning:
    return Meaning("gelu tanh" if node.step.settings.get("approximate") == "tanh" else "gelu")


def _softmax(node: Node) -> Meaning:
    axis = node.setting("axis", -1)
    if len(node.output) > 1 and axis not in (1, -len(node.output)):
        raise Unsaid(f"it goes over axis {axis}; `softmax` goes over channels, axis 1")
    return Meaning("softmax")


def _instance_norm(_: Node) -> Meaning:
    return Meaning("instance norm", {"scale": "true", "shift": "true"})


def _group_norm(node: Node) -> Meaning:
    if node.sizes(1) != node.data[0][:1]:
        raise Unsaid("it trains a scale for each group")
    return Meaning("group norm", str(node.setting("num_groups", 1)))


def _word(word: str) -> Callable[[Node], Meaning]:
    return lambda _: Meaning(word)


READERS: dict[str, Callable[[Node], Meaning]] = {
    "Conv": _convolution,
    "ConvTranspose": _transposed,
    "MaxPool": _pool("max pool"),
    "AveragePool": _pool("average pool"),
    "GlobalMaxPool": _global("max pool"),
    "GlobalAveragePool": _global("average pool"),
    "ReduceMean": _reduced("average pool"),
    "ReduceMax": _reduced("max pool"),
    "Gemm": _linear,
    "MatMul": _linear,
    "BatchNormalization": _batch_norm,
    "InstanceNormalization": _instance_norm,
    "GroupNormalization": _group_norm,
    "LRN": lambda node: Meaning("local response norm", str(node.setting("size", 5))),
    "Dropout": _dropout,
    "Softmax": _softmax,
    "Concat": _concat,
    "Add": _add,
    "Sum": _add,
    "Mul": _multiply,
    "Resize": _resize,
    "Upsample": _resize,
    "Pad": _pad,
    "Slice": _slice,
    "DepthToSpace": _depth_to_space,
    "Transpose": _permute,
    "Flatten": _reshape,
    "Reshape": _reshape,
    "Squeeze": _reshape,
    "Unsqueeze": _reshape,
    "Identity": _word(COPY),
    "Clip": _clip,
    "Relu": _word("relu"),
    "Selu": _word("selu"),
    "Sigmoid": _word("sigmoid"),
    "Tanh": _word("tanh"),
    "Softsign": _word("softsign"),
    "Softplus": _word("softplus"),
    "Exp": _word("exponential"),
    "HardSwish": _word("hard swish"),
    "Mish": _word("mish"),
    "Gelu": _gelu,
    "LeakyRelu": _numbered("leaky relu", "alpha", 0.01),
    "Elu": _numbered("elu", "alpha", 1),
    "Celu": _numbered("celu", "alpha", 1),
    "ThresholdedRelu": _numbered("threshold", "alpha", 1),
    "HardSigmoid": _hard_sigmoid,
    "Shrink": _shrink,
    "PRelu": _prelu,
}
