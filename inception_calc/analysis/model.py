"""What a network costs: one immutable list of layer costs; rows, stages, kinds and totals are groupings of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from inception_calc.dims import Dim, Shape, free_symbols, total
from inception_calc.graph import Graph, GraphRow, Layer, Setting, Source
from inception_calc.ops.data_types import BITS
from inception_calc.primitives.primitive import Params

FLOPS_CONVENTION = "2 x multiply-adds + element ops"
"""What a flop is, where somebody asks for it."""

DTYPES = {name: bits // 8 for name, bits in BITS.items()}
"""Data type -> bytes of one number; 0 where several share a byte, so that each tensor's are counted by themselves."""

CONVENTION = "conv + linear, one per multiply-add, bias additions not counted"
"""What a multiply-add is (design, section 2)."""


class LayerBytes(NamedTuple):
    """Bytes of a layer whose tensors have types of their own."""

    params: Dim
    activations: Dim
    traffic: Dim
    cache: Dim = 0


class LayerCost(NamedTuple):
    """One layer with its costs for the whole batch."""

    layer: Layer
    param_counts: Params
    """Those that it holds; what another layer holds counts there."""
    used: Params
    """Those that it computes with, its own and another layer's."""
    multiply_adds: Dim
    element_ops: Dim
    activation_elements: Dim
    """Elements of the output that are stored; 0 where the layer writes in place."""
    inputs: tuple[Shape, ...]
    batch: Dim
    element_size: int
    """Bytes of one number; 0 where that differs from tensor to tensor."""
    bytes: LayerBytes | None = None
    """Those of each tensor in its own type, where these differ and are known."""

    @property
    def has_bytes(self) -> bool:
        """Whether bytes are known."""
        return self.element_size > 0 or self.bytes is not None

    @property
    def param_bytes(self) -> Dim:
        """Bytes of the params in their data type."""
        if self.bytes is not None and not self.element_size:
            return self.bytes.params
        return self.params * self.element_size

    @property
    def activation_bytes(self) -> Dim:
        """Bytes of the stored output."""
        if self.bytes is not None and not self.element_size:
            return self.bytes.activations
        return self.activation_elements * self.element_size

    @property
    def effective_multiply_adds(self) -> Dim:
        """Multiply-adds whose tap does not fall on padding; with free sizes, expensive to work out."""
        return self.layer.op.effective(self.inputs, self.layer.output) * self.batch

    @property
    def traffic_bytes(self) -> Dim:
        """Bytes read and written: inputs and output for each image, params and buffers once for the batch."""
        if self.bytes is not None and not self.element_size:
            return self.bytes.traffic
        if self.layer.op.moves_nothing:
            return 0
        maps = total(x.elements for x in self.inputs) + self.layer.elements
        return (maps * self.batch + self.used.trainable + self.used.buffers) * self.element_size

    @property
    def cache_bytes(self) -> Dim:
        """Bytes of keys and values that earlier positions left, for every sequence of the batch."""
        if self.bytes is not None and not self.element_size:
            return self.bytes.cache
        return self.layer.op.cached() * self.batch * self.element_size

    @property
    def flops(self) -> Dim:
        """2 x multiply-adds + element ops (design, section 2)."""
        return 2 * self.multiply_adds + self.element_ops

    @property
    def params(self) -> Dim:
        """Weights, biases, scales and shifts."""
        return self.param_counts.trainable

    @property
    def trainable_params(self) -> Dim:
        """Params that are not frozen."""
        return 0 if self.layer.frozen else self.params

    @property
    def weights(self) -> Dim:
        """Kernels of convolutions and linear layers alone."""
        return self.param_counts.weights

    @property
    def biases(self) -> Dim:
        """Numbers that are added, not multiplied: one for each filter or unit."""
        return self.param_counts.biases

    @property
    def buffers(self) -> Dim:
        """Running statistics."""
        return self.param_counts.buffers


class Totals(NamedTuple):
    """Sums over some layers, and the longest path through them."""

    params: Dim
    weights: Dim
    biases: Dim
    buffers: Dim
    multiply_adds: Dim
    element_ops: Dim
    activation_elements: Dim
    param_bytes: Dim
    activation_bytes: Dim
    depth: int
    depth_with_pools: int
    layers: int
    has_bytes: bool = True
    """Whether the bytes of a number are known; else those in bytes mean nothing."""
    cache_bytes: Dim = 0


