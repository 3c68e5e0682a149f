"""The products of an attention in the words of ONNX: maps cut into heads and tiles, masks, caches."""

from itertools import product as iterproduct
from math import prod
from typing import Any

from inception_calc.dims import Dim, Shape, exact_quotient, product
from inception_calc.ops.heads import Heads
from inception_calc.ops.nodes import Array, Constant, Node, Nodes, must_be_known

MASKED = -1e9
"""What is added to the score of a pair that must not be seen."""


def is_there(count: Dim) -> bool:
    """Whether a number is more than zero, or may be."""
    return not isinstance(count, int) or count > 0


def cached_array(name: str, of: Heads) -> Array:
    """Keys or values of earlier positions: what a run was given, no params."""
    return Array(f"cached {name}", (1, of.groups * of.size, of.cached), "fixed", "ones")


def offsets_of(window: tuple[int, ...]) -> list[int]:
    """For each pair of places in a window which of the offsets between them it has, row by row."""
    places = list(iterproduct(*map(range, window)))
    numbers = []
    for query in places:
        for key in places:
            number = 0
            for q, k, side in zip(query, key, window, strict=True):
                number = number * (2 * side - 1) + q - k + side - 1
            numbers.append(number)
    return numbers


class Written:
    """Nodes of one of the two products, for queries on the map `x`: N x heads (x tiles) x head size x places."""

    def __init__(self, of: Heads, x: Shape) -> None:
        self.of = of
        self.x = x
        self.nodes: list[Node] = []
        self.constants: dict[str, Constant] = {}
        self.inner = 3 if of.window else 2
        """The axis of the head size, behind batch, heads and tiles."""

    def node(self, op_type: str, inputs: tuple[str, ...], name: str, **attributes: Any) -> None:
        self.nodes.append(Node(op_type, inputs, name, attributes))

    def constant(self, constant: Constant) -> str:
        self.constants[constant.name] = constant
        return constant.name

    def shaped(self, value: str, name: str, shape: tuple[Dim, ...]) -> None:
        """A reshape; 0 keeps a size, -1 takes the rest."""
        must_be_known(shape, "the shape of its heads")
        numbers = tuple(map(int, shape))
        self.node("Reshape", (value, self.constant(Constant("x".join(map(str, numbers)), numbers))), name)

    def with_cache(self, value: str, name: str) -> None:
        """The values of this run behind those of earlier positions, which are the same for the whole batch."""
        if not is_there(self.of.cached):
            self.node("Identity", (value,), f"all {name}")
            return
        for constant in (
            Constant("0", (0,)),
            Constant("1", (1,)),
            Constant("2", (2,)),
            Constant("nothing", (0.0,), ()),
        ):
            self.constant(constant)
        self.node("Slice", (value, "0", "1", "2"), f"first of {name}")
        self.node("Mul", (f"first of {name}", "nothing"), "of the batch")
        self.node("Add", ("of the batch", f"cached {name}"), f"earlier {name}")
        self.node("Concat", (f"earlier {name}", value), f"all {name}", axis=2)

    def cut(self, value: str, name: str, heads: Dim) -> None:
        """A map into heads and tiles, the places of each in one row."""
        if not self.of.window:
            self.shaped(value, name, (0, heads, self.of.size, -1))
            return
        axes = len(self.of.window)
        sizes: list[Dim] = []
        for side, tile in zip(self.x.sides, self.of.window, strict=True):
            sizes += [exact_quotient(side, tile), tile]
        self.shaped(value, f"{name} in tiles", (0, heads, self.of.size, *sizes))
        tiles, inside = [3 + 2 * axis for axis in range(axes)], [4 + 2 * axis for axis in range(axes)]
        self.node("Transpose", (f"{name} in tiles",), f"{name} by tile", perm=(0, 1, *tiles, 2, *inside))
        self.shaped(f"{name} by tile", name, (0, heads, -1, self.of.size, product(self.of.window)))

    def put_together(self, value: str) -> None:
        """N x heads x tiles x places x head size, or grouped like that, into a map."""
        of, axes = self.of, len(self.of.window)
        inner = product(of.window) if of.window else -1
        if not of.window:
            self.shaped(value, "by head", (0, of.heads, inner, of.size))
            self.node("Transpose", ("by head",), "turned", perm=(0, 1, 3, 2))
            sides = self.x.sides if len(self.x.sides) > 1 else (-1,)
            self.shaped("turned", "", (0, of.heads * of.size, *sides))
            return
        tiles = [exact_quotient(side, tile) for side, tile in zip(self.x.sides, of.window, strict=True)]
        self.shaped(value, "by tile", (0, of.heads, *tiles, *of.window, of.size))
        order = [0, 1, 2 + 2 * axes]
        for axis in range(axes):
            order += [2 + axis, 2 + axes + axis]
        self.node("Transpose", ("by tile",), "in place", perm=tuple(order))
        self.shaped("in place", "", (0, of.heads * of.size, *self.x.sides))

    def grouped(self, rows: str, columns: Dim, other: str) -> None:
        """Rows of all heads that share their keys, one behind the other, and what they are multiplied with."""
        groups, each = self.of.groups, exact_quotient(self.of.heads, self.of.groups)
        if self.of.heads == groups:
            self.node("Identity", (rows,), f"{rows} by group")
            self.node("Identity", (other,), f"{other} by group")
        elif not self.of.window:
            self.shaped(rows, f"{rows} by group", (0, groups, -1, columns))
            self.node("Identity", (other,), f"{other} by group")
        else:
            self.shaped(rows, f"{rows} by group", (0, groups, each, -1, product(self.of.window), columns))
            self.node("Unsqueeze", (other, self.constant(Constant("heads of a group", (2,)))), f"{other} by group")

    def causal(self, value: str) -> None:
        """Keys behind the query's own position are masked."""
        for constant in (Constant("nothing", (0.0,), ()), Constant("masked score", (MASKED,), ())):
            self.constant(constant)
        must_be_known((self.of.cached,), "which keys are masked")
        first = self.constant(Constant(f"from {1 + int(self.of.cached)}", (1 + int(self.of.cached),), ()))
        self.node("Mul", (value, "nothing"), "zeros")
        self.node("Add", ("zeros", "masked score"), "all masked")
        self.node("Trilu", ("all masked", first), "later ones", upper=1)
        self.node("Add", (value, "later ones"), "masked")

    def apart(self, value: str) -> None:
        """Pairs of a tile that come from two edges of the map are masked."""
        must_be_known((*self.x.sides, *self.of.window), "where its windows meet the edge")
        window, sides, shifts = (tuple(map(int, each)) for each in (self.of.window, self.x.sides, self.of.shifts))
        last = tuple(side // tile - 1 for side, tile in zip(sides, window, strict=True))
        masks: list[float] = []
        for tile in iterproduct(*(range(number + 1) for number in last)):
            edges = [number == end for number, end in zip(tile, last, strict=True)]
            regions = [
                tuple(
                    edge and at >= size - shift
                    for edge, at, size, shift in zip(edges, place, window, shifts, strict=True)
                )
                for place in iterproduct(*map(range, window))
            ]
            masks += [0.0 if one == other else MASKED for one in regions for other in regions]
        area = prod(window)
        self.constant(Constant("edges apart", tuple(masks), (len(masks) // area**2, area, area)))
        self.node("Add", (value, "edges apart"), "apart")

    def whole(self, arrays: tuple[Array, ...]) -> Nodes:
        return Nodes(tuple(self.nodes), arrays, tuple(self.constants.values()), takes="map", gives="map")
