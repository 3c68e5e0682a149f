"""The graph: layers in execution order, each remembering its row, block and branch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inception_calc.dims import Dim, FeatureMap
from inception_calc.ops.layer import LayerOp
from inception_calc.problems import Path

IMAGE = -1
"""The index that stands for the network's input."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One primitive operation. `inputs` are indices of layers, `IMAGE` for the network's input."""

    name: str
    op: LayerOp
    inputs: tuple[int, ...]
    output: FeatureMap
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


@dataclass(frozen=True, slots=True)
class GraphRow:
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
    output: FeatureMap
    is_head: bool = False

    @property
    def cells_read(self) -> dict[str, Dim | str]:
        """The cells that say how the row is built; a variant may leave columns of its block unread."""
        return {column: value for column, value in self.cells.items() if column in self.columns_read}


@dataclass(frozen=True, slots=True)
class Graph:
    """A network with all its sizes."""

    name: str
    input: FeatureMap
    batch: Dim
    layers: tuple[Layer, ...]
    rows: tuple[GraphRow, ...]
    columns: tuple[str, ...]
    """Columns of the blocks that rows call, joined by name."""

    @property
    def stop(self) -> int:
        """The number of layers without the heads of training, which come last."""
        return 1 + max((row.layers[-1] for row in self.rows if row.layers and not row.is_head), default=-1)

    @property
    def result(self) -> int:
        """The layer whose output is the network's, or `IMAGE`."""
        return next((row.result for row in reversed(self.rows) if not row.is_head), IMAGE)

    def map_of(self, index: int) -> FeatureMap:
        """The output of a layer, or the network's input for `IMAGE`."""
        return self.input if index == IMAGE else self.layers[index].output

    def inputs_of(self, layer: Layer) -> tuple[FeatureMap, ...]:
        """The maps that enter a layer."""
        layers, image = self.layers, self.input
        return tuple([image if index == IMAGE else layers[index].output for index in layer.inputs])
