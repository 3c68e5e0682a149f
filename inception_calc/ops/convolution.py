"""Convolution: `{convolution: 7x7/2, filters: 64}`.

    output         filters x positions down x positions across
    weights        kernel height * kernel width * (input channels / groups) * filters
    biases         filters (unless `bias: false`)
    multiply-adds  weights * output height * output width; bias additions are not counted

With `connections` (LeNet-5, Table I) an output map has one kernel for each input map that it sees.
Batch norm and activation written beside it are layers of their own, in this order: convolution, bias, batch
norm, activation. Source: GoogLeNet, section 3, counts multiply-adds so.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_calc.dims import (
    Count,
    Dim,
    Scope,
    Shape,
    Window,
    exact_quotient,
    is_number,
    sides_text,
    sliding,
)
from inception_calc.ops.fields import ActivationField, ConnectionsField, CountField, SwitchField
from inception_calc.ops.layer import Unary, patch_text
from inception_calc.ops.nodes import Array, Attribute, Constant, Node, Nodes, window_attributes
from inception_calc.ops.operator import Operator, Part, at, scaled_at
from inception_calc.ops.padding_fields import VALID, PaddingField
from inception_calc.ops.per_axis_fields import PerAxisField
from inception_calc.ops.window_fields import WindowField, WindowText
from inception_calc.primitives import conv
from inception_calc.problems import Fault, counted

LARGEST_KERNEL = 4096
"""No kernel comes near this side; the taps of hostile ones are not counted one by one."""


class Convolving(Unary):
    """What plain and transposed convolutions have in common: a window, filters, groups, a bias."""

    __slots__ = ()

    window: Window
    filters: Dim
    groups: Dim
    bias: bool

    def divided(self, inputs: tuple[Shape, ...]) -> tuple[tuple[Dim, Dim], ...]:
        return (inputs[0].channels, self.groups), (self.filters, self.groups)

    def patch(self, x: Shape) -> str:
        return patch_text(self.window)

    def _with_bias(self, weight: Array) -> tuple[Array, ...]:
        return (weight, Array("bias", (self.filters,), "biases")) if self.bias else (weight,)

    def _share(self, depth: Dim) -> Dim:
        """The channels of one group."""
        return depth if self.groups == 1 else exact_quotient(depth, self.groups)


@dataclass(frozen=True, slots=True)
class Conv(Convolving):
    """A convolution with all its numbers."""

    op: ClassVar[str] = "convolution"
    window: Window
    filters: Dim
    groups: Dim = 1
    bias: bool = True
    connections: tuple[tuple[int, ...], ...] | None = None
    """For each output map the input maps that it sees, where a connection table decides it."""

    def output(self, x: Shape) -> Shape:
        return Shape(self.filters, *self.window.positions(x.sides))

    def room(self, inputs: tuple[Shape, ...]) -> tuple[Dim, ...]:
        (x,) = inputs
        seen = {number for maps in self.connections or () for number in maps}
        return (*self.window.room(x.sides), *kernel_room(self.window), *((x.channels - max(seen),) if seen else ()))

    def does(self, x: Shape, y: Shape) -> conv.Conv:
        kernels = None if self.connections is None else sum(map(len, self.connections))
        depths = x.channels, self.filters, self.groups
        return conv.Conv(self.window, x.sides, y.sides, *depths, bias=self.bias, connections=kernels)

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        (x,) = inputs
        if self.connections is not None:
            return self._arrays_of(self.connections)
        inside = self._share(x.channels)
        shape = (self.filters, inside, *self.window.kernel_size)
        return self._with_bias(Array("weight", shape, "weights", "he", inside * self.window.area))

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        (x,) = inputs
        attributes, arrays = window_attributes(self.window, x), self.arrays(inputs)
        if self.connections is not None:
            return self._connected(self.connections, attributes, arrays)
        if self.groups != 1:
            attributes["group"] = self.groups
        node = Node("Conv", ("x", *(array.name for array in arrays)), attributes=attributes)
        return Nodes((node,), arrays, takes="map", gives="map")

    def _arrays_of(self, table: tuple[tuple[int, ...], ...]) -> tuple[Array, ...]:
        """Arrays for each output map, with just the weights that count."""
        arrays: list[Array] = []
        for number, maps in enumerate(table):
            shape = (1, len(maps), *self.window.kernel_size)
            arrays.append(Array(f"weight {number}", shape, "weights", "he", len(maps) * self.window.area))
            if self.bias:
                arrays.append(Array(f"bias {number}", (1,), "biases"))
        return tuple(arrays)

    def _connected(
        self, table: tuple[tuple[int, ...], ...], attributes: dict[str, Attribute], arrays: tuple[Array, ...]
    ) -> Nodes:
        """A convolution for each output map, on the maps that it sees."""
        nodes: list[Node] = []
        constants: list[Constant] = []
        for number, maps in enumerate(table):
            own = (f"weight {number}", f"bias {number}")[: 1 + self.bias]
            constants.append(Constant(f"maps {number}", maps))
            nodes.append(Node("Gather", ("x", f"maps {number}"), f"seen {number}", {"axis": 1}))
            nodes.append(Node("Conv", (f"seen {number}", *own), f"map {number}", attributes))
        nodes.append(Node("Concat", tuple(f"map {number}" for number in range(len(table))), attributes={"axis": 1}))
        return Nodes(tuple(nodes), arrays, tuple(constants), takes="map", gives="map")


class DepthwiseConv(Conv):
    """A convolution of each input map with its own kernels; one group a map."""

    op: ClassVar[str] = "depthwise convolution"
    is_channelwise: ClassVar[bool] = True


class WindowedSettings(Operator):
    """The settings that all kinds of convolution share; the main argument is the window."""

    if TYPE_CHECKING:
        argument: WindowText
        filters: Count
        groups: Count | None
    not_defaultable: ClassVar[frozenset[str]] = frozenset({"filters", "connections"})

    stride: PerAxisField | None = None
    padding: PaddingField = VALID
    dilation: PerAxisField | None = None
    bias: SwitchField = True
    batch_norm: SwitchField = False
    activation: ActivationField = "none"

    def own_name(self, scope: Scope, x: Shape) -> str:
        return sides_text(self.argument.kernel_size(scope, x))

    def window(self, scope: Scope, x: Shape) -> Window:
        """The window on a map of x's axes, with its numbers."""
        kernel, stride = self.argument.at(self.key, scope, x, self.stride)
        for side in kernel:
            if isinstance(side, int) and side > LARGEST_KERNEL:
                raise Fault("too-large", f"a kernel of {side} is larger than {LARGEST_KERNEL}", path=(self.key,))
        dilation = None if self.dilation is None else self.dilation.at("dilation", scope, x)
        return sliding(kernel, stride, self.padding.at("padding", scope, x, kernel, dilation), dilation)

    def depths(self, scope: Scope, x: Shape) -> tuple[Dim, Dim]:
        """Filters and groups, of a kind that has them; a fault unless the groups divide both depths."""
        filters = scaled_at("filters", scope, self.filters, "filters")
        groups: Dim = 1 if self.groups is None else at("groups", scope, self.groups, "groups")
        for name, depth in (("input channels", x.channels), ("filters", filters)):
            if isinstance(groups, int) and isinstance(depth, int) and depth % groups:
                what = f"{groups} groups do not divide {depth} {name}"
                raise Fault("groups", what, path=("groups",), fix="choose a divisor of both depths")
        return filters, groups

    def followers(self) -> list[Part]:
        """Batch norm and activation, as layers after the convolution."""
        from inception_calc.ops.register import activation_parts, batch_norm_part

        parts = [batch_norm_part()] if self.batch_norm else []
        return [*parts, *activation_parts(self.activation)]


