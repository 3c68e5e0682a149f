"""Embedding: `{embedding: 768, entries: 30522}`; a row of a table for each id.

    input        a map of one channel: ids
    output       as many channels as a row has numbers, at the same places
    params       entries x width (embeddings)
    element ops  none: rows are looked up

Sources: Bengio et al., "A neural probabilistic language model" (2003), section 3; PyTorch's and Keras's Embedding.
"""

from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Count, Dim, Scope, Shape
from inception_calc.ops.fields import CountField
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Array, Constant, Node, Nodes, must_be_known
from inception_calc.ops.operator import Operator, Part, at, scaled_at
from inception_calc.primitives.elements import LookUp
from inception_calc.problems import Fault

INT64 = 7
"""ONNX's number for the type of indices."""


@dataclass(frozen=True, slots=True)
class Table(Unary):
    """A row for each id."""

    op: ClassVar[str] = "embedding"
    width: Dim
    entries: Dim

    def output(self, x: Shape) -> Shape:
        return x.deep(self.width)

    def does(self, x: Shape, y: Shape) -> LookUp:
        return LookUp({"entries": self.entries, "width": self.width}, "width")

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        return (Array("weight", (self.entries, self.width), "embeddings", "he", self.width),)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        must_be_known((self.entries,), "its number of entries")
        (x,) = inputs
        last = len(x) + 1
        entries = Constant(f"{self.entries} entries", (int(self.entries),), ())
        axis = Constant("of one channel", (1,))
        nodes = (
            Node("Cast", ("x",), "numbers", {"to": INT64}),
            Node("Mod", ("numbers", entries.name), "ids"),
            Node("Gather", ("weight", "ids"), "rows", {"axis": 0}),
            Node("Squeeze", ("rows", axis.name), "of each place"),
            Node("Transpose", ("of each place",), attributes={"perm": (0, last - 1, *range(1, last - 1))}),
        )
        return Nodes(nodes, self.arrays(inputs), (entries, axis), takes="map", gives="map")


class Embedding(Operator):
    """An embedding as a spec writes it."""

    key: ClassVar[str] = "embedding"
    smallest: ClassVar[dict[str, str]] = {"embedding": "1", "entries": "1"}

    argument: CountField
    entries: CountField

    def filter_count(self) -> Count | None:
        return self.argument

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        width = scaled_at(self.key, scope, self.argument, "width")
        entries = at("entries", scope, self.entries, "entries")
        if isinstance(x.channels, int) and x.channels != 1:
            what = f"an embedding takes ids, a map of one channel; {x.channels} channels enter"
            raise Fault("wrong-depth", what, path=(self.key,), at_key=True, fix="let ids enter: input: 1x128")
        return [Part("", Table(width, entries))]
