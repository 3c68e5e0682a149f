"""What a layer is to the counting core: an operation on shapes, lowered to primitives that hold its costs.

Costs are those of one image; the batch multiplies them later.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import ClassVar, NamedTuple, TypeVar

from inception_calc.dims import Dim, Shape, Window, is_number, sides_text
from inception_calc.ops.nodes import Array, Nodes
from inception_calc.primitives import elements
from inception_calc.primitives.derivation import Derivation
from inception_calc.primitives.primitive import MOVE, Params, Primitive
from inception_calc.primitives.sight import Sights

T = TypeVar("T")


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


def patch_text(window: Window) -> str:
    """`7x7/2` as papers print it; `3x3/2x1` where the strides differ; `global` where the map's size is not known."""
    if not all(map(is_number, window.kernel_size)):
        return "global"
    strides = dict.fromkeys(window.stride)
    return f"{sides_text(window.kernel_size)}/{sides_text(strides if len(strides) < 2 else window.stride)}"


class LayerOp(ABC):
    """A layer with all its numbers known (or symbolic)."""

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
    has_window: ClassVar[bool] = False
    """Of a node in a file whose axes have no roles: it takes those behind the second for places."""
    is_pool: ClassVar[bool] = False
    """It is a pooling layer, for `depth_with_pools`."""

    @abstractmethod
    def shape(self, inputs: tuple[Shape, ...]) -> Shape:
        """The output map; a `Fault` where the inputs do not fit."""

    def primitive(self, inputs: tuple[Shape, ...], y: Shape) -> Primitive:
        """What it does to these inputs, `y` being the output."""
        return MOVE

    def cost(self, inputs: tuple[Shape, ...], y: Shape) -> Cost:
        """Params, multiply-adds and element ops for these inputs and the output `y`."""
        done = self.primitive(inputs, y)
        return Cost(done.params, done.multiply_adds, done.element_ops)

    def effective(self, inputs: tuple[Shape, ...], y: Shape) -> Dim:
        """The multiply-adds whose tap does not fall on padding."""
        return self.primitive(inputs, y).effective_multiply_adds

    def room(self, inputs: tuple[Shape, ...]) -> tuple[Dim, ...]:
        """What must be at least 1 for the layer to be there, beside the sides of its output."""
        return ()

    def divided(self, inputs: tuple[Shape, ...]) -> tuple[tuple[Dim, Dim], ...]:
        """What must be a multiple of what for the layer to be there: (depth, groups)."""
        return ()

    def fully_convolutional(self, made_for: Shape) -> "LayerOp | None":
        """The layer as a window that slides over larger maps than the one it was made for; None: leave it out."""
        return self

    def visible(self, inputs: tuple[T, ...]) -> tuple[T, ...]:
        """Those of its inputs that its output shows parts of, for receptive fields."""
        return inputs

    def cached(self) -> Dim:
        """Numbers that an earlier run left for this one: keys and values of a decoder, for one sequence."""
        return 0

    def sight(self, x: Shape, y: Shape) -> Sights | None:
        """What output elements see of the map `x`; None where that depends on a free symbol."""
        return self.primitive((x,), y).sight(x)

    def derivations(self, inputs: tuple[Shape, ...], y: Shape) -> tuple[Derivation, ...]:
        """How sizes and costs arise; what is left out is as in the input, or zero."""
        return self.primitive(inputs, y).derivations(y)

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
    """A layer with one input `x` and one output `y`, which is as large as the input unless it says otherwise."""

    __slots__ = ()

    def output(self, x: Shape) -> Shape:
        return x

    def does(self, x: Shape, y: Shape) -> Primitive:
        """What is done to `x`, `y` being the output."""
        return MOVE

    def shape(self, inputs: tuple[Shape, ...]) -> Shape:
        (x,) = inputs
        return self.output(x)

    def primitive(self, inputs: tuple[Shape, ...], y: Shape) -> Primitive:
        (x,) = inputs
        return self.does(x, y)


class Elementwise(Unary):
    """One value in, one value out, at the cost of `ops_per_element`; overwrites its input."""

    __slots__ = ()

    in_place = True
    is_channelwise = True
    ops_per_element: ClassVar[int] = 1

    def does(self, x: Shape, y: Shape) -> Primitive:
        return elements.Elementwise(y.elements, self.ops_per_element)
