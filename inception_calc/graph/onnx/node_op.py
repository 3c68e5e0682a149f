"""A node of an ONNX file as a layer: its costs are those of the primitives that the node is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inception_calc.dims import Dim, Shape
from inception_calc.onnx_ops.primitives import Conv, Primitives
from inception_calc.ops.layer import Cost, LayerOp, Params, Sights, params_of
from inception_calc.ops.nodes import Array, Nodes
from inception_calc.problems import Fault, Problem, Undecided


@dataclass(frozen=True, slots=True)
class NodeOp(LayerOp):
    """What one node does. Shapes and costs were worked out by the walk: they are held, not asked for."""

    op: str  # type: ignore[misc]
    constants: tuple[Array, ...]
    """The constants that it computes with, by role; those that only move on count where they are used."""
    multiply_adds: Dim
    element_ops: Dim
    primitives: Primitives = ()
    output: Shape | None = None
    in_place: bool = False  # type: ignore[misc]
    view: bool = False  # type: ignore[misc]
    is_pool: bool = False  # type: ignore[misc]
    settings: tuple[tuple[str, object], ...] = ()
    """Its attributes, and the sizes of its kernel."""
    window: str = ""
    """`7x7/2`."""
    moves_nothing: bool = False  # type: ignore[misc]

    def shape(self, inputs: tuple[Shape, ...]) -> Shape:
        """The first output."""
        assert self.output is not None
        return self.output

    def cost(self, inputs: tuple[Shape, ...], y: Shape) -> Cost:
        """In all runs of the node, for the batch that is part of the shapes."""
        return Cost(self.params, self.multiply_adds, self.element_ops)

    def effective(self, inputs: tuple[Shape, ...], y: Shape) -> Dim:
        """The multiply-adds; raises `Undecided` for convolutions, whose padding the walk does not keep."""
        if any(isinstance(primitive, Conv) for primitive in self.primitives):
            what = "which multiply-adds of an ONNX file fall on padding is not worked out yet"
            raise Undecided(Problem("not-counted", what, None, "leave effective_multiply_adds out"))
        return self.multiply_adds

    @property
    def params(self) -> Params:
        """All that it computes with, by role."""
        return params_of(self.constants)

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        """The constants of the file that it computes with."""
        return self.constants

    def facts(self) -> Mapping[str, object]:
        """The attributes of the node and the sizes of its kernel."""
        return dict(self.settings)

    def patch(self, x: Shape) -> str:
        """Kernel and stride of a window."""
        return self.window

    def sight(self, x: Shape) -> Sights | None:
        """Not known: axes have no roles."""
        return None

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        """The file itself is the answer."""
        raise Fault("bad-usage", "this network is an ONNX file already")
