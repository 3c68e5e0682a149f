"""The graph: layers in execution order, each remembering its row, block and branch."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from inception_calc.dims import Dim, Shape, total
from inception_calc.ops.layer import LayerOp
from inception_calc.problems import Path

IMAGE = -1
"""The index that stands for the network's input; further inputs count down from it."""


class Layer(NamedTuple):
    """One primitive operation. `inputs` are indices of layers, below zero for the network's inputs (`IMAGE`)."""

    name: str
    op: LayerOp
    inputs: tuple[int, ...]
    output: Shape
    row: str
    block: str
    """The innermost block that the layer comes from; empty for none."""
    branch: str
    """The innermost join's branch; empty for none."""
    path: Path
    """The step in the spec."""
    depth: int
    pool_depth: int
    """1 for pools that stand outside blocks and joins: they count in `depth_with_pools`."""
    holders: Mapping[str, int]
    """Of arrays that other layers hold: name -> the layer that does; their params count there and not here."""
    others: tuple[Shape, ...] = ()
    """Its further outputs."""
    slots: tuple[int, ...] = ()
    """For each of `inputs` which output of that layer it is; empty where all are first ones."""
    module: tuple[str, ...] = ()
    """The modules that it stands in, from the outermost; empty where its name says them, or nothing does."""
    frozen: bool = False
    """Its params are not trained."""
    dtype: str = ""
    """The type of its params and outputs; empty where it is the network's."""

    @property
    def elements(self) -> Dim:
        """The numbers in all outputs."""
        return (
            self.output.elements + total(other.elements for other in self.others)
            if self.others
            else self.output.elements
        )


class GraphRow(NamedTuple):
    """A row with the layers that it stands for."""

    name: str
    label: str
    type: str
    patch: str
    cells: Mapping[str, Dim | str]
    """Column -> value at the block's call, filters after the width multiplier."""
    columns_read: frozenset[str]
    """The columns that the block reads."""
    printed: tuple[str, ...]
    layers: Sequence[int]
    """Their indices, in the order of execution; in files of other tools rows interleave."""
    source: int
    """The layer whose output enters, or `IMAGE`."""
    result: int
    """The layer whose output leaves; `source` where the row has no layer."""
    output: Shape
    is_head: bool = False
    repeat: int = 1
    """How many copies of a block it holds, one behind the other."""

    @property
    def cells_read(self) -> dict[str, Dim | str]:
        """The cells that say how the row is built; a variant may leave columns of its block unread."""
        return {column: value for column, value in self.cells.items() if column in self.columns_read}


class Bytes(NamedTuple):
    """Bytes of all that a file holds and its layers write, each tensor in its own type (int4 to complex128)."""

    inputs: tuple[Dim, ...]
    outputs: tuple[tuple[Dim, ...], ...]
    """For each layer those of each output."""
    arrays: Mapping[str, Dim]
    """Of constants, as they stand in the file."""

    def of_layer(self, index: int) -> Dim:
        """All outputs of a layer."""
        return total(self.outputs[index])

    def entering(self, layer: Layer) -> Dim:
        """All that a layer reads of others, and of the network's inputs."""
        slots = layer.slots or (0,) * len(layer.inputs)
        return total(
            self.outputs[source][slot] if source >= 0 else self.inputs[IMAGE - source]
            for source, slot in zip(layer.inputs, slots, strict=True)
        )


class Known(NamedTuple):
    """How far a file that others wrote is understood."""

    assumptions: tuple[str, ...]
    gaps: tuple[tuple[str, str], ...]
    """The node, and what is not known of it; nodes that only follow from others are left out."""
    nodes: int
    """All nodes, those of gaps too."""
    free: tuple[str, ...]
    """Sizes that are left free, or that only a run knows."""
    data_type: str
    """The type of all tensors; empty where they have several of different sizes."""
    element_size: int
    """Bytes of one number; 0 where that differs."""
    uncounted: frozenset[str] = frozenset()
    """Layers whose costs are not known, those that only follow from others too."""
    unplaced: Dim = 0
    """Numbers in constants that nothing known uses: what unknown nodes hold is among them."""
    tensors: tuple[int, int] = (0, 0)
    """How many of what nodes make has a shape that is not known, and of how many."""
    bytes: Bytes | None = None
    """Where tensors have several types; None where all have one, and where one of them is not known."""


class Graph(NamedTuple):
    """A network with all its sizes."""

    name: str
    input: Shape
    batch: Dim
    layers: tuple[Layer, ...]
    rows: tuple[GraphRow, ...]
    columns: tuple[str, ...]
    """Columns of the blocks that rows call, joined by name."""
    inputs: Mapping[str, Shape] = MappingProxyType({})
    """Name -> shape, where inputs have names: the first is `input`."""
    end: int | None = None
    """The layer whose output is the network's; None: it is that of the last row."""
    known: Known | None = None
    """Of a file that others wrote: what was assumed, and what is not known."""
    outputs: tuple[tuple[int, int], ...] = ()
    """Layer and which of its outputs, for each output of the network; empty: there is one, and it is `result`'s."""
    typed: Bytes | None = None
    """Of a spec whose steps have types of their own: the bytes of each tensor in its type."""

    @property
    def bytes(self) -> Bytes | None:
        """The bytes of each tensor, where tensors have several types and all are known."""
        return self.typed if self.known is None else self.known.bytes

    @property
    def ends(self) -> tuple[tuple[int, int], ...]:
        """Every output of the network: the layer that gives it, and which of that layer's outputs it is."""
        return self.outputs or ((self.result, 0),)

    @property
    def says_modules(self) -> bool:
        """Whether layers say in which modules they stand."""
        return self.known is None or any(layer.module for layer in self.layers)

    @property
    def stop(self) -> int:
        """The number of layers without the heads of training, which come last."""
        return 1 + max((row.layers[-1] for row in self.rows if row.layers and not row.is_head), default=-1)

    def is_frozen(self, layer: Layer) -> bool:
        """Whether what a layer computes with is not trained, its own or that of the layers that hold it."""
        return layer.frozen or any(self.layers[holder].frozen for holder in layer.holders.values())

    @property
    def result(self) -> int:
        """The layer whose output is the network's, or `IMAGE`."""
        if self.end is not None:
            return self.end
        return next((row.result for row in reversed(self.rows) if not row.is_head), IMAGE)

    def map_of(self, index: int) -> Shape:
        """The output of a layer, or the network's input for `IMAGE`."""
        return self.layers[index].output if index >= 0 else self.entering[IMAGE - index]

    def inputs_of(self, layer: Layer) -> tuple[Shape, ...]:
        """The maps that enter a layer."""
        if layer.slots:
            return tuple([self.shape_of(*edge) for edge in zip(layer.inputs, layer.slots, strict=True)])
        layers, entering = self.layers, self.entering
        return tuple([layers[index].output if index >= 0 else entering[IMAGE - index] for index in layer.inputs])

    def name_of(self, index: int, image: str) -> str:
        """The name of a layer, or of an input; `image` where that has none."""
        if index >= 0:
            return self.layers[index].name
        return list(self.inputs)[IMAGE - index] if self.inputs else image

    @property
    def entering(self) -> tuple[Shape, ...]:
        """What enters the network: `IMAGE` first, then the inputs below it."""
        return tuple(self.inputs.values()) or (self.input,)

    def shape_of(self, index: int, slot: int = 0) -> Shape:
        """An output of a layer, or an input of the network."""
        return self.layers[index].others[slot - 1] if slot else self.map_of(index)
