"""Adaptive max pooling: `{adaptive max pool: 7x7}`; whatever the size of the map, so many bins along each axis.

    output       the same channels x bins down x bins across
    element ops  (elements in the bin - 1) comparisons for each bin; bins may share border elements

Bins are cut as those of an adaptive average pool. Sources: PyTorch's AdaptiveMaxPool; SPP-net (He et al. 2014),
section 2.2.
"""

from typing import ClassVar

from inception_calc.dims import Scope, Shape
from inception_calc.ops.adaptive_average_pool import AdaptivePool, AdaptivePooling
from inception_calc.ops.operator import Part
from inception_calc.ops.window_fields import WindowField


class LargestInBins(AdaptivePooling):
    """The largest element of each bin."""

    op: ClassVar[str] = "adaptive max pool"
    saved: ClassVar[int] = 1
    reduction: ClassVar[str] = "ReduceMax"
    plain: ClassVar[str] = "MaxPool"


class AdaptiveMaxPool(AdaptivePool):
    """An adaptive max pool as a spec writes it."""

    key: ClassVar[str] = "adaptive max pool"
    smallest: ClassVar[dict[str, str]] = {"adaptive max pool": "1"}

    argument: WindowField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", LargestInBins(self.bins(self.argument, scope, x)))]
