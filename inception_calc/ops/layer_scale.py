"""Layer scale: `layer scale`, or `{layer scale: 1e-6}`, what training starts from; each channel times a trained number.

    params       one for each channel
    element ops  1 for each element

Source: Touvron et al., "Going deeper with image transformers" (2021), equation 3; ConvNeXt, section A.1.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field, PlainValidator, WithJsonSchema

from inception_calc.dims import Scope, Shape
from inception_calc.ops.fields import read_text
from inception_calc.ops.layer import Elementwise
from inception_calc.ops.nodes import Array, Node, Nodes
from inception_calc.ops.operator import Operator, Part
from inception_calc.primitives import elements
from inception_calc.problems import Fault


@dataclass(frozen=True, slots=True)
class TrainedScale(Elementwise):
    """A trained factor for each channel."""

    op: ClassVar[str] = "layer scale"

    def does(self, x: Shape, y: Shape) -> elements.Scaled:
        return elements.Scaled(y.elements, 1, {"channels": x.channels})

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        (x,) = inputs
        return (Array("scale", tuple(x.point(x.channels)), "affine", "ones"),)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        return Nodes((Node("Mul", ("x", "scale")),), self.arrays(inputs), takes="map", gives="map")


def read_start(value: object) -> str:
    """A number as programs write it, or nothing; it changes no count."""
    text = read_text(value)
    try:
        float(text or 1)
    except ValueError:
        raise Fault("bad-decimal", f"'{text}' is no number", fix="write it like 1e-6, or leave it out") from None
    return text


class LayerScale(Operator):
    """A layer scale as a spec writes it."""

    key: ClassVar[str] = "layer scale"
    keeps_map: ClassVar[bool] = True
    smallest: ClassVar[dict[str, str]] = {"layer scale": ""}

    argument: Annotated[str, PlainValidator(read_start), WithJsonSchema({"type": ["number", "string", "null"]})] = (
        Field(alias="layer scale")
    )

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", TrainedScale())]
