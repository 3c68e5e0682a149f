"""The layers between the matrices of an attention: scores, their softmax, the weighted sum, rotary positions."""

from dataclasses import dataclass, replace
from typing import ClassVar, TypeVar

from inception_calc.dims import Dim, Shape, exact_quotient, product
from inception_calc.ops.attention_nodes import Written, cached_array, is_there, offsets_of
from inception_calc.ops.heads import Heads
from inception_calc.ops.layer import LayerOp, Unary
from inception_calc.ops.nodes import Array, Constant, Node, Nodes, must_be_known
from inception_calc.primitives import elements
from inception_calc.primitives.derivation import Derivation, product_of
from inception_calc.primitives.primitive import Primitive
from inception_calc.primitives.sight import Sight, Sights, spread

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scores(LayerOp):
    """Queries times keys: a score for each pair, scaled and masked. Inputs: the map of queries, the map of keys."""

    op: ClassVar[str] = "scores"
    of: Heads
    scaled: bool = True
    relative: Dim = 0
    """Numbers of each head for the positions of queries and keys to each other."""

    def shape(self, inputs: tuple[Shape, ...]) -> Shape:
        x, memory = inputs
        return Shape(self.of.heads, x.positions, self.of.keys(memory))

    def primitive(self, inputs: tuple[Shape, ...], y: Shape) -> Primitive:
        ops = self.scaled + self.of.causal + bool(self.of.shifts) + is_there(self.relative)
        done = self.of.does(inputs[0].sides, y[-1])
        return replace(done, ops=ops, offsets=self.relative, gives_pairs=True)

    def divided(self, inputs: tuple[Shape, ...]) -> tuple[tuple[Dim, Dim], ...]:
        tiles = zip(inputs[0].sides, self.of.window, strict=True) if self.of.window else ()
        return ((self.of.parted, self.of.heads), (self.of.heads, self.of.groups), *tiles)

    def visible(self, inputs: tuple[T, ...]) -> tuple[T, ...]:
        """Nothing: its places are pairs, and no places of the map."""
        return ()

    def cached(self) -> Dim:
        return self.of.cache

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        cached = (cached_array("keys", self.of),) if is_there(self.of.cached) else ()
        if not is_there(self.relative):
            return cached
        return (*cached, Array("offsets", (self.relative, self.of.heads), "embeddings"))

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        x, _ = inputs
        made = Written(self.of, x)
        made.cut("x0", "queries", self.of.heads)
        made.with_cache("x1", "keys")
        made.cut("all keys", "their keys", self.of.groups)
        made.node("Transpose", ("queries",), "rows", perm=(*range(made.inner), made.inner + 1, made.inner))
        made.grouped("rows", self.of.size, "their keys")
        made.node("MatMul", ("rows by group", "their keys by group"), "products")
        made.shaped("products", "by head", self._by_head(y))
        last = "by head"
        for kind, add in (("scaled", self.scaled), ("placed", is_there(self.relative))):
            if add:
                getattr(self, f"_{kind}")(made, last, y)
                last = kind
        if self.of.causal:
            made.causal(last)
            last = "masked"
        if self.of.shifts:
            made.apart(last)
            last = "apart"
        made.shaped(last, "", (0, self.of.heads, product(x.sides) if self.of.window else -1, y[-1]))
        return made.whole(self.arrays(inputs))

    def _by_head(self, y: Shape) -> tuple[Dim, ...]:
        """Batch, heads, tiles where there are some, queries of a tile, keys."""
        if self.of.window:
            return (0, self.of.heads, -1, y[-1], y[-1])
        return (0, self.of.heads, -1, y[-1])

    def _scaled(self, made: "Written", last: str, y: Shape) -> None:
        factor = float(self.of.size) ** -0.5
        made.constant(Constant(f"{factor}", (factor,), ()))
        made.node("Mul", (last, f"{factor}"), "scaled")

    def _placed(self, made: "Written", last: str, y: Shape) -> None:
        """The number of each pair's offset, added to its score."""
        queries, keys = (y[-1], y[-1]) if self.of.window else (y[-2], y[-1])
        must_be_known((queries, keys, self.relative), "where its relative positions are")
        if self.of.window:
            offsets = offsets_of(tuple(map(int, self.of.window)))
        else:
            first = int(keys) - int(queries)
            far = int(self.relative) - 1
            offsets = [min(abs(first + q - k), far) for q in range(int(queries)) for k in range(int(keys))]
        made.constant(Constant("places of offsets", tuple(offsets), (int(queries), int(keys))))
        made.node("Gather", ("offsets", "places of offsets"), "of pairs", axis=0)
        made.node("Transpose", ("of pairs",), "of heads", perm=(2, 0, 1))
        if self.of.window:
            made.constant(Constant("tiles", (1,)))
            made.node("Unsqueeze", ("of heads", "tiles"), "of tiles")
        made.node("Add", (last, "of tiles" if self.of.window else "of heads"), "placed")


