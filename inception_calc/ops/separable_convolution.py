"""Separable convolution: `{separable convolution: 7x7/2, multiplier: 8, filters: 64}`.

A depthwise convolution, then a 1x1 over all its maps. Padding, stride and dilation belong to the depthwise;
bias, batch norm and activation come once, after the 1x1, and the depthwise has none of them. Together they
count one for the depth. Sources: Xception, section 2; BN-Inception, appendix (multiplier 8 in its first layer).
"""

from typing import ClassVar

from inception_calc.dims import Count, Dim, Scope, Shape, Window, sliding
from inception_calc.ops.convolution import Conv, DepthwiseConv, WindowedSettings
from inception_calc.ops.fields import CountField
from inception_calc.ops.operator import Part, at, scaled_at
from inception_calc.ops.window_fields import WindowField


def pointwise(x: Shape) -> Window:
    """A window of one element."""
    return sliding((1,) * len(x.sides))


class SeparableConvolution(WindowedSettings):
    """A separable convolution as a spec writes it."""

    key: ClassVar[str] = "separable convolution"
    family: ClassVar[str] = "convolution"
    smallest: ClassVar[dict[str, str]] = {"separable convolution": "1x1", "filters": "1"}

    argument: WindowField
    filters: CountField
    multiplier: CountField | None = None

    def filter_count(self) -> Count | None:
        return self.filters

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        multiplier: Dim = 1 if self.multiplier is None else at("multiplier", scope, self.multiplier, "multiplier")
        filters = scaled_at("filters", scope, self.filters, "filters")
        depthwise = DepthwiseConv(self.window(scope, x), x.channels * multiplier, groups=x.channels, bias=False)
        return [
            Part("depthwise", depthwise),
            Part("pointwise", Conv(pointwise(x), filters, bias=self.bias), depth=1),
            *self.followers(),
        ]
