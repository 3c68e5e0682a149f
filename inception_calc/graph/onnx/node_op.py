"""A node of an ONNX file as a layer: its costs are those of the primitives that the node is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inception_calc.dims import Dim, Shape
from inception_calc.graph.onnx.seen import UNKNOWN, Seen
from inception_calc.ops.layer import Cost, LayerOp, params_of
from inception_calc.ops.nodes import Array, Nodes
from inception_calc.primitives.derivation import Derivation
from inception_calc.primitives.primitive import MOVE, Primitive
from inception_calc.primitives.sight import Sights
from inception_calc.problems import Fault


@dataclass(frozen=True, slots=True)
class NodeOp(LayerOp):
    """What one node does. The walk worked out its shape and what it is made of: they are held, not asked for."""

    op: str  # type: ignore[misc]
    constants: tuple[Array, ...]
    """The constants that it computes with, by role; those that only move on count where they are used."""
    done: Primitive = MOVE
    """In all runs of the node, for the batch that is part of the shapes."""
    output: Shape | None = None
    in_place: bool = False  # type: ignore[misc]
    view: bool = False  # type: ignore[misc]
    is_pool: bool = False  # type: ignore[misc]
    settings: tuple[tuple[str, object], ...] = ()
    """Its attributes, and the sizes of its kernel."""
    window: str = ""
    """`7x7/2`."""
    moves_nothing: bool = False  # type: ignore[misc]
    seen: Seen = UNKNOWN
    """How it looks at its input."""
    needs: tuple[Dim, ...] = ()
    """What must be at least 1 for the node to be there."""

    def shape(self, inputs: tuple[Shape, ...]) -> Shape:
        """The first output."""
        assert self.output is not None
        return self.output

    def room(self, inputs: tuple[Shape, ...]) -> tuple[Dim, ...]:
        """What must be at least 1 for the node to be there."""
        return self.needs

    def primitive(self, inputs: tuple[Shape, ...], y: Shape) -> Primitive:
        """What the node is made of."""
        return self.done

    def cost(self, inputs: tuple[Shape, ...], y: Shape) -> Cost:
        """With the params that stand in the file."""
        return Cost(params_of(self.constants), self.done.multiply_adds, self.done.element_ops)

    def derivations(self, inputs: tuple[Shape, ...], y: Shape) -> tuple[Derivation, ...]:
        """Those of the primitives; of params, the constants that a formula gives as many of."""
        params = params_of(self.constants)._asdict()
        return tuple(one for one in self.done.derivations(y) if params.get(one.quantity) in (None, one.value))

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        """The constants of the file that it computes with."""
        return self.constants

    def facts(self) -> Mapping[str, object]:
        """The attributes of the node and the sizes of its kernel."""
        return dict(self.settings)

    def patch(self, x: Shape) -> str:
        """Kernel and stride of a window."""
        return self.window

    def sight(self, x: Shape, y: Shape) -> Sights | None:
        """That of its primitive, where `x` is a map."""
        return None if self.seen.by is None else self.seen.by.sight(x)

    @property
    def flattens(self) -> bool:  # type: ignore[override]
        """Whether it makes a map into a vector."""
        return self.seen.flattens

    @property
    def has_window(self) -> bool:  # type: ignore[override]
        """Whether it says which axes are places."""
        return self.seen.has_window

    @property
    def is_channelwise(self) -> bool:  # type: ignore[override]
        """Whether channels stay apart."""
        return self.seen.is_channelwise

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        """The file itself is the answer."""
        raise Fault("bad-usage", "this network is an ONNX file already")
