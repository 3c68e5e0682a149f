"""Upsampling: `{upsampling: 2x2}` or `{upsampling: 2, mode: bilinear}`; it enlarges the map by whole factors.

    output       the same channels, each side times its factor
    element ops  nearest: none, values are copied; bilinear: 7 for each output element, four neighbours each times
                 its share and three additions (the shares depend on the place alone and are known beforehand);
                 linear, of a signal: 3; trilinear, of a volume: 15

Source: Odena, Dumoulin and Olah, "Deconvolution and checkerboard artifacts" (Distill 2016), for its use before a
convolution; U-Net's "up-convolution" is an upsampling followed by a 2x2 convolution.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import Scope, Shape, Sides
from inception_calc.ops.fields import one_of
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import NOTHING, Attribute, Constant, Node, Nodes, must_be_known
from inception_calc.ops.operator import Operator, Part
from inception_calc.ops.window_fields import WindowField
from inception_calc.primitives import elements
from inception_calc.problems import Fault, listed

LINEAR = {"linear": 1, "bilinear": 2, "trilinear": 3}
"""Interpolation between neighbours -> the axes of the maps that it is for."""
MODES = ("nearest", *LINEAR)


@dataclass(frozen=True, slots=True)
class Enlarge(Unary):
    """Each element copied, or interpolated between neighbours."""

    op: ClassVar[str] = "upsampling"
    is_channelwise: ClassVar[bool] = True
    factors: Sides
    is_linear: bool = False

    def output(self, x: Shape) -> Shape:
        return x.over(side * factor for side, factor in zip(x.sides, self.factors, strict=True))

    def does(self, x: Shape, y: Shape) -> elements.Enlarge:
        return elements.Enlarge(x.sides, y.sides, y.elements, self.is_linear, self.factors)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        must_be_known(self.factors, "its factor")
        factors = tuple(map(float, (1, 1, *self.factors)))
        node = Node("Resize", ("x", NOTHING, "factors"), attributes=resizing(self.is_linear))
        return Nodes((node,), (), (Constant("factors", factors),), takes="map", gives="map")


def resizing(is_linear: bool) -> dict[str, Attribute]:
    """How ONNX is told to interpolate, or to copy."""
    if is_linear:
        return {"mode": "linear", "coordinate_transformation_mode": "half_pixel"}
    return {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}


def fitting_mode(mode: str, x: Shape) -> bool:
    """Whether elements are interpolated; a fault where that is not said for as many axes as x has."""
    if mode in LINEAR and LINEAR[mode] != len(x.sides):
        fitting = next(word for word, axes in LINEAR.items() if axes == len(x.sides))
        what = f"{mode} interpolation is not for a map of {listed(x.axes)}"
        raise Fault("wrong-rank", what, path=("mode",), fix=f"write mode: {fitting}")
    return mode in LINEAR


class Upsampling(Operator):
    """An upsampling as a spec writes it."""

    key: ClassVar[str] = "upsampling"
    smallest: ClassVar[dict[str, str]] = {"upsampling": "2x2"}

    argument: WindowField
    mode: Annotated[str, PlainValidator(one_of(MODES, "mode")), WithJsonSchema({"enum": list(MODES)})] = "nearest"

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        if self.argument.stride is not None:
            fix = f"write {self.argument.text.partition('/')[0]}"
            raise Fault("no-setting", "an upsampling has factors and no stride", path=(self.key,), fix=fix)
        factors, _ = self.argument.at(self.key, scope, x, None, "factor")
        return [Part("", Enlarge(factors, fitting_mode(self.mode, x)))]
