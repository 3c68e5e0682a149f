"""Crop: `{crop: 2}`, `{crop: [[0, 1], [0, 1]]}`, `{crop: , size: 56x56}` or `{crop: , as: ROW}`; the edges cut off.

    output  the size less what is cut off; a size, or that of an earlier row, is cut from the middle, the odd element
            behind
    cost    none but memory traffic

Source: U-Net (Ronneberger et al. 2015), Figure 1, whose copies are cropped to the decoder's maps.
"""

from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Dim, Pads, Scope, Shape, sides_text
from inception_calc.ops.amounts_fields import AmountsField, SizedSettings, amounts_of, halves, one_way
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Constant, Node, Nodes, must_be_known
from inception_calc.ops.operator import Part
from inception_calc.primitives.derivation import PADS, Derivation
from inception_calc.primitives.sight import Sight, Sights
from inception_calc.problems import Fault

END = 2**31 - 1
"""Behind the last element of every map."""


@dataclass(frozen=True, slots=True)
class Cropping(Unary):
    """So many elements taken off before and after, along each axis."""

    op: ClassVar[str] = "crop"
    is_channelwise: ClassVar[bool] = True
    amounts: Pads

    def output(self, x: Shape) -> Shape:
        return x.over(side - before - after for side, (before, after) in zip(x.sides, self.amounts, strict=True))

    def sight(self, x: Shape, y: Shape) -> Sights:
        return tuple([Sight(((before, before),)) for before, _ in self.amounts])

    def derivations(self, inputs: tuple[Shape, ...], y: Shape) -> tuple[Derivation, ...]:
        (x,) = inputs
        derived = []
        for axis, extent, cut in zip(x.axes, x.sides, self.amounts, strict=True):
            names = [name.replace("pad", "cut") for name in PADS[axis]]
            values = {f"input_{axis}": extent, **dict(zip(names, cut, strict=True))}
            derived.append(Derivation(axis, " - ".join(values), values))
        return tuple(derived)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        (x,) = inputs
        must_be_known((number for cut in self.amounts for number in cut), "what is cut off")
        starts = tuple(before for before, _ in self.amounts)
        ends = tuple(-after if after else END for _, after in self.amounts)
        constants = (
            Constant(f"from {sides_text(starts)}", starts),
            Constant(f"to {sides_text(ends)}", ends),
            Constant(" and ".join(x.axes), tuple(range(2, 1 + len(x)))),
        )
        node = Node("Slice", ("x", *(constant.name for constant in constants)))
        return Nodes((node,), constants=constants, takes="map", gives="map")


class Crop(SizedSettings):
    """A crop as a spec writes it."""

    key: ClassVar[str] = "crop"
    smallest: ClassVar[dict[str, str]] = {"crop": "0"}

    argument: AmountsField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        one_way(self, {self.key: self.argument, "size": self.size, "as": self.like_row})
        if self.argument is not None:
            cut = amounts_of(self.argument, self.key, scope, x)
            _must_leave_some(self.key, x, cut)
            return [Part("", Cropping(cut))]
        wanted = self.sides_of(self.size, "size", scope, x)
        for axis, extent, side in zip(x.axes, x.sides, wanted, strict=True):
            if isinstance(extent, int) and isinstance(side, int) and side > extent:
                what = f"a {axis} of {side} cannot be cut out of {extent}"
                fix = f"write at most {sides_text(x.sides)}, or pad the map first"
                raise Fault("crop-too-large", what, path=("size" if self.size else "as",), fix=fix)
        return [Part("", Cropping(tuple([halves(*along) for along in zip(x.sides, wanted, strict=True)])))]


def _must_leave_some(path: str, x: Shape, cut: Pads) -> None:
    for axis, extent, (before, after) in zip(x.axes, x.sides, cut, strict=True):
        off: Dim = before + after
        if isinstance(extent, int) and isinstance(off, int) and off >= extent:
            what = f"{before} and {after} elements off a {axis} of {extent} leave nothing"
            raise Fault("crop-too-large", what, path=(path,), fix=f"cut off at most {extent - 1}")
