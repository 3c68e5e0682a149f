"""Subsampling, LeNet-5's pooling: `{subsampling: 2x2/2}`.

The sum under the window, times one trainable coefficient, plus one trainable bias, per map.

    params       2 * channels (coefficients and biases; no weights in the sense of kernels)
    element ops  kernel height * kernel width + 1 for each output element: additions, one product, one bias

Source: LeCun et al. 1998, section II.B (S2 has 12 params). No multiply-adds: it is no convolution.
"""

from typing import ClassVar

from inception_calc.dims import Scope, Shape, sliding
from inception_calc.ops.fields import ActivationField
from inception_calc.ops.max_pool import Pool
from inception_calc.ops.nodes import Array, Constant, Node, Nodes, pool_attributes
from inception_calc.ops.operator import Operator, Part
from inception_calc.ops.per_axis_fields import PerAxisField
from inception_calc.ops.register import activation_parts
from inception_calc.ops.window_fields import WindowField
from inception_calc.primitives import pool
from inception_calc.problems import Fault


class SubsamplingLayer(Pool):
    """A sum under the window with a coefficient and a bias per map."""

    op: ClassVar[str] = "subsampling"

    def does(self, x: Shape, y: Shape) -> pool.Pool:
        return pool.TrainedPool(self.window, x.sides, y.sides, x.channels)

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        (x,) = inputs
        shape = tuple(x.point(x.channels))
        return Array("coefficient", shape, "affine", "he", self.window_on(x).area), Array("bias", shape, "biases")

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        (x,) = inputs
        window = self.window_on(x)
        nodes = (
            Node("AveragePool", name="mean", attributes=pool_attributes(window, x, y)),
            Node("Mul", ("mean", "area"), "sum"),
            Node("Mul", ("sum", "coefficient"), "product"),
            Node("Add", ("product", "bias")),
        )
        arrays = self.arrays(inputs)
        return Nodes(nodes, arrays, (Constant("area", (float(window.area),), ()),), takes="map", gives="map")


class Subsampling(Operator):
    """A subsampling layer as a spec writes it."""

    key: ClassVar[str] = "subsampling"
    smallest: ClassVar[dict[str, str]] = {"subsampling": "2x2/2"}

    argument: WindowField
    stride: PerAxisField | None = None
    activation: ActivationField = "none"

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        kernel, stride = self.argument.at(self.key, scope, x, self.stride)
        if stride is None:
            raise Fault(
                "no-stride",
                "the stride of a subsampling layer must be written",
                path=(self.key,),
                fix=f"write {self.argument.with_stride(2, x)}",
            )
        layer = Part("", SubsamplingLayer(sliding(kernel, stride)))
        return [layer, *activation_parts(self.activation)]
