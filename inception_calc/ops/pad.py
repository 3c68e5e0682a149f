"""Pad: `{pad: 3}`, `{pad: [[0, 1], [0, 1]]}`, `{pad: 3, mode: reflect}`; elements put around a map.

    output  the size and what is put around it
    cost    none but memory traffic

`zeros` unless `mode` says `reflect` (the map mirrored at its edge) or `edge` (its last element again). What follows
takes the border for data: its effective multiply-adds count it, other than those of a convolution's own `padding`.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import Pads, Scope, Shape
from inception_calc.ops.amounts_fields import AmountsField, amounts_of
from inception_calc.ops.fields import one_of
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Constant, Node, Nodes, all_pads, must_be_known
from inception_calc.ops.operator import Operator, Part
from inception_calc.primitives.derivation import PADS, Derivation
from inception_calc.primitives.sight import Sight, Sights
from inception_calc.problems import Fault

MODES = {"zeros": "constant", "reflect": "reflect", "edge": "edge"}
"""Our words -> ONNX's."""


@dataclass(frozen=True, slots=True)
class Padding(Unary):
    """So many elements put before and after, along each axis."""

    op: ClassVar[str] = "pad"
    is_channelwise: ClassVar[bool] = True
    amounts: Pads
    mode: str = "zeros"

    def output(self, x: Shape) -> Shape:
        return x.over(side + before + after for side, (before, after) in zip(x.sides, self.amounts, strict=True))

    def sight(self, x: Shape, y: Shape) -> Sights:
        return tuple([Sight(((-before, -before),), 1, (before, after)) for before, after in self.amounts])

    def derivations(self, inputs: tuple[Shape, ...], y: Shape) -> tuple[Derivation, ...]:
        (x,) = inputs
        derived = []
        for axis, extent, around in zip(x.axes, x.sides, self.amounts, strict=True):
            values = {f"input_{axis}": extent, **dict(zip(PADS[axis], around, strict=True))}
            derived.append(Derivation(axis, " + ".join(values), values))
        return tuple(derived)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        (x,) = inputs
        pads = all_pads(self.amounts)
        must_be_known(pads, "what is put around it")
        axes = Constant(" and ".join(x.axes), tuple(range(2, 1 + len(x))))
        amounts = Constant(f"pads {' '.join(map(str, pads))}", pads)
        node = Node("Pad", ("x", amounts.name, "", axes.name), attributes={"mode": MODES[self.mode]})
        return Nodes((node,), constants=(amounts, axes), takes="map", gives="map")


class Pad(Operator):
    """A pad as a spec writes it."""

    key: ClassVar[str] = "pad"
    smallest: ClassVar[dict[str, str]] = {"pad": "0"}

    argument: AmountsField
    mode: Annotated[str, PlainValidator(one_of(tuple(MODES), "mode")), WithJsonSchema({"enum": list(MODES)})] = "zeros"

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        if self.argument is None:
            what = "a pad does not say how many elements"
            raise Fault("no-size", what, path=(self.key,), at_key=True, fix="write pad: 1, or pad: [down, across]")
        around = amounts_of(self.argument, self.key, scope, x)
        if self.mode == "reflect":
            self._must_reflect(x, around)
        return [Part("", Padding(around, self.mode))]

    def _must_reflect(self, x: Shape, around: Pads) -> None:
        for axis, extent, both in zip(x.axes, x.sides, around, strict=True):
            for amount in both:
                if isinstance(extent, int) and isinstance(amount, int) and amount >= extent:
                    what = f"a {axis} of {extent} has no {amount} elements to mirror beyond its edge"
                    raise Fault("padding-too-large", what, path=(self.key,), fix=f"pad by at most {extent - 1}")
