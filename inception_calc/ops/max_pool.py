"""Max pooling: `{max pool: 3x3/2}` or `{max pool: global}`.

    output       the same channels x positions down x positions across
    element ops  kernel height * kernel width - 1 comparisons for each output element, taps on padding included

`rounding: ceil` rounds positions up by Caffe's rule (language, rule 8). The stride must be written, because
frameworks disagree on its default.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

from inception_calc.dims import Dim, Scope, Shape, Window, sliding
from inception_calc.ops.fields import RoundingField
from inception_calc.ops.layer import Unary, patch_text
from inception_calc.ops.nodes import Nodes, one, pool_attributes
from inception_calc.ops.operator import Operator, Part
from inception_calc.ops.padding_fields import VALID, PaddingField
from inception_calc.ops.per_axis_fields import PerAxisField
from inception_calc.ops.window_fields import PoolWindowField, must_have_room
from inception_calc.primitives import pool
from inception_calc.problems import Fault


@dataclass(frozen=True, slots=True)
class Pool(Unary):
    """A window that keeps one value of each map; `window` None is the whole map."""

    is_pool: ClassVar[bool] = True
    is_channelwise: ClassVar[bool] = True
    saved: ClassVar[int]
    """How many operations less than taps one output element needs."""
    each: ClassVar[int] = 1
    """Operations for a tap."""
    window: Window | None

    def window_on(self, x: Shape) -> Window:
        """The window, a global one being as large as the map."""
        return self.window or sliding(x.sides)

    def output(self, x: Shape) -> Shape:
        if self.window is None:
            return x.point(x.channels)
        return x.over(self.window.positions(x.sides))

    def room(self, inputs: tuple[Shape, ...]) -> tuple[Dim, ...]:
        if self.window is None:
            return ()
        sides = zip(self.window.kernel_size, self.window.padding or (), strict=self.window.padding is not None)
        return (*self.window.room(inputs[0].sides), *(side - amount for side, both in sides for amount in both))

    def fully_convolutional(self, made_for: Shape) -> "Pool":
        return self if self.window is not None else replace(self, window=self.window_on(made_for))

    def does(self, x: Shape, y: Shape) -> pool.Pool:
        return pool.Pool(self.window, x.sides, y.sides, x.channels, self.saved, each=self.each)

    def patch(self, x: Shape) -> str:
        return patch_text(self.window_on(x))


class MaxPooling(Pool):
    """The largest value under the window."""

    op: ClassVar[str] = "max pool"
    saved: ClassVar[int] = 1

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        if self.window is None:
            return one("GlobalMaxPool", takes="map", gives="map")
        return one("MaxPool", takes="map", gives="map", **pool_attributes(self.window, inputs[0], y))


class PoolSettings(Operator):
    """How both kinds of pooling are written."""

    stride: PerAxisField | None = None
    padding: PaddingField = VALID
    rounding: RoundingField = "floor"

    def pool_window(self, scope: Scope, written: PoolWindowField, x: Shape) -> Window | None:
        """The window with its numbers; None for the whole map."""
        if written is None:
            must_have_room(x, self.key)
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
        kernel, stride = written.at(self.key, scope, x, self.stride)
        if stride is None:
            raise Fault(
                "no-stride",
                f"the stride of a pool must be written, '{written.text}' has none",
                path=(self.key,),
                fix=f"write {written.with_stride(1, x)} or {written.with_stride(2, x)}",
            )
        pads = self.padding.at("padding", scope, x, kernel)
        widest = [(side, amount) for side, both in zip(kernel, pads or (), strict=pads is not None) for amount in both]
        for side, padding in widest:
            if isinstance(side, int) and isinstance(padding, int) and padding >= side:
                raise Fault(
                    "padding-too-large",
                    f"a padding of {padding} lets a window of {side} see padding alone",
                    path=("padding",),
                    fix=f"pad by less than {side}",
                )
        return sliding(kernel, stride, pads, ceil=self.rounding == "ceil")


class MaxPool(PoolSettings):
    """A max pool as a spec writes it."""

    key: ClassVar[str] = "max pool"
    smallest: ClassVar[dict[str, str]] = {"max pool": "2x2/2"}

    argument: PoolWindowField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", MaxPooling(self.pool_window(scope, self.argument, x)))]
