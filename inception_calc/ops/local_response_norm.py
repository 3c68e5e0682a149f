"""Local response normalization: `local response norm`, or `{local response norm: 5}` channels wide.

    element ops  2 * size + 3 for each element: size squares, size - 1 additions, the product with alpha / size,
                 the addition of k, one power, one division

Source: Krizhevsky et al. 2012, section 3.3 (n = 5). Channels missing at the ends count as if they were there.
"""

from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Count, Dim, Scope, Shape
from inception_calc.ops.fields import SizeField
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Attribute, Constant, Node, Nodes
from inception_calc.ops.operator import Operator, Part, at
from inception_calc.primitives import elements


@dataclass(frozen=True, slots=True)
class ResponseNormalization(Unary):
    """Each value divided by a power of the sum of squares over neighbouring channels."""

    op: ClassVar[str] = "local response norm"
    size: Dim = 5

    def does(self, x: Shape, y: Shape) -> elements.Elementwise:
        return elements.Worked(y.elements, 2 * self.size + 3, "(2*size + 3)", {"size": self.size})

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        # Krizhevsky's alpha and beta; k = 1 as in Caffe, whose models these are.
        settings: dict[str, Attribute] = {"size": self.size, "alpha": 1e-4, "beta": 0.75, "bias": 1.0}
        if len(y.sides) == 2:
            return Nodes((Node("LRN", attributes=settings),), takes="map")
        # Runtimes have this operator for images alone: the positions of another map become those of an image.
        nodes = (
            Node("Shape", name="sizes"),
            Node("Reshape", ("x", "all positions down"), "as image"),
            Node("LRN", ("as image",), "normalized", settings),
            Node("Reshape", ("normalized", "sizes")),
        )
        return Nodes(nodes, constants=(Constant("all positions down", (0, 0, -1, 1)),), takes="map")


class LocalResponseNorm(Operator):
    """A local response norm as a spec writes it."""

    key: ClassVar[str] = "local response norm"
    keeps_map: ClassVar[bool] = True

    argument: SizeField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        written = self.argument
        size = at(self.key, scope, written, "size") if isinstance(written, Count) else written
        return [Part("", ResponseNormalization(size))]
