"""Average pooling: `{average pool: 5x5/3}` or `{average pool: global}`.

    output       the same channels x positions down x positions across
    element ops  kernel height * kernel width for each output element: the additions and one division

Whether an average counts the padding changes no count; the exported graph does not count it (rule 9).
"""

from typing import ClassVar

from inception_calc.dims import Scope, Shape
from inception_calc.ops.max_pool import Pool, PoolSettings
from inception_calc.ops.nodes import Nodes, one, pool_attributes
from inception_calc.ops.operator import Part
from inception_calc.ops.window_fields import PoolWindowField


class AveragePooling(Pool):
    """The mean of the values under the window."""

    op: ClassVar[str] = "average pool"
    saved: ClassVar[int] = 0

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        if self.window is None:
            return one("GlobalAveragePool", takes="map", gives="map")
        attributes = pool_attributes(self.window, inputs[0], y)
        return one("AveragePool", takes="map", gives="map", count_include_pad=0, **attributes)


class AveragePool(PoolSettings):
    """An average pool as a spec writes it."""

    key: ClassVar[str] = "average pool"
    smallest: ClassVar[dict[str, str]] = {"average pool": "2x2/2"}

    argument: PoolWindowField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", AveragePooling(self.pool_window(scope, self.argument, x)))]
