"""Class token: `class token`, or `{class token: 2}` for several; learned tokens in front of the others.

    output  so many positions more
    params  channels x tokens (embeddings)

Source: Dosovitskiy et al., "An image is worth 16x16 words" (2020), section 3.1; DeiT (Touvron et al. 2020) has two.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import Count, Dim, Scope, Shape
from inception_calc.ops.fields import COUNT_SCHEMA, read_count
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Array, Constant, Node, Nodes
from inception_calc.ops.operator import Operator, Part, at
from inception_calc.primitives.derivation import Derivation
from inception_calc.primitives.elements import LookUp
from inception_calc.primitives.sight import Sights
from inception_calc.problems import Fault


@dataclass(frozen=True, slots=True)
class TokensBefore(Unary):
    """Learned positions in front of a row of positions."""

    op: ClassVar[str] = "class token"
    count: Dim = 1

    def output(self, x: Shape) -> Shape:
        return x.over((x.sides[0] + self.count,))

    def does(self, x: Shape, y: Shape) -> LookUp:
        return LookUp({"channels": x.channels, "tokens": self.count})

    def derivations(self, inputs: tuple[Shape, ...], y: Shape) -> tuple[Derivation, ...]:
        (x,) = inputs
        length = Derivation("length", "input_length + tokens", {"input_length": x.sides[0], "tokens": self.count})
        return length, *Unary.derivations(self, inputs, y)

    def sight(self, x: Shape, y: Shape) -> Sights | None:
        """A token sees nothing and moves the others on: their places are no longer the image's."""
        return None

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        (x,) = inputs
        return (Array("token", (1, x.channels, self.count), "embeddings"),)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        constants = (*(Constant(str(number), (number,)) for number in (0, 1, 2)), Constant("nothing", (0.0,), ()))
        nodes = (
            Node("Slice", ("x", "0", "1", "2"), "first"),
            Node("Mul", ("first", "nothing"), "of the batch"),
            Node("Add", ("of the batch", "token"), "tokens"),
            Node("Concat", ("tokens", "x"), attributes={"axis": 2}),
        )
        return Nodes(nodes, self.arrays(inputs), constants, takes="map", gives="map")


class ClassToken(Operator):
    """Class tokens as a spec writes them."""

    key: ClassVar[str] = "class token"

    argument: Annotated[
        Count | None,
        PlainValidator(lambda value: None if value == "" else read_count(value)),
        WithJsonSchema({"anyOf": [COUNT_SCHEMA, {"type": "null"}]}),
    ]

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        if len(x.sides) != 1:
            what = f"a token stands in a row of positions, and a map of {len(x.sides)} axes enters"
            raise Fault("wrong-rank", what, path=(self.key,), at_key=True, fix="write 'tokens' before it")
        count = 1 if self.argument is None else at(self.key, scope, self.argument, "tokens")
        return [Part("", TokensBefore(count))]
