"""Resize: `{resize: 56x56}`, `{resize: 56, mode: bilinear}` or `{resize: , as: ROW}`; a map of any other size.

    output       the same channels at that size, or at that of an earlier row
    element ops  nearest: none; bilinear: 7 for each output element, 3 where one side alone changes, as in an
                 upsampling; linear, of a signal: 3; trilinear, of a volume: 15

Places are those of PyTorch's `interpolate` without `align_corners`. Source: DeepLabv3 (Chen et al. 2017), section 3.1,
whose last map is enlarged to the image's size.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import Scope, Shape, Sides, sides_text
from inception_calc.ops.amounts_fields import SizedSettings, one_way
from inception_calc.ops.fields import one_of
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import NOTHING, Constant, Node, Nodes, must_be_known
from inception_calc.ops.operator import Part
from inception_calc.ops.upsampling import MODES, fitting_mode, resizing
from inception_calc.ops.window_fields import WindowField, read_window
from inception_calc.primitives import elements


@dataclass(frozen=True, slots=True)
class Resizing(Unary):
    """Elements copied, or interpolated between neighbours."""

    op: ClassVar[str] = "resize"
    is_channelwise: ClassVar[bool] = True
    size: Sides
    is_linear: bool = False

    def output(self, x: Shape) -> Shape:
        return x.over(self.size)

    def does(self, x: Shape, y: Shape) -> elements.Resize:
        return elements.Resize(x.sides, self.size, y.elements, self.is_linear)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        (x,) = inputs
        must_be_known(self.size, "its size")
        size = Constant(f"size {sides_text(self.size)}", self.size)
        attributes = {**resizing(self.is_linear), "axes": tuple(range(2, 1 + len(x)))}
        node = Node("Resize", ("x", NOTHING, NOTHING, size.name), attributes=attributes)
        return Nodes((node,), constants=(size,), takes="map", gives="map")


class Resize(SizedSettings):
    """A resize as a spec writes it."""

    key: ClassVar[str] = "resize"
    smallest: ClassVar[dict[str, str]] = {"resize": "1"}

    argument: Annotated[
        WindowField | None,
        PlainValidator(lambda value: None if value == "" else read_window(value)),
        WithJsonSchema({"type": ["string", "integer", "null"], "description": "HxW, or one side for every axis"}),
    ]
    mode: Annotated[str, PlainValidator(one_of(MODES, "mode")), WithJsonSchema({"enum": list(MODES)})] = "nearest"

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        one_way(self, {self.key: self.argument, "size": self.size, "as": self.like_row})
        path = self.key if self.argument is not None else "size"
        size = self.sides_of(self.argument or self.size, path, scope, x)
        return [Part("", Resizing(size, fitting_mode(self.mode, x)))]
