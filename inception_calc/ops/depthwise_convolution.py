"""Depthwise convolution: `{depthwise convolution: 3x3/2, multiplier: 1}`.

    output         multiplier maps from each input map
    weights        kernel height * kernel width * input channels * multiplier
    biases         input channels * multiplier (unless `bias: false`)
    multiply-adds  weights * output height * output width

Source: Xception, section 2; MobileNetV2, Table 1. It takes the defaults of `convolution` too.
"""

from typing import ClassVar

from inception_calc.dims import Dim, Scope, Shape
from inception_calc.ops.convolution import DepthwiseConv, WindowedSettings
from inception_calc.ops.fields import CountField
from inception_calc.ops.operator import Part, at
from inception_calc.ops.window_fields import WindowField


class DepthwiseConvolution(WindowedSettings):
    """A depthwise convolution as a spec writes it."""

    key: ClassVar[str] = "depthwise convolution"
    family: ClassVar[str] = "convolution"
    smallest: ClassVar[dict[str, str]] = {"depthwise convolution": "1x1"}

    argument: WindowField
    multiplier: CountField | None = None

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        multiplier: Dim = 1 if self.multiplier is None else at("multiplier", scope, self.multiplier, "multiplier")
        filters = x.channels * multiplier
        conv = DepthwiseConv(self.window(scope, x), filters, groups=x.channels, bias=self.bias)
        return [Part("", conv, depth=1), *self.followers()]
