"""Split: `{split: 2, part: 1}`; one of several equal parts of the channels, the first unless it is said.

    output  the channels divided by the number of parts
    cost    none: a part is a view of what it is taken from

The branches of a join take the other parts: `concat: {left: {split: 2}, right: [{split: 2, part: 2}, ...]}`. Source:
ShuffleNetV2 (Ma et al. 2018), Figure 3(c); PyTorch's chunk and Keras's ops.split.
"""

from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Count, Dim, Scope, Shape, exact_quotient
from inception_calc.ops.fields import CountField
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Nodes, channels_between
from inception_calc.ops.operator import Operator, Part, at, must_divide
from inception_calc.primitives.derivation import Derivation
from inception_calc.problems import Fault


@dataclass(frozen=True, slots=True)
class Piece(Unary):
    """One part of the channels; `part` counts from 1."""

    op: ClassVar[str] = "split"
    view: ClassVar[bool] = True
    moves_nothing: ClassVar[bool] = True
    parts: Dim
    part: Dim = 1

    def output(self, x: Shape) -> Shape:
        return x.deep(exact_quotient(x.channels, self.parts))

    def divided(self, inputs: tuple[Shape, ...]) -> tuple[tuple[Dim, Dim], ...]:
        return ((inputs[0].channels, self.parts),)

    def derivations(self, inputs: tuple[Shape, ...], y: Shape) -> tuple[Derivation, ...]:
        (x,) = inputs
        if not isinstance(x.channels, int) or not isinstance(self.parts, int):
            return (Derivation("channels", "channels_of_a_part", {"channels_of_a_part": y.channels}),)
        return (Derivation("channels", "input_channels//parts", {"input_channels": x.channels, "parts": self.parts}),)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        (node,), constants = channels_between("", (self.part - 1) * y.channels, self.part * y.channels)
        return Nodes((node,), constants=tuple(dict.fromkeys(constants)))


class Split(Operator):
    """A part of a split as a spec writes it."""

    key: ClassVar[str] = "split"
    smallest: ClassVar[dict[str, str]] = {"split": "1"}

    argument: CountField
    part: CountField = Count("1")

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        parts = at(self.key, scope, self.argument, "parts")
        part = at("part", scope, self.part, "part")
        if isinstance(parts, int) and isinstance(part, int) and part > parts:
            what = f"there is no part {part} of {parts}"
            raise Fault("no-part", what, path=("part",), fix=f"write a number from 1 to {parts}")
        must_divide(self.key, x, parts, "a split divides the channels")
        return [Part("", Piece(parts, part))]
