"""A layer in the words of ONNX, as plain data: node types, attributes, arrays. Nothing here imports onnx.

Inside one layer, `x` (or `x0`, `x1`, ...) are its inputs, arrays and constants go by their own names, and so do
nodes; the last node bears no name of its own, its value is the layer's. Feature maps are N x C x H x W; what a
linear layer gives is N x C, and who needs the other form says so with `takes`.

Source: the operator schemas of ONNX, opset 21.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from inception_calc.dims import Dim, Pads, Shape, Window, formula_text, is_number, maximum
from inception_calc.problems import Fault

Role = Literal["weights", "biases", "affine", "buffers", "embeddings", "constants", "fixed"]
"""What an array is in the words of `Params`; `fixed` arrays are no params."""
Start = Literal["he", "zeros", "ones"]
"""How an array is filled: `he` draws from N(0, 2 / fan_in) (He et al. 2015, equation 10)."""
Form = Literal["map", "vector", "any"]
NOTHING = ""
"""In the place of an optional input that is left out."""
Attribute = Dim | float | str | tuple[Dim, ...]


class Array(NamedTuple):
    """Numbers that training (or the spec's source) gives a layer."""

    name: str
    shape: tuple[Dim, ...]
    role: Role
    start: Start = "zeros"
    fan_in: Dim = 1

    @property
    def elements(self) -> Dim:
        """How many numbers."""
        count: Dim = 1
        for side in self.shape:
            count = count * side
        return count


class Constant(NamedTuple):
    """Numbers that are part of the operator, such as axes; ints become int64, floats float32.

    `values` are in one row; `shape` None makes it a vector, `()` a scalar.
    """

    name: str
    values: tuple[int, ...] | tuple[float, ...]
    shape: tuple[int, ...] | None = None


class Node(NamedTuple):
    """One ONNX node."""

    op_type: str
    inputs: tuple[str, ...] = ("x",)
    name: str = ""
    attributes: Mapping[str, Attribute] = MappingProxyType({})


class Nodes(NamedTuple):
    """What a layer becomes, in execution order."""

    nodes: tuple[Node, ...]
    arrays: tuple[Array, ...] = ()
    constants: tuple[Constant, ...] = ()
    takes: Form = "any"
    gives: Form = "any"
    """`any` gives the form that it was given."""


def one(op_type: str, takes: Form = "any", gives: Form = "any", **attributes: Attribute) -> Nodes:
    """A layer that is one node with one input and no arrays."""
    return Nodes((Node(op_type, attributes=attributes),), takes=takes, gives=gives)


def channels_between(name: str, start: Dim, stop: Dim) -> tuple[list[Node], list[Constant]]:
    """A node `name` that gives the channels from `start` up to `stop` of the input, and what it needs."""
    must_be_known((start, stop), "where its channels are cut")
    limits = [Constant(f"{place}", (place,)) for place in (int(start), int(stop), 1)]
    return [Node("Slice", ("x", *(limit.name for limit in limits)), name)], limits


def rearranged(op: str, x: Shape, apart: tuple[Dim, ...], turned: tuple[int, ...], y: Shape) -> Nodes:
    """A map taken apart into more axes, these put into another order, and put together again; sizes must be numbers."""
    must_be_known((*x, *y), "its size")
    shapes = (
        Constant(f"{op} of {'x'.join(map(str, x))}", (-1, *map(int, apart))),
        Constant(f"{op} to {'x'.join(map(str, y))}", (-1, *map(int, y))),
    )
    nodes = (
        Node("Reshape", ("x", shapes[0].name), "apart"),
        Node("Transpose", ("apart",), "in order", {"perm": turned}),
        Node("Reshape", ("in order", shapes[1].name)),
    )
    return Nodes(nodes, constants=shapes, takes="map", gives="map")


def must_be_known(values: Iterable[Dim], what: str) -> None:
    """A fault where one of the numbers depends on a free symbol."""
    for value in values:
        if not is_number(value):
            raise Fault(
                "free-symbol",
                f"{what} depends on a free symbol: {formula_text(value)}",
                fix="set the symbol; batch can always be free, the size only where no linear layer flattens a map "
                "and no spatial pyramid places its bins",
            )


def window_attributes(window: Window, x: Shape) -> dict[str, Attribute]:
    """Kernel, strides, dilations and the very padding of a convolution's window on `x`."""
    must_be_known((*window.kernel_size, *window.stride, *window.dilation), "its window")
    attributes: dict[str, Attribute] = {"kernel_shape": window.kernel_size, "strides": window.stride}
    if any(side != 1 for side in window.dilation):
        attributes["dilations"] = window.dilation
    if window.padding is None and not all(map(is_number, x.sides)):
        return attributes | {"auto_pad": "SAME_UPPER"}  # TensorFlow's rule, worked out at run time
    return attributes | {"pads": all_pads(window.pads(x.sides))}


def all_pads(pads: Pads) -> tuple[Dim, ...]:
    """Padding as ONNX lists it: before the map along each axis, then behind it."""
    return (*(before for before, _ in pads), *(after for _, after in pads))


def pool_attributes(window: Window, x: Shape, y: Shape) -> dict[str, Attribute]:
    """The attributes of a pool; Caffe's rounding up is padding at the end, so that sizes come out exactly.

    ONNX's own `ceil_mode` is left to maps of unknown size: runtimes have disagreed on its last window.
    """
    attributes = window_attributes(window, x)
    if not window.ceil or "pads" not in attributes:
        return attributes
    if not all(map(is_number, x.sides)):
        return attributes | {"ceil_mode": 1}
    padded: list[tuple[Dim, Dim]] = []
    for axis, out, extent in zip(window.axes, y.sides, x.sides, strict=True):
        before, after = axis.pads(extent)
        end = maximum((out - 1) * axis.stride + axis.kernel - extent - before, after)
        if end >= axis.kernel:
            raise Fault("empty-window", "the last window lies outside the map altogether: its value is not defined")
        padded.append((before, end))
    return attributes | {"pads": all_pads(tuple(padded))}
