"""A run of a network with real buffers: memory is taken, counted by references and given back.

What it knows of a layer is its name, its operator's word, its inputs and the size of its output. It owes nothing to
`analysis.memory`: there are no lifetimes, only objects that hold other objects.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from inception_calc.graph import IMAGE, Graph, Layer
from inception_calc.ops.activation_words import FUNCTIONS

OVERWRITE = {*FUNCTIONS, "prelu", "batch norm", "dropout", "scale", "layer scale"}
"""One value in, one value out: may be worked out where its input lies."""
RENAME = {"flatten", "split"}


class Heap:
    """Memory, and the most of it that was ever taken."""

    def __init__(self) -> None:
        self.taken = 0
        self.most = 0
        self.most_at = ""

    def take(self, elements: int, layer: str) -> Buffer:
        self.taken += elements
        if self.taken > self.most:
            self.most, self.most_at = self.taken, layer
        return Buffer(self, elements)


@dataclass(eq=False)
class Buffer:
    """Some memory, the tensors that ever lay in it, and how many of them still do."""

    heap: Heap
    elements: int
    tensors: list[Tensor] = field(default_factory=list)
    references: int = 0

    def drop(self) -> None:
        self.references -= 1
        if not self.references:
            self.heap.taken -= self.elements


@dataclass(eq=False)
class Tensor:
    """A layer's output: the buffers that it lies in, who reads it in all, and the reads that are still to come."""

    buffers: list[Buffer]
    reads: int
    reads_to_come: int = 0
    released: bool = False

    def __post_init__(self) -> None:
        self.reads_to_come = self.reads
        for buffer in self.buffers:
            buffer.tensors.append(self)
            buffer.references += 1

    def may_be_overwritten(self) -> bool:
        """Whether nobody ever reads what lies there but the one who overwrites it."""
        return all(tensor.reads == 1 for buffer in self.buffers for tensor in buffer.tensors)

    def release(self) -> None:
        if not self.released and not self.reads_to_come:
            self.released = True
            for buffer in self.buffers:
                buffer.drop()


def run(graph: Graph) -> Heap:
    """Runs the layers in order; the network's outputs are held to the end."""
    heap = Heap()
    rows = [row for row in graph.rows if not row.is_head]
    layers = [graph.layers[index] for index in sorted(index for row in rows for index in row.layers)]
    reads = Counter(edge for layer in layers for edge in edges(layer))
    reads.update(graph.outputs or [(rows[-1].result, 0)])  # whoever asked for them
    tensors = {}
    first = next(iter(graph.inputs), "input")
    for place, x in enumerate(graph.entering):
        reads[IMAGE - place, 0] += 2  # the caller's: never overwritten
        tensors[IMAGE - place, 0] = Tensor([heap.take(x.elements * graph.batch, first)], reads[IMAGE - place, 0])
    for tensor in list(tensors.values()):
        tensor.reads_to_come -= 2
        tensor.release()
    for index, layer in enumerate(layers):
        inputs = [tensors[edge] for edge in edges(layer)]
        alone = all(x.may_be_overwritten() for x in inputs)
        renames, overwrites = ways(graph, layer)
        written = [layer.output, *layer.others]
        if renames or (alone and (overwrites or layer.op.op == "concat")):
            lie_in = [list({id(buffer): buffer for x in inputs for buffer in x.buffers}.values())] * len(written)
        else:
            lie_in = [[heap.take(x.elements * graph.batch, layer.name)] for x in written]
        made = [Tensor(buffers, reads[index, slot]) for slot, buffers in enumerate(lie_in)]
        tensors |= {(index, slot): tensor for slot, tensor in enumerate(made)}
        for x in inputs:
            x.reads_to_come -= 1
        for x in (*inputs, *made):
            x.release()
    return heap


def ways(graph: Graph, layer: Layer) -> tuple[bool, bool]:
    """Whether a layer renames its input, and whether it may overwrite it; of a node of a file what it says itself."""
    if graph.known is not None:
        return layer.op.view, layer.op.in_place
    return layer.op.op in RENAME, layer.op.op in OVERWRITE


def edges(layer: Layer) -> list[tuple[int, int]]:
    """What a layer reads: whose output, and which of them."""
    return list(zip(layer.inputs, layer.slots or [0] * len(layer.inputs), strict=True))
