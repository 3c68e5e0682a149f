"""Permute: `{permute: [height, channels, width]}`; the axes of the map in another order, named as they are before.

    output  the same numbers of elements along other axes: here as many channels as the map was high
    cost    none but memory traffic

`channels, length` of a signal, `channels, height, width` of an image, `channels, depth, height, width` of a volume.
Source: MLP-Mixer (Tolstikhin et al. 2021), section 2, whose token mixing is a linear layer over permuted axes.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import AXIS_SYMBOLS, Scope, Shape
from inception_calc.ops.fields import each_read, scalar
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Nodes, one
from inception_calc.ops.operator import Operator, Part
from inception_calc.primitives.derivation import Derivation
from inception_calc.primitives.sight import POINT, Sights
from inception_calc.problems import Fault, listed, nearest


@dataclass(frozen=True, slots=True)
class Turned(Unary):
    """Axes in another order: for each of the output's, the place of the input's."""

    op: ClassVar[str] = "permute"
    order: tuple[int, ...]

    def output(self, x: Shape) -> Shape:
        return Shape(*(x[place] for place in self.order))

    def sight(self, x: Shape, y: Shape) -> Sights | None:
        return (POINT,) * len(x.sides) if self.order == tuple(range(len(x))) else None

    def derivations(self, inputs: tuple[Shape, ...], y: Shape) -> tuple[Derivation, ...]:
        (x,) = inputs
        names = [f"input_{x.names[place]}" for place in self.order]
        return tuple(Derivation(axis, name, {name: n}) for axis, name, n in zip(y.names, names, y, strict=True))

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        perm = (0, *(1 + place for place in self.order))
        return one("Transpose", takes="map", gives="map", perm=perm)


def read_order(value: object) -> tuple[str, ...]:
    """A list of the names of axes."""
    if not isinstance(value, list):
        raise Fault("wrong-type", "a list of axes is expected here", fix="write it: [height, channels, width]")
    return tuple(each_read(lambda item: scalar(item, "the name of an axis"), value))


class Permute(Operator):
    """A permute as a spec writes it."""

    key: ClassVar[str] = "permute"
    smallest: ClassVar[dict[str, list[str]]] = {"permute": ["channels", "height", "width"]}

    argument: Annotated[
        tuple[str, ...],
        PlainValidator(read_order),
        WithJsonSchema({"type": "array", "items": {"type": "string"}, "minItems": 1}),
    ]

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        every = f"each of {listed(x.names)} once"
        for place, name in enumerate(self.argument):
            if name not in x.names:
                what = f"the map has no axis '{name}'"
                fix = nearest(name, x.names) or f"write {every}"
                code = "wrong-rank" if name in AXIS_SYMBOLS else "unknown-word"  # other maps have an axis called so
                raise Fault(code, what, path=(self.key, place), fix=fix)
        if sorted(self.argument) != sorted(x.names):
            what = f"{len(self.argument)} axes are written, the map has {len(x.names)}, each once"
            raise Fault("wrong-rank", what, path=(self.key,), fix=f"write {every}")
        return [Part("", Turned(tuple(x.names.index(name) for name in self.argument)))]
