"""Layer scale: `layer scale`, or `{layer scale: 1e-6}`, what training starts from; each channel times a trained number.

    params       one for each channel; two with `shift: true`
    element ops  1 for each element; 2 with `shift: true`

With `shift: true` a trained number is added to each channel, as Caffe's Scale with `bias_term` does. Source: Touvron et
al., "Going deeper with image transformers" (2021), equation 3; ConvNeXt, section A.1.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import Scope, Shape
from inception_calc.ops.fields import SwitchField, read_text
from inception_calc.ops.layer import Elementwise
from inception_calc.ops.nodes import Array, Node, Nodes
from inception_calc.ops.operator import Operator, Part
from inception_calc.primitives import elements
from inception_calc.problems import Fault


@dataclass(frozen=True, slots=True)
class TrainedScale(Elementwise):
    """A trained factor for each channel, and a trained summand where there is a shift."""

    op: ClassVar[str] = "layer scale"
    shift: bool = False

    def does(self, x: Shape, y: Shape) -> elements.Scaled:
        if self.shift:
            return elements.Scaled(y.elements, 2, {"trained_per_map": 2, "channels": x.channels})
        return elements.Scaled(y.elements, 1, {"channels": x.channels})

    def facts(self) -> dict[str, object]:
        return {"shift": True} if self.shift else {}

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        (x,) = inputs
        shape = tuple(x.point(x.channels))
        return (Array("scale", shape, "affine", "ones"), Array("shift", shape, "affine"))[: 1 + self.shift]

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        nodes = (Node("Mul", ("x", "scale"), "scaled" if self.shift else ""), Node("Add", ("scaled", "shift")))
        return Nodes(nodes[: 1 + self.shift], self.arrays(inputs), takes="map", gives="map")


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

    argument: Annotated[str, PlainValidator(read_start), WithJsonSchema({"type": ["number", "string", "null"]})]
    shift: SwitchField = False

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", TrainedScale(self.shift))]
