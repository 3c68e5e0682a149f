"""Root mean square normalization: `rms norm`, or `{rms norm: {scale: false}}`: over the channels of each position.

    params       one scale for each channel
    element ops  4 for each element (squared, added up, divided, scaled; 3 without a scale) and 2 for each position: the
                 mean, epsilon and the root, less one addition

Source: Zhang and Sennrich, "Root mean square layer normalization" (2019), equation 4; Llama has no other norm.
"""

from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Scope, Shape
from inception_calc.ops.fields import ScaleField
from inception_calc.ops.nodes import Array, Constant, Node, Nodes, must_be_known
from inception_calc.ops.normalization import EPSILON, Normalization
from inception_calc.ops.operator import Operator, Part


@dataclass(frozen=True, slots=True)
class RootMeanSquare(Normalization):
    """Each position's channels, divided by the root of the mean of their squares."""

    op: ClassVar[str] = "rms norm"
    ops: ClassVar[int] = 4
    ops_unscaled: ClassVar[int] = 3
    of_each_place: ClassVar[int] = 2

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        (x,) = inputs
        return (Array("scale", tuple(x.point(x.channels)), "affine", "ones"),) if self.scale else ()

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        (x,) = inputs
        must_be_known((x.channels,), "the mean of its channels")
        share, epsilon = Constant(f"1/{x.channels}", (1 / x.channels,), ()), Constant("epsilon", (EPSILON,), ())
        nodes = [
            Node("Mul", ("x", "x"), "squares"),
            Node("ReduceSum", ("squares", "channels"), "sum"),
            Node("Mul", ("sum", share.name), "mean"),
            Node("Add", ("mean", "epsilon"), "above zero"),
            Node("Sqrt", ("above zero",), "root"),
            Node("Div", ("x", "root"), "normalized" if self.scale else ""),
        ]
        nodes += [Node("Mul", ("normalized", "scale"))] if self.scale else []
        constants = (Constant("channels", (1,)), share, epsilon)
        return Nodes(tuple(nodes), self.arrays(inputs), constants, takes="map", gives="map")


class RmsNorm(Operator):
    """An RMS norm as a spec writes it."""

    key: ClassVar[str] = "rms norm"
    keeps_map: ClassVar[bool] = True

    argument: ScaleField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", RootMeanSquare(True if self.argument is None else self.argument, False))]
