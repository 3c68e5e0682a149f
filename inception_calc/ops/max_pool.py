"""Max pooling: `{max pool: 3x3/2}` or `{max pool: global}`.

    output       the same channels x positions down x positions across
    element ops  kernel height * kernel width - 1 comparisons for each output element, taps on padding included

`rounding: ceil` rounds positions up by Caffe's rule (language, rule 8). The stride must be written, because
frameworks disagree on its default.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

from pydantic import Field

from inception_calc.dims import Dim, Extent, FeatureMap, Scope, Window
from inception_calc.ops.convolution import pads_at, patch_text, window_sight
from inception_calc.ops.derivation import ELEMENTS, Derivation, elements, positions
from inception_calc.ops.fields import RoundingField
from inception_calc.ops.layer import Sights, Unary
from inception_calc.ops.nodes import Nodes, one, pool_attributes
from inception_calc.ops.operator import Operator, Part
from inception_calc.ops.window_fields import VALID, PaddingField, PairField, PoolWindowField
from inception_calc.problems import Fault


@dataclass(frozen=True, slots=True)
class Pool(Unary):
    """A window that keeps one value of each map; `window` None is the whole map."""

    is_pool: ClassVar[bool] = True
    is_channelwise: ClassVar[bool] = True
    ops_per_window: ClassVar[str]
    """The element ops of one output element, as a formula."""
    window: Window | None

    def window_on(self, x: FeatureMap) -> Window:
        """The window, a global one being as large as the map."""
        return self.window or Window(Extent(x.height, x.width), Extent(1, 1))

    def output(self, x: FeatureMap) -> FeatureMap:
        if self.window is None:
            return FeatureMap(x.channels, 1, 1)
        return self.window.output(x.channels, x)

    def fully_convolutional(self, made_for: FeatureMap) -> "Pool":
        return self if self.window is not None else replace(self, window=self.window_on(made_for))

    def derivations(self, inputs: tuple[FeatureMap, ...], y: FeatureMap) -> tuple[Derivation, ...]:
        (x,) = inputs
        height, width = self.window_on(x).kernel_size
        values = {"kernel_height": height, "kernel_width": width, **elements(y)}
        if self.window is None:
            sizes: tuple[Derivation, ...] = (Derivation("height", "1", {}), Derivation("width", "1", {}))
        else:
            sizes = positions(self.window, x)
        return *sizes, Derivation("element_ops", f"({self.ops_per_window})*{ELEMENTS}", values)

    def sight(self, x: FeatureMap) -> Sights:
        return window_sight(self.window_on(x), x)

    def patch(self, x: FeatureMap) -> str:
        return patch_text(self.window_on(x))


class MaxPooling(Pool):
    """The largest value under the window."""

    op: ClassVar[str] = "max pool"
    ops_per_window: ClassVar[str] = "kernel_height*kernel_width - 1"

    def element_ops(self, x: FeatureMap, y: FeatureMap) -> Dim:
        return (self.window_on(x).area - 1) * y.elements

    def onnx_nodes(self, inputs: tuple[FeatureMap, ...], y: FeatureMap) -> Nodes:
        if self.window is None:
            return one("GlobalMaxPool", takes="map", gives="map")
        return one("MaxPool", takes="map", gives="map", **pool_attributes(self.window, inputs[0], y))


class PoolSettings(Operator):
    """How both kinds of pooling are written."""

    stride: PairField | None = None
    padding: PaddingField = VALID
    rounding: RoundingField = "floor"

    def pool_window(self, scope: Scope, written: PoolWindowField) -> Window | None:
        """The window with its numbers; None for the whole map."""
        if written is None:
            for setting in ("stride", "padding"):
                if setting in self.model_fields_set:
                    raise Fault(
                        "no-setting",
                        f"a global pool has no {setting}",
                        path=(setting,),
                        at_key=True,
                        fix="leave it out",
                    )
            return None
        try:
            kernel = written.kernel_size(scope)
            stride = written.strides(scope, self.stride)
        except Fault as fault:
            raise (fault if fault.path else fault.under(self.key)) from None
        if stride is None:
            raise Fault(
                "no-stride",
                f"the stride of a pool must be written, '{written.text}' has none",
                path=(self.key,),
                fix=f"write {written.with_stride(1)} or {written.with_stride(2)}",
            )
        pads = pads_at(self.padding, scope, kernel)
        for side, padding in zip(kernel, () if pads is None else (pads.top, pads.left), strict=False):
            if isinstance(side, int) and isinstance(padding, int) and padding >= side:
                raise Fault(
                    "padding-too-large",
                    f"a padding of {padding} lets a window of {side} see padding alone",
                    path=("padding",),
                    fix=f"pad by less than {side}",
                )
        return Window(kernel, stride, pads, ceil=self.rounding == "ceil")


class MaxPool(PoolSettings):
    """A max pool as a spec writes it."""

    key: ClassVar[str] = "max pool"
    smallest: ClassVar[dict[str, str]] = {"max pool": "2x2/2"}

    argument: PoolWindowField = Field(alias="max pool")

    def lower(self, scope: Scope, x: FeatureMap) -> list[Part]:
        return [Part("", MaxPooling(self.pool_window(scope, self.argument)))]
