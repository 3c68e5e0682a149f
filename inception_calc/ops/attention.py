"""Attention: `{attention: 12}`, of 12 heads; `{attention: 32, key value heads: 8, causal: true, cache: 4096}` decodes.

It is made of layers with names of their own: `query`, `key` and `value` (linear over channels), `scores`, `softmax`
over the keys, `weighted sum`, `output` (linear over channels, as deep as the input; `output projection:
false` leaves it out).

    scores         heads x queries x keys products of the head size, and so many for the weighted sum
    effective      those of pairs that are not masked (`causal`, `shifted`); a dense kernel runs them all
    element ops    of each score: its scale, its mask, its relative position; 3 for each element of a softmax, less one
    head size      channels / heads, unless it is said
    key value heads  fewer heads of keys and values, each for a group of heads of queries (grouped, multi-query)
    memory of      keys and values are made of another row's output (cross-attention)
    cache          keys and values of so many earlier positions exist already (decoding); their bytes are `cache_bytes`
    window         queries see the keys of their own tile of the map; `shifted` moves the tiles by half a window
    relative positions  `true`: a number for each offset inside the window and head; a count: so many for each head
    unscaled       scores are not divided by the root of the head size (T5)
    rotary         queries and keys are turned by their positions: 3 operations for each element, no params

Sources: Vaswani et al., "Attention is all you need" (2017), section 3.2; Ainslie et al., "GQA" (2023); Liu et al.,
"Swin Transformer" (2021), section 3.2, equation 4; Raffel et al., "T5" (2019), section 2.1; Su et al., "RoFormer"
(2021), section 3.4.
"""

from typing import Annotated, ClassVar

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import Count, Dim, Scope, Shape, Sides, exact_quotient, floor_div, maximum, product, same
from inception_calc.ops.attention_layers import KeySoftmax, RotaryPositions, Scores, WeightedSum
from inception_calc.ops.attention_nodes import is_there
from inception_calc.ops.fields import COUNT_SCHEMA, CountField, FlagField, SwitchField, TextField, read_count, read_flag
from inception_calc.ops.heads import Heads
from inception_calc.ops.layer import LayerOp
from inception_calc.ops.linear import LinearLayer
from inception_calc.ops.operator import Operator, Part, at, must_divide
from inception_calc.ops.roll import Rolling
from inception_calc.ops.window_fields import WindowField
from inception_calc.problems import Fault

X, MEMORY = -1, -2
"""What enters an attention: the step's input, and the other row's output."""


def _read_relative(value: object) -> bool | Count:
    """Yes or no, or how many."""
    return read_flag(value) if value in {"true", "false"} else read_count(value)


