"""What a layer is to the counting core: a primitive operation on shapes, with its costs.

Costs are those of one image; the batch multiplies them later. Params follow the design's words: weights are
kernels of convolutions and linear layers alone, running statistics are buffers and no params.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, NamedTuple

from inception_calc.dims import Along, Dim, Shape, Window, is_number, sides_text
from inception_calc.ops.derivation import Derivation, of_elements
from inception_calc.ops.nodes import Array, Nodes


class Params(NamedTuple):
    """Trainable numbers by role, and `buffers`, which are not trained."""

    weights: Dim = 0
    biases: Dim = 0
    affine: Dim = 0
    """Scales and shifts: batch norm's, and the coefficients of subsampling."""
    buffers: Dim = 0
    embeddings: Dim = 0
    """Tables of which rows are looked up."""
    constants: Dim = 0
    """What else a file holds: shape arithmetic, units of quantization. No params."""

    @property
    def trainable(self) -> Dim:
        return self.weights + self.biases + self.affine + self.embeddings


NO_PARAMS = Params()


def params_of(arrays: Iterable[Array]) -> Params:
    """The numbers in some arrays, by role."""
    counts: dict[str, Dim] = {}
    for array in arrays:
        counts[array.role] = counts.get(array.role, 0) + array.elements
    counts.pop("fixed", None)
    return Params(**counts)


class Cost(NamedTuple):
    """What one layer costs for one image."""

    params: Params
    multiply_adds: Dim
    element_ops: Dim


class Sight(NamedTuple):
    """What output elements see of the input along one axis, for receptive fields.

    `seen` holds, for output elements 0 to P - 1, the first and the last input element seen (None: none is seen). P
    elements later the same is seen `step` input elements further on; with a step of 0 all see the same. P is 1 but for
    layers that enlarge the map.
    """

    seen: tuple[tuple[Dim, Dim] | None, ...] = ((0, 0),)
    step: Dim = 1
    padding: tuple[Dim, Dim] = (0, 0)
    """Elements of padding before and after the input, which count as seen."""
    is_cut: bool = False
    """At the edges `seen` reaches further than input and padding: there is nothing to see."""


POINT = Sight()
"""One output element sees the input element at its own place."""

EVERYWHERE = Sight(step=0)
"""A map of one element spread out: every output element sees that one."""

MOST_PHASES = 64
"""Neighbours that see differently; after more enlargement than that no receptive field is given."""

Sights = tuple[Sight, ...]
"""Along each axis."""


def all_known(sights: Sequence[Sight | None]) -> Sights | None:
    """The sights along all axes; None where one of them is not known."""
    known = tuple([sight for sight in sights if sight is not None])
    return known if len(known) == len(sights) else None


def whole_map(x: Shape) -> Sights:
    """The one output element sees everything."""
    return tuple([Sight(((0, extent - 1),)) for extent in x.sides])


def window_sight(window: Window, x: Shape) -> Sights:
    """What one position of a window sees, from its first tap to its last; rounded up, the last may hang over."""
    return tuple([_sight_along(axis, axis.pads(extent)) for axis, extent in zip(window.axes, x.sides, strict=True)])


def _sight_along(axis: Along, pads: tuple[Dim, Dim]) -> Sight:
    before, _ = pads
    return Sight(((-before, axis.reach - 1 - before),), axis.stride, pads, axis.ceil and axis.stride != 1)


def patch_text(window: Window) -> str:
    """`7x7/2` as papers print it; `3x3/2x1` where the strides differ; `global` where the map's size is not known."""
    if not all(map(is_number, window.kernel_size)):
        return "global"
    strides = dict.fromkeys(window.stride)
    return f"{sides_text(window.kernel_size)}/{sides_text(strides if len(strides) < 2 else window.stride)}"