def kernel_room(window: Window) -> tuple[Dim, ...]:
    """What must be at least 1 where sides of the kernel are free: a number that is too large is refused instead."""
    return tuple(LARGEST_KERNEL + 1 - side for side in window.kernel_size if not is_number(side))


class Convolution(WindowedSettings):
    """A convolution as a spec writes it."""

    key: ClassVar[str] = "convolution"
    smallest: ClassVar[dict[str, str]] = {"convolution": "1x1", "filters": "1"}

    argument: WindowField
    filters: CountField
    groups: CountField | None = None
    connections: ConnectionsField | None = None

    def filter_count(self) -> Count | None:
        return self.filters

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        window, (filters, groups) = self.window(scope, x), self.depths(scope, x)
        if self.connections is not None:
            self._check_connections(self.connections, scope, x, filters)
        return [Part("", Conv(window, filters, groups, self.bias, self.connections), depth=1), *self.followers()]

    def _check_connections(self, table: tuple[tuple[int, ...], ...], scope: Scope, x: Shape, filters: Dim) -> None:
        """A fault unless the connection table fits both depths."""
        if scope.scaling.multiplier != 1:
            what = "a connection table allows no width multiplier but 1"
            fix = "leave width_multiplier at 1, or write the table for the wider layer"
            raise Fault("fixed-connections", what, path=("connections",), at_key=True, fix=fix)
        if len(table) != filters:
            what = f"the connection table has {counted(len(table), 'list')} for {filters} filters"
            fix = "write one list per output map"
            raise Fault("connections", what, path=("connections",), at_key=True, fix=fix)
        if self.groups is not None:
            what = "groups and a connection table exclude each other"
            raise Fault("connections", what, path=("groups",), at_key=True, fix="leave one out")
        for index, maps in enumerate(table):
            if isinstance(x.channels, int) and max(maps) >= x.channels:
                what = f"there is no input map {max(maps)}: {x.channels} maps, counted from 0"
                place = ("connections", index, maps.index(max(maps)))
                raise Fault("connections", what, path=place, fix=f"write a number below {x.channels}")