class Group(NamedTuple):
    """Some layers under one name: a row, a stage, a kind of layer, or one layer."""

    name: str
    label: str
    type: str
    patch: str
    output: Shape | None
    totals: Totals
    layers: tuple[LayerCost, ...]
    row: GraphRow | None = None


@dataclass(frozen=True)
class Analysis:
    """The costs of one network at one setting.

    Shapes are those of one image; counts are for the whole batch. Numbers are exact ints, or exact expressions
    where a symbol was left free.
    """

    origin: Source
    setting: Setting
    graph: Graph
    layers: tuple[LayerCost, ...]
    totals: Totals
    """Of the whole network, heads included in training; depths leave heads out."""
    dtype: str = "fp32"
    """The type of all numbers; empty where a file has several of different sizes."""

    @property
    def name(self) -> str:
        """The architecture's name."""
        return self.graph.name

    @property
    def source(self) -> str:
        """The file as the user named it."""
        return self.origin.source

    @property
    def variant(self) -> str:
        """The variant's name, `default` where none was chosen."""
        return self.origin.variant

    @property
    def whole(self) -> Group:
        """All layers in one group."""
        output = self.graph.map_of(self.graph.result)
        return Group("total", "total", "total", "", output, self.totals, self.layers)

    @property
    def default_input(self) -> Shape:
        """The input that the source itself has."""
        return self.origin.default_input

    @property
    def prints(self) -> tuple[str, ...]:
        """The names of the cells that the source prints for each row."""
        return self.origin.prints

    @property
    def printed(self) -> Mapping[str, str]:
        """What the source prints for the whole network."""
        return self.origin.printed

    @cached_property
    def rows(self) -> tuple[Group, ...]:
        """The table's rows in order, heads last."""
        return tuple(self._row(row) for row in self.graph.rows)

    def modules(self, depth: int | None = None, fold: bool = True) -> tuple[Group, ...]:
        """The layers by module, `depth` modules inside each other; with `fold`, copies of a block in one group."""
        from inception_calc.graph.by_module import rows_by_module

        if (depth, fold) not in self._modules:
            rows = rows_by_module(self.graph, depth, fold)
            self._modules[depth, fold] = tuple(self._row(row) for row in rows)
        return self._modules[depth, fold]

    @cached_property
    def _modules(self) -> dict[tuple[int | None, bool], tuple[Group, ...]]:
        return {}

    @cached_property
    def stages(self) -> tuple[Group, ...]:
        """Runs of rows whose outputs have the same extent along each spatial axis."""
        return tuple(map(self._stage, self.rows_of_stages))

    @cached_property
    def rows_of_stages(self) -> tuple[list[GraphRow], ...]:
        """The rows of each stage."""
        stages: list[list[GraphRow]] = []
        for row in self.graph.rows:
            before = stages[-1][-1] if stages else None
            if before is None or row.is_head or before.is_head or before.output.sides != row.output.sides:
                stages.append([])
            stages[-1].append(row)
        return tuple(stages)

    @cached_property
    def kinds(self) -> tuple[Group, ...]:
        """Layers by operator, in order of first appearance."""
        kinds: dict[str, list[LayerCost]] = {}
        for cost in self.layers:
            kinds.setdefault(cost.layer.op.op, []).append(cost)
        return tuple(
            Group(kind, kind, kind, "", None, summed(costs, 0, 0), tuple(costs)) for kind, costs in kinds.items()
        )

    @cached_property
    def single_layers(self) -> tuple[Group, ...]:
        """Each layer as a group of its own."""
        groups = []
        for cost in self.layers:
            layer = cost.layer
            patch = layer.op.patch(cost.inputs[0]) if cost.inputs else ""
            groups.append(Group(layer.name, layer.op.op, layer.op.op, patch, layer.output, single_layer(cost), (cost,)))
        return tuple(groups)

    @property
    def element_size(self) -> int:
        """Bytes of one number; 0 where that differs."""
        if self.graph.known is not None:
            return self.graph.known.element_size
        return 0 if self.graph.typed is not None else DTYPES[self.dtype]

    @property
    def has_bytes(self) -> bool:
        """Whether the bytes of all tensors are known."""
        return self.element_size > 0 or self.graph.bytes is not None

    @property
    def free(self) -> tuple[str, ...]:
        """The symbols that are left free, by name."""
        setting = self.setting
        sizes = [size for shape in setting.entering.values() for size in shape]
        values = [setting.batch, *sizes, *setting.symbols.values()]
        known = self.graph.known
        return tuple(sorted(frozenset(known.free if known else ()).union(*map(free_symbols, values))))

    def costs_at(self, indices: Iterable[int]) -> tuple[LayerCost, ...]:
        """The costs of the layers with these indices."""
        return tuple([self.layers[index] for index in indices])

    def _row(self, row: GraphRow) -> Group:
        costs = self.costs_at(row.layers)
        depth, with_pools = longest_path(self.graph, row.layers, (row.result,) if self.graph.known is None else None)
        return Group(row.name, row.label, row.type, row.patch, row.output, summed(costs, depth, with_pools), costs, row)

    def _stage(self, rows: list[GraphRow]) -> Group:
        layers = [index for row in rows for index in row.layers]
        costs = self.costs_at(layers)
        depth, with_pools = longest_path(self.graph, layers, (rows[-1].result,))
        name = rows[0].name if len(rows) == 1 else f"{rows[0].name} to {rows[-1].name}"
        return Group(name, name, "stage", "", rows[-1].output, summed(costs, depth, with_pools), costs)


