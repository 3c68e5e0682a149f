"""Windows and paddings in the words of specs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from inception_calc.onnx_import.nodes import Node, Sides, Unsaid

Value: TypeAlias = "str | list[Value] | dict[str, str]"
Accepted: TypeAlias = tuple[Value, ...]
"""What may stand there and means the same, best first."""
Pads: TypeAlias = tuple[tuple[int, int], ...]


def sides(numbers: Sequence[int]) -> str:
    """`3x3`."""
    return "x".join(map(str, numbers))


def stride_text(stride: Sides) -> str:
    """`2`, or `2x1` where the axes differ."""
    return str(stride[0]) if len(set(stride)) == 1 else sides(stride)


def per_axis(numbers: Sides) -> Value:
    """`2`, or a list where the axes differ."""
    return str(numbers[0]) if len(set(numbers)) == 1 else [str(number) for number in numbers]


def pads_of(node: Node, kernel: Sides, stride: Sides, dilation: Sides, extents: Sides) -> Pads:
    """The padding before and after along each axis."""
    rule = str(node.step.settings.get("auto_pad") or "NOTSET")
    if rule.startswith("SAME"):
        amounts = same_pads(kernel, stride, dilation, extents)
        return amounts if rule == "SAME_UPPER" else tuple([(after, before) for before, after in amounts])
    pads = node.numbers("pads", (0,) * (2 * len(kernel)))
    if rule == "VALID":
        pads = (0,) * (2 * len(kernel))
    if len(pads) != 2 * len(kernel) or any(pad < 0 for pad in pads):
        raise Unsaid(f"its pads are {list(pads)}")
    return tuple(zip(pads[: len(kernel)], pads[len(kernel) :], strict=True))


def same_pads(kernel: Sides, stride: Sides, dilation: Sides, extents: Sides) -> Pads:
    """TensorFlow's `same`: the output is as long as the input over the stride, and the odd one stands behind."""
    found = []
    for k, s, d, n in zip(kernel, stride, dilation, extents, strict=True):
        amount = max((-(-n // s) - 1) * s + d * (k - 1) + 1 - n, 0)
        found.append((amount // 2, amount - amount // 2))
    return tuple(found)


def padding(pads: Pads, kernel: Sides, stride: Sides, dilation: Sides, extents: Sides) -> Accepted:
    """The words and numbers that say a padding."""
    found: list[Value] = []
    reaches = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
    if not any(map(any, pads)):
        found.append("valid")
    if all(k % 2 for k in kernel) and pads == tuple([(reach // 2, reach // 2) for reach in reaches]):
        found.append("half")
    if pads == same_pads(kernel, stride, dilation, extents):
        found.append("same")
    if len(kernel) == 1 and pads == ((reaches[0], 0),):
        found.append("causal")
    if all(before == after for before, after in pads):
        found.append(per_axis(tuple([before for before, _ in pads])))
    else:
        found.append([[str(before), str(after)] for before, after in pads])
    return tuple(found)


def rounding(node: Node, kernel: Sides, stride: Sides, pads: Pads) -> Accepted:
    """`floor`, `ceil` or both, as the output's sizes say."""
    extents, out = node.data[0][1:], node.output[1:]
    found: list[Value] = []
    axes = list(zip(kernel, stride, pads, extents, strict=True))
    if out == tuple([(n + sum(pad) - k) // s + 1 for k, s, pad, n in axes]):
        found.append("floor")
    if out == tuple([_ceil(*axis) for axis in axes]):
        found.append("ceil")
    if not found:
        raise Unsaid("the size of its output is neither rounded up nor down")
    return tuple(found)


def _ceil(k: int, s: int, pad: tuple[int, int], n: int) -> int:
    """Caffe's rule: with padding, a window that starts behind the map is left out."""
    out = -(-(n + sum(pad) - k) // s) + 1
    return out - 1 if sum(pad) and (out - 1) * s >= n + pad[0] else out
