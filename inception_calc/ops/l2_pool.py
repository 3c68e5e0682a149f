"""L2 pooling: `{l2 pool: 3x3/2}` or `{l2 pool: global}`; the root of the sum of squares under the window.

    output       the same channels x positions down x positions across
    element ops  2 * kernel height * kernel width for each output element: squares, additions and one root

Source: Sermanet, Chintala and LeCun, "Convolutional neural networks applied to house numbers" (2012), section 2.2;
PyTorch's LPPool of norm 2.
"""

from typing import ClassVar

from inception_calc.dims import Scope, Shape
from inception_calc.ops.max_pool import Pool, PoolSettings
from inception_calc.ops.nodes import Nodes, one, pool_attributes
from inception_calc.ops.operator import Part
from inception_calc.ops.window_fields import PoolWindowField


class EuclideanPooling(Pool):
    """The length of the vector of values under the window."""

    op: ClassVar[str] = "l2 pool"

    saved: ClassVar[int] = 0
    each: ClassVar[int] = 2

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        if self.window is None:
            return one("GlobalLpPool", takes="map", gives="map", p=2)
        return one("LpPool", takes="map", gives="map", p=2, **pool_attributes(self.window, inputs[0], y))


class L2Pool(PoolSettings):
    """An L2 pool as a spec writes it."""

    key: ClassVar[str] = "l2 pool"
    smallest: ClassVar[dict[str, str]] = {"l2 pool": "2x2/2"}

    argument: PoolWindowField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", EuclideanPooling(self.pool_window(scope, self.argument, x)))]
