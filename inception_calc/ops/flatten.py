"""Flatten: `flatten`; the elements of the map in one long vector, in place and free of cost."""

from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Scope, Shape
from inception_calc.ops.fields import NothingField
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Nodes, one
from inception_calc.ops.operator import Operator, Part
from inception_calc.primitives.derivation import Derivation, each_axis, point, product_of


@dataclass(frozen=True, slots=True)
class FlattenLayer(Unary):
    """As many channels as the map has elements, at one place."""

    op: ClassVar[str] = "flatten"
    view: ClassVar[bool] = True
    flattens: ClassVar[bool] = True
    is_channelwise: ClassVar[bool] = True
    moves_nothing: ClassVar[bool] = True

    def output(self, x: Shape) -> Shape:
        return x.point(x.elements)

    def derivations(self, inputs: tuple[Shape, ...], y: Shape) -> tuple[Derivation, ...]:
        (x,) = inputs
        return product_of("channels", {"input_channels": x.channels, **each_axis("input", x.sides)}), *point(y)

    def fully_convolutional(self, made_for: Shape) -> None:
        return None

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        return one("Flatten", gives="vector", axis=1)


class Flatten(Operator):
    """A flatten as a spec writes it."""

    key: ClassVar[str] = "flatten"

    argument: NothingField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", FlattenLayer())]
