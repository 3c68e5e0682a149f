"""Upsampling: `{upsampling: 2x2}` or `{upsampling: 2, mode: bilinear}`; it enlarges the map by whole factors.

    output       the same channels, height and width times the factors
    element ops  nearest: none, values are copied; bilinear: 7 for each output element, four neighbours each times
                 its share and three additions (the shares depend on the place alone and are known beforehand)

Source: Odena, Dumoulin and Olah, "Deconvolution and checkerboard artifacts" (Distill 2016), for its use before a
convolution; U-Net's "up-convolution" is an upsampling followed by a 2x2 convolution.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Annotated, ClassVar

from pydantic import Field, PlainValidator, WithJsonSchema

from inception_calc.dims import Dim, Extent, FeatureMap, Scope
from inception_calc.ops.derivation import ELEMENTS, Derivation, elements
from inception_calc.ops.fields import one_of
from inception_calc.ops.layer import EVERYWHERE, MOST_PHASES, Sight, Sights, Unary
from inception_calc.ops.nodes import NOTHING, Constant, Node, Nodes, must_be_known
from inception_calc.ops.operator import Operator, Part
from inception_calc.ops.window_fields import WindowField
from inception_calc.problems import Fault

MODES = ("nearest", "bilinear")


@dataclass(frozen=True, slots=True)
class Enlarge(Unary):
    """Each element copied, or interpolated between neighbours."""

    op: ClassVar[str] = "upsampling"
    is_channelwise: ClassVar[bool] = True
    factors: Extent
    bilinear: bool = False

    def output(self, x: FeatureMap) -> FeatureMap:
        return FeatureMap(x.channels, x.height * self.factors.height, x.width * self.factors.width)

    def element_ops(self, x: FeatureMap, y: FeatureMap) -> Dim:
        return 7 * y.elements if self.bilinear else 0

    def derivations(self, inputs: tuple[FeatureMap, ...], y: FeatureMap) -> tuple[Derivation, ...]:
        (x,) = inputs
        sizes = (
            Derivation(side, f"input_{side}*factor_{side}", {f"input_{side}": extent, f"factor_{side}": factor})
            for side, extent, factor in (
                ("height", x.height, self.factors.height),
                ("width", x.width, self.factors.width),
            )
        )
        if not self.bilinear:
            return tuple(sizes)
        return *sizes, Derivation("element_ops", f"7*{ELEMENTS}", elements(y))

    def onnx_nodes(self, inputs: tuple[FeatureMap, ...], y: FeatureMap) -> Nodes:
        must_be_known(self.factors, "its factor")
        factors = tuple(map(float, (1, 1, *self.factors)))
        mode = {"mode": "linear", "coordinate_transformation_mode": "half_pixel"}
        if not self.bilinear:
            mode = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        node = Node("Resize", ("x", NOTHING, "factors"), attributes=mode)
        return Nodes((node,), (), (Constant("factors", factors),), takes="map", gives="map")

    def sight(self, x: FeatureMap) -> Sights | None:
        rows = self._sight_along(self.factors.height, x.height)
        columns = self._sight_along(self.factors.width, x.width)
        return None if rows is None or columns is None else (rows, columns)

    def _sight_along(self, factor: Dim, extent: Dim) -> Sight | None:
        """The element copied, or the neighbours of the place (o + 1/2) / f - 1/2 (pixels are squares)."""
        if extent == 1:
            return EVERYWHERE
        if not isinstance(factor, int) or factor > MOST_PHASES:
            return None
        if not self.bilinear:
            return Sight(((0, 0),) * factor)
        places = [Fraction(2 * o + 1 - factor, 2 * factor) for o in range(factor)]
        return Sight(tuple((floor(place), ceil(place)) for place in places), is_cut=True)


class Upsampling(Operator):
    """An upsampling as a spec writes it."""

    key: ClassVar[str] = "upsampling"
    smallest: ClassVar[dict[str, str]] = {"upsampling": "2x2"}

    argument: WindowField = Field(alias="upsampling")
    mode: Annotated[str, PlainValidator(one_of(MODES, "mode")), WithJsonSchema({"enum": list(MODES)})] = "nearest"

    def lower(self, scope: Scope, x: FeatureMap) -> list[Part]:
        if self.argument.stride is not None:
            raise Fault("no-setting", "an upsampling has factors and no stride", path=(self.key,), fix="write 2x2")
        try:
            factors = self.argument.kernel_size(scope)
        except Fault as fault:
            raise (fault if fault.path else fault.under(self.key)) from None
        return [Part("", Enlarge(factors, self.mode == "bilinear"))]