class LayerOp(ABC):
    """A primitive operation with all its numbers known (or symbolic)."""

    __slots__ = ()

    op: ClassVar[str]
    """The operator's word, as in a spec: `max pool`."""
    in_place: ClassVar[bool] = False
    """It can overwrite its input, so it stores no activations of its own."""
    view: ClassVar[bool] = False
    """It only renames the elements of its input."""
    moves_nothing: ClassVar[bool] = False
    """At inference it neither reads nor writes memory."""
    flattens: ClassVar[bool] = False
    """Its output is one long vector of elements that see places of their own."""
    is_channelwise: ClassVar[bool] = False
    """An output element depends on one channel of each input and no other."""
    is_pool: ClassVar[bool] = False
    """It is a pooling layer, for `depth_with_pools`."""

    @abstractmethod
    def shape(self, inputs: tuple[Shape, ...]) -> Shape:
        """The output map; a `Fault` where the inputs do not fit."""

    @abstractmethod
    def cost(self, inputs: tuple[Shape, ...], y: Shape) -> Cost:
        """Params, multiply-adds and element ops for these inputs and the output `y`."""

    def effective(self, inputs: tuple[Shape, ...], y: Shape) -> Dim:
        """The multiply-adds whose tap does not fall on padding."""
        return 0

    def room(self, inputs: tuple[Shape, ...]) -> tuple[Dim, ...]:
        """What must be at least 1 for the layer to be there, beside the sides of its output."""
        return ()

    def divided(self, inputs: tuple[Shape, ...]) -> tuple[tuple[Dim, Dim], ...]:
        """What must be a multiple of what for the layer to be there: (depth, groups)."""
        return ()

    def fully_convolutional(self, made_for: Shape) -> "LayerOp | None":
        """The layer as a window that slides over larger maps than the one it was made for; None: leave it out."""
        return self

    def sight(self, x: Shape) -> Sights | None:
        """What output elements see of the map `x`; None where that depends on a free symbol."""
        return (POINT,) * len(x.sides)

    def derivations(self, inputs: tuple[Shape, ...], y: Shape) -> tuple[Derivation, ...]:
        """How sizes and costs arise; what is left out is as in the input, or zero."""
        return ()

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        """Its params and buffers, with the shapes in which an exported graph holds them."""
        return ()

    @abstractmethod
    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        """The layer in the words of ONNX; a `Fault` where it cannot be said."""

    def facts(self) -> Mapping[str, object] | None:
        """What it is set to, where that is not what its fields say."""
        return None

    def patch(self, x: Shape) -> str:
        """What the second column of a paper's table prints, `7x7/2`; empty for most."""
        return ""


class Unary(LayerOp):
    """A layer with one input `x` and one output `y`. Most need only one or two of these methods."""

    __slots__ = ()

    def output(self, x: Shape) -> Shape:
        return x

    def params(self, x: Shape) -> Params:
        return NO_PARAMS

    def multiply_adds(self, x: Shape, y: Shape) -> Dim:
        return 0

    def effective_multiply_adds(self, x: Shape, y: Shape) -> Dim:
        return self.multiply_adds(x, y)

    def element_ops(self, x: Shape, y: Shape) -> Dim:
        return 0

    def shape(self, inputs: tuple[Shape, ...]) -> Shape:
        (x,) = inputs
        return self.output(x)

    def cost(self, inputs: tuple[Shape, ...], y: Shape) -> Cost:
        (x,) = inputs
        return Cost(self.params(x), self.multiply_adds(x, y), self.element_ops(x, y))

    def effective(self, inputs: tuple[Shape, ...], y: Shape) -> Dim:
        (x,) = inputs
        return self.effective_multiply_adds(x, y)


class Elementwise(Unary):
    """One value in, one value out, at the cost of `ops_per_element`; overwrites its input."""

    __slots__ = ()

    in_place = True
    is_channelwise = True
    ops_per_element: ClassVar[int] = 1

    def element_ops(self, x: Shape, y: Shape) -> Dim:
        return self.ops_per_element * y.elements

    def derivations(self, inputs: tuple[Shape, ...], y: Shape) -> tuple[Derivation, ...]:
        if not self.ops_per_element:
            return ()
        return (of_elements(y, "ops_per_element", {"ops_per_element": self.ops_per_element}),)