class Attention(Operator):
    """An attention as a spec writes it."""

    key: ClassVar[str] = "attention"
    smallest: ClassVar[dict[str, str]] = {"attention": "1"}

    argument: CountField
    key_value_heads: Annotated[Count | None, PlainValidator(read_count), WithJsonSchema(COUNT_SCHEMA)] = None
    head_size: Annotated[Count | None, PlainValidator(read_count), WithJsonSchema(COUNT_SCHEMA)] = None
    bias: SwitchField = True
    causal: FlagField = False
    window: WindowField | None = None
    shifted: SwitchField = False
    memory_of: TextField | None = None
    cache: Annotated[Count | None, PlainValidator(read_count), WithJsonSchema(COUNT_SCHEMA)] = None
    relative_positions: Annotated[
        bool | Count, PlainValidator(_read_relative), WithJsonSchema({"type": ["boolean", "integer", "string"]})
    ] = False
    rotary: FlagField = False
    unscaled: FlagField = False
    output_projection: SwitchField = True

    def other_row(self) -> tuple[str, str] | None:
        return None if self.memory_of is None else ("memory of", self.memory_of)

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return self._parts(scope, x, X)

    def lower_beside(self, scope: Scope, x: Shape, other: Shape) -> list[Part]:
        return self._parts(scope, x, MEMORY)

    def _parts(self, scope: Scope, x: Shape, source: int) -> list[Part]:
        """The layers, with keys and values made of what enters as `source`."""
        of = self._heads(scope, x)
        x_from = X
        queries, keys = of.heads * of.size, of.groups * of.size
        parts: list[Part] = []
        if of.shifts:
            parts.append(Part("shift", Rolling(tuple(-shift for shift in of.shifts))))
            x_from = 0
        from_memory = source == MEMORY
        source = MEMORY if from_memory else x_from

        def add(name: str, op: LayerOp, *inputs: int, depth: int = 0) -> int:
            parts.append(Part(name, op, depth, inputs))
            return len(parts) - 1

        query = add("query", LinearLayer(queries, self.bias, True), x_from, depth=1)
        key = add("key", LinearLayer(keys, self.bias, True), source, depth=1)
        value = add("value", LinearLayer(keys, self.bias, True), source, depth=1)
        if self.rotary:
            query = add("query positions", RotaryPositions(of.heads), query)
            key = add("key positions", RotaryPositions(of.groups), key)
        scores = add("scores", Scores(of, not self.unscaled, self._relative(scope, of)), query, key)
        weights = add("softmax", KeySoftmax(), scores)
        end = add("weighted sum", WeightedSum(of, tuple(x.sides), from_memory), weights, value)
        if self.output_projection:
            end = add("output", LinearLayer(x.channels, self.bias, True), end, depth=1)
        if of.shifts:
            add("shift back", Rolling(of.shifts), end)
        return parts

    def _heads(self, scope: Scope, x: Shape) -> Heads:
        heads = at(self.key, scope, self.argument, "heads")
        groups = heads if self.key_value_heads is None else at("key value heads", scope, self.key_value_heads, "heads")
        if isinstance(heads, int) and isinstance(groups, int) and heads % groups:
            what = f"{heads} heads of queries cannot share {groups} heads of keys and values evenly"
            raise Fault("no-multiple", what, path=("key value heads",), fix=f"write a divisor of {heads}")
        if self.head_size is None:
            must_divide(self.key, x, heads, "the heads divide the channels")
            size, parted = exact_quotient(x.channels, heads), x.channels
        else:
            size, parted = at("head size", scope, self.head_size, "head size"), 0
        cached = 0 if self.cache is None else at("cache", scope, self.cache, "cache", 0)
        window = self._window(scope, x)
        self._must_fit(x, size, cached, window)
        return Heads(heads, groups, size, self.causal, cached, window, self._shifts(x, window), parted)

    def _must_fit(self, x: Shape, size: Dim, cached: Dim, window: Sides) -> None:
        """Faults of settings that make no attention together."""
        if is_there(cached) and not self.causal:
            what = "a cache is of keys that later queries see again: the attention must be causal"
            raise Fault("contradiction", what, path=("cache",), at_key=True, fix="write causal: true")
        if is_there(cached) and (window or self.memory_of):
            what = "a cache beside a window or another row's memory has no meaning"
            raise Fault("contradiction", what, path=("cache",), at_key=True, fix="leave one of them out")
        if self.causal and self.memory_of:
            what = "another row's positions have no order with these: a causal attention sees its own row"
            raise Fault("contradiction", what, path=("causal",), at_key=True, fix="leave 'causal' out")
        if window and self.memory_of:
            what = "windows tile the map of the queries, and another row has a map of its own"
            raise Fault("contradiction", what, path=("window",), at_key=True, fix="leave 'window' out")
        if self.shifted and self.causal:
            what = "shifted windows have no order"
            raise Fault("contradiction", what, path=("shifted",), at_key=True, fix="leave 'causal' or 'shifted' out")
        if self.shifted and not window:
            what = "only windows can be shifted"
            raise Fault("contradiction", what, path=("shifted",), at_key=True, fix="write window: 7x7")
        if self.rotary and isinstance(size, int) and size % 2:
            what = f"rotary positions turn pairs of channels: a head size of {size} is odd"
            raise Fault("no-multiple", what, path=("rotary",), at_key=True, fix=f"write head size: {size + 1}")

    def _window(self, scope: Scope, x: Shape) -> Sides:
        if self.window is None:
            return ()
        tile = tuple(self.window.kernel_size(scope, x, "window"))
        for side, size, axis in zip(x.sides, tile, x.axes, strict=True):
            if isinstance(side, int) and isinstance(size, int) and side % size:
                near = side - side % size
                what = f"windows of {size} do not tile a {axis} of {side}"
                fix = f"let a {axis} of {near or size} enter, or {near + size}, or pad the map"
                raise Fault("no-multiple", what, path=("window",), fix=fix)
        return tile

    def _shifts(self, x: Shape, window: Sides) -> Sides:
        """Half a window along each axis of more than one; empty where there is none."""
        if not self.shifted:
            return ()
        decided = [same(side, tile) for side, tile in zip(x.sides, window, strict=True)]
        if None in decided:
            what = "whether a map has more than one window, and they are shifted, depends on a free symbol"
            raise Fault(
                "undecided-shift", what, path=("shifted",), at_key=True, fix="set the symbol, or batch alone free"
            )
        shifts = tuple(0 if is_one else floor_div(tile, 2) for is_one, tile in zip(decided, window, strict=True))
        return shifts if any(is_there(shift) for shift in shifts) else ()

    def _relative(self, scope: Scope, of: Heads) -> Dim:
        if isinstance(self.relative_positions, Count):
            return at("relative positions", scope, self.relative_positions, "relative positions")
        if not self.relative_positions:
            return 0
        if not of.window:
            what = "offsets are countless without a window"
            fix = "write how many there are: relative positions: 32"
            raise Fault("missing-value", what, path=("relative positions",), fix=fix)
        return product([maximum(2 * side - 1, 1) for side in of.window])