@dataclass(frozen=True, slots=True)
class KeySoftmax(Unary):
    """exp(x) over the sum of exp(x), over the keys of each query."""

    op: ClassVar[str] = "softmax"

    def does(self, x: Shape, y: Shape) -> elements.Softmax:
        return elements.Softmax(x[-1], product(x[:-1]))

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        return Nodes((Node("Softmax", attributes={"axis": -1}),), takes="map", gives="map")


@dataclass(frozen=True, slots=True)
class WeightedSum(LayerOp):
    """Weights times values: a map like that of the queries. Inputs: the weights of all pairs, the map of values."""

    op: ClassVar[str] = "weighted sum"
    of: Heads
    sides: tuple[Dim, ...] = ()
    """Of the map of queries."""
    from_memory: bool = False

    def shape(self, inputs: tuple[Shape, ...]) -> Shape:
        return Shape(self.of.heads * self.of.size, *self.sides)

    def primitive(self, inputs: tuple[Shape, ...], y: Shape) -> Primitive:
        return self.of.does(self.sides, inputs[0][-1])

    def visible(self, inputs: tuple[T, ...]) -> tuple[T, ...]:
        """The values: the weights decide how much of each."""
        return inputs[1:]

    def sight(self, x: Shape, y: Shape) -> Sights | None:
        """All values, or those of the tile; of another row's map nothing can be said in this one's places."""
        if self.from_memory or not all(isinstance(side, int) for side in self.of.window):
            return None
        if self.of.window:
            return tuple(Sight(((0, side - 1),) * int(side), step=side) for side in self.of.window)
        return spread(x.sides)

    def derivations(self, inputs: tuple[Shape, ...], y: Shape) -> tuple[Derivation, ...]:
        queries = {f"query_{axis}": side for axis, side in zip(y.axes, y.sides, strict=True)}
        sides = (product_of(name.removeprefix("query_"), {name: side}) for name, side in queries.items())
        return *sides, *LayerOp.derivations(self, inputs, y)

    def cached(self) -> Dim:
        return self.of.cache

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        return (cached_array("values", self.of),) if is_there(self.of.cached) else ()

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        pairs = inputs[0]
        made = Written(self.of, y)
        made.with_cache("x1", "values")
        made.cut("all values", "their values", self.of.groups)
        swapped = (*range(made.inner), made.inner + 1, made.inner)
        made.node("Transpose", ("their values",), "columns", perm=swapped)
        if self.of.window:
            made.shaped("x0", "weights", (0, self.of.heads, -1, pairs[-1], pairs[-1]))
        else:
            made.node("Identity", ("x0",), "weights")
        made.grouped("weights", pairs[-1], "columns")
        made.node("MatMul", ("weights by group", "columns by group"), "sums")
        made.put_together("sums")
        return made.whole(self.arrays(inputs))


@dataclass(frozen=True, slots=True)
class RotaryPositions(Unary):
    """Pairs of channels of each head turned by an angle that grows with the position."""

    op: ClassVar[str] = "rotary positions"
    heads: Dim

    def divided(self, inputs: tuple[Shape, ...]) -> tuple[tuple[Dim, Dim], ...]:
        return ((inputs[0].channels, 2 * self.heads),)

    def does(self, x: Shape, y: Shape) -> elements.Elementwise:
        return elements.Elementwise(y.elements, 3)

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        (x,) = inputs
        shape = (1, 1, 1, exact_quotient(x.channels, 2 * self.heads), x.positions)
        return Array("cosines", shape, "fixed", "ones"), Array("sines", shape, "fixed", "ones")

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        (x,) = inputs
        half = exact_quotient(x.channels, 2 * self.heads)
        must_be_known((self.heads, half, x.positions), "where its halves are")
        by_head = Constant("by head", (0, int(self.heads), 2, int(half), -1))
        back = Constant("back", (0, int(x.channels), *(int(side) for side in x.sides)))
        numbers = tuple(Constant(str(number), (number,)) for number in (0, 1, 2))
        nodes = (
            Node("Reshape", ("x", "by head"), "halves"),
            Node("Slice", ("halves", "0", "1", "2"), "first"),
            Node("Slice", ("halves", "1", "2", "2"), "second"),
            Node("Neg", ("second",), "negative"),
            Node("Concat", ("negative", "first"), "turned", {"axis": 2}),
            Node("Mul", ("halves", "cosines"), "along"),
            Node("Mul", ("turned", "sines"), "across"),
            Node("Add", ("along", "across"), "rotated"),
            Node("Reshape", ("rotated", "back")),
        )
        return Nodes(nodes, self.arrays(inputs), (by_head, back, *numbers), takes="map", gives="map")