def single_layer(cost: LayerCost) -> Totals:
    """The totals of one layer."""
    return summed((cost,), cost.layer.depth, cost.layer.depth + cost.layer.pool_depth)


def summed(costs: Iterable[LayerCost], depth: int, depth_with_pools: int) -> Totals:
    """The sums over some layers."""
    costs = tuple(costs)
    if len(costs) == 1:
        (one,) = costs
        return Totals(
            one.params,
            one.weights,
            one.biases,
            one.buffers,
            one.multiply_adds,
            one.element_ops,
            one.activation_elements,
            one.param_bytes,
            one.activation_bytes,
            depth,
            depth_with_pools,
            1,
            one.has_bytes,
            one.cache_bytes,
        )
    return Totals(
        params=total(cost.params for cost in costs),
        weights=total(cost.weights for cost in costs),
        biases=total(cost.biases for cost in costs),
        buffers=total(cost.buffers for cost in costs),
        multiply_adds=total(cost.multiply_adds for cost in costs),
        element_ops=total(cost.element_ops for cost in costs),
        activation_elements=total(cost.activation_elements for cost in costs),
        param_bytes=total(cost.param_bytes for cost in costs),
        activation_bytes=total(cost.activation_bytes for cost in costs),
        depth=depth,
        depth_with_pools=depth_with_pools,
        layers=len(costs),
        has_bytes=all(cost.has_bytes for cost in costs),
        cache_bytes=total(cost.cache_bytes for cost in costs),
    )


def longest_path(graph: Graph, indices: Iterable[int], ends: Iterable[int] | None) -> tuple[int, int]:
    """The largest depth on any path through these layers to one of `ends`, without and with pools; None: to any."""
    depths: dict[int, int] = {}
    with_pools: dict[int, int] = {}
    for index in indices:
        layer = graph.layers[index]
        depths[index] = layer.depth + max((depths.get(source, 0) for source in layer.inputs), default=0)
        with_pools[index] = (
            layer.depth + layer.pool_depth + max((with_pools.get(source, 0) for source in layer.inputs), default=0)
        )
    if ends is None:
        return max(depths.values(), default=0), max(with_pools.values(), default=0)
    found = [(depths.get(end, 0), with_pools.get(end, 0)) for end in ends]
    return max((depth for depth, _ in found), default=0), max((depth for _, depth in found), default=0)


def element_ops_by_kind(costs: Iterable[LayerCost]) -> Mapping[str, Dim]:
    """Operator -> its element ops, for the operators that have any."""
    kinds: dict[str, list[Dim]] = {}
    for cost in costs:
        kinds.setdefault(cost.layer.op.op, []).append(cost.element_ops)
    sums = {kind: total(values) for kind, values in kinds.items()}
    return {kind: value for kind, value in sums.items() if value != 0}
