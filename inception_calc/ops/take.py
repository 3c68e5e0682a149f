"""Take: `{take: first}` or `{take: last}`; one position of a row: the class token, the last word.

    output  the channels at one place
    cost    none but memory traffic

Sources: Devlin et al., "BERT" (2018), section 3 (`[CLS]`); Dosovitskiy et al. (2020), equation 4.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import Scope, Shape
from inception_calc.ops.fields import one_of
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Constant, Node, Nodes
from inception_calc.ops.operator import Operator, Part
from inception_calc.primitives.derivation import Derivation, point
from inception_calc.primitives.sight import Sight, Sights
from inception_calc.problems import Fault

ENDS = ("first", "last")
END = 2**31 - 1


@dataclass(frozen=True, slots=True)
class OnePosition(Unary):
    """The first or the last position of a row."""

    op: ClassVar[str] = "take"
    is_channelwise: ClassVar[bool] = True
    last: bool = False

    def output(self, x: Shape) -> Shape:
        return x.point(x.channels)

    def derivations(self, inputs: tuple[Shape, ...], y: Shape) -> tuple[Derivation, ...]:
        return tuple(point(y))

    def sight(self, x: Shape, y: Shape) -> Sights | None:
        place = x.sides[0] - 1 if self.last else 0
        return (Sight(((place, place),)),)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        start, end = (-1, END) if self.last else (0, 1)
        constants = [Constant(str(number), (number,)) for number in (start, end, 2)]
        names = tuple(constant.name for constant in constants)
        return Nodes((Node("Slice", ("x", *names)),), constants=tuple(constants), takes="map", gives="map")


class Take(Operator):
    """One position as a spec takes it."""

    key: ClassVar[str] = "take"
    smallest: ClassVar[dict[str, str]] = {"take": "first"}

    argument: Annotated[str, PlainValidator(one_of(ENDS, "end of a row")), WithJsonSchema({"enum": list(ENDS)})]

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        if len(x.sides) != 1:
            what = f"one position is taken out of a row, and a map of {len(x.sides)} axes enters"
            raise Fault("wrong-rank", what, path=(self.key,), at_key=True, fix="write 'tokens' before it")
        return [Part("", OnePosition(self.argument == "last"))]
