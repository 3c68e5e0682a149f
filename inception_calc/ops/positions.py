"""Positions: `{positions: learned}`, `{positions: learned, entries: 512}`, `{positions: sinusoidal}`; added to the map.

    output       as the input
    params       channels x places of the map, or channels x entries (embeddings); none for sinusoidal ones
    element ops  1 for each element

Sources: Vaswani et al., "Attention is all you need" (2017), section 3.5; Devlin et al., "BERT" (2018), Figure 2;
Dosovitskiy et al., "An image is worth 16x16 words" (2020), section 3.1.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import Count, Dim, Scope, Shape
from inception_calc.ops.fields import COUNT_SCHEMA, one_of, read_count
from inception_calc.ops.layer import Elementwise
from inception_calc.ops.nodes import Array, Constant, Node, Nodes, must_be_known
from inception_calc.ops.operator import Operator, Part, at
from inception_calc.primitives.elements import Added
from inception_calc.problems import Fault

KINDS = ("learned", "sinusoidal")
KindField = Annotated[str, PlainValidator(one_of(KINDS, "kind of positions")), WithJsonSchema({"enum": list(KINDS)})]


@dataclass(frozen=True, slots=True)
class AddedPositions(Elementwise):
    """A number for each channel and place, added."""

    op: ClassVar[str] = "positions"
    learned: bool = True
    entries: Dim | None = None
    """Places of the table, where it has more than the map."""

    def does(self, x: Shape, y: Shape) -> Added:
        places = {} if self.entries is None else {"channels": x.channels, "entries": self.entries}
        table = places or {
            "channels": x.channels,
            **{f"input_{axis}": side for axis, side in zip(x.axes, x.sides, strict=True)},
        }
        return Added(y.elements, table=table if self.learned else {})

    def room(self, inputs: tuple[Shape, ...]) -> tuple[Dim, ...]:
        return () if self.entries is None else (self.entries - inputs[0].positions + 1,)

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        (x,) = inputs
        sides = x.sides if self.entries is None else (self.entries,)
        return (Array("table", (1, x.channels, *sides), "embeddings" if self.learned else "fixed", "ones"),)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        (x,) = inputs
        if self.entries is None:
            return Nodes((Node("Add", ("x", "table")),), self.arrays(inputs), takes="map", gives="map")
        must_be_known(x.sides, "how many positions are read")
        limits = [Constant(str(number), (int(number),)) for number in dict.fromkeys((0, *x.sides, 2))]
        nodes = (Node("Slice", ("table", "0", str(x.sides[0]), "2"), "of the map"), Node("Add", ("x", "of the map")))
        return Nodes(nodes, self.arrays(inputs), tuple(limits), takes="map", gives="map")


class Positions(Operator):
    """Positions as a spec writes them."""

    key: ClassVar[str] = "positions"
    keeps_map: ClassVar[bool] = True
    smallest: ClassVar[dict[str, str]] = {"positions": "learned"}

    argument: Annotated[str, PlainValidator(one_of(KINDS, "kind of positions")), WithJsonSchema({"enum": list(KINDS)})]
    entries: Annotated[Count | None, PlainValidator(read_count), WithJsonSchema(COUNT_SCHEMA)] = None

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        entries = None if self.entries is None else at("entries", scope, self.entries, "entries")
        if entries is not None and len(x.sides) != 1:
            what = "a table of entries is for a row of positions"
            raise Fault(
                "wrong-rank", what, path=("entries",), at_key=True, fix="leave 'entries' out, or write tokens first"
            )
        if isinstance(entries, int) and isinstance(x.positions, int) and entries < x.positions:
            what = f"the table has {entries} positions, the map {x.positions}"
            raise Fault(
                "too-small", what, path=("entries",), fix=f"write entries: {x.positions}, or let fewer positions enter"
            )
        return [Part("", AddedPositions(self.argument == "learned", entries))]
