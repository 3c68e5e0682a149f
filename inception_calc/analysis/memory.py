"""Peak activation memory: the largest sum of live tensors over the execution order.

Layers run in the order of the graph, branch after branch in file order (a depth-first topological order). A tensor
lives from the layer that writes it to the last layer that reads it; the input counts. A layer that can overwrite its
input does so where nobody else reads it, a view has no memory of its own, and a concatenation has none where every
input was written for it alone (design, section 2). Of several outputs of a layer each lives by itself, and all outputs
of the network to the end. Heads of training are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, repeat
from typing import NamedTuple

from inception_calc.dims import Dim, at_most, total
from inception_calc.graph import IMAGE, Graph, Layer
from inception_calc.problems import Problem, Undecided

INPUT_NAME = "input"


class Peak(NamedTuple):
    """The most that is alive, the layer that runs then, and the tensors that are alive.

    In elements, or in bytes where tensors of a file have types of their own.
    """

    largest: Dim
    layer: str
    alive: tuple[tuple[str, Dim], ...]
    """Name of the layer that wrote each tensor (`input` for the image) and its elements."""
    live: tuple[Dim, ...]
    """For each layer what is alive while it runs."""


Edge = tuple[int, int]
"""A layer (an input of the network below zero), and which of its outputs."""
SizeOf = Callable[[Edge], Dim]
"""The size of an output of a layer, or of an input."""


def edges_into(layer: Layer) -> Iterator[Edge]:
    """What a layer reads."""
    return zip(layer.inputs, layer.slots or repeat(0), strict=False)


def needs_memory(graph: Graph, stop: int | None = None) -> list[bool]:
    """For each of the first `stop` layers (all by default) whether its outputs need memory of their own."""
    layers = graph.layers[:stop]
    edges = [tuple(edges_into(layer)) for layer in layers]
    readers = Counter(chain.from_iterable(edges))
    readers.update(graph.ends)  # whoever asked for them
    needs: list[bool] = []
    private: list[bool] = []  # whether nothing else is read where the outputs lie
    for layer, read in zip(layers, edges, strict=True):
        alone = all(edge[0] >= 0 and readers[edge] == 1 and private[edge[0]] for edge in read)
        in_place = layer.op.in_place or layer.op.op == "concat"
        needs.append(not (layer.op.view or (in_place and alone)))
        private.append(alone or not layer.op.view)
    return needs


class Tensor(NamedTuple):
    """Memory of its own: the layer that writes it (an input below zero), and the layers while it is alive."""

    written: int
    bytes: Dim
    """For the whole batch."""
    first: int
    last: int


def tensors(graph: Graph, element_size: int) -> tuple[Tensor, ...]:
    """Every tensor that has memory at inference, in the order of writing; which they are no free size decides.

    With `element_size` bytes for each number, or in its own type where that is 0.
    """
    _, last_read = _lives(graph)
    elements = _elements(graph)
    own: SizeOf = (lambda edge: elements(edge) * element_size) if element_size else _byte_size(graph)
    return tuple(Tensor(edge[0], own(edge), max(edge[0], 0), last) for edge, last in last_read.items() if last >= 0)


def peak_activation(graph: Graph, in_bytes: bool = False) -> Peak:
    """The peak at inference, batch included; raises `Undecided` where free sizes cannot be compared.

    `in_bytes` adds up bytes, of a file that says them for each tensor.
    """
    own, last_read = _lives(graph)
    _, (most, *live) = _alive(graph, own, last_read, _byte_size(graph) if in_bytes else _elements(graph))
    at = IMAGE
    for index, size in enumerate(live):
        if _larger(size, most):
            most, at = size, index
    elements = _elements(graph)
    held: dict[str, list[Dim]] = {}  # all outputs of a layer together
    for edge, last in last_read.items():
        if edge[0] <= at <= last:
            held.setdefault(graph.name_of(edge[0], INPUT_NAME), []).append(elements(edge))
    named = tuple((name, total(sizes)) for name, sizes in held.items())
    return Peak(most, graph.name_of(at, INPUT_NAME), named, tuple(live))


def live_elements(graph: Graph) -> list[Dim]:
    """The elements that are alive before the first layer, then while each layer runs at inference, batch included.

    The largest of them is the peak, also where free sizes cannot be compared.
    """
    return _alive(graph, *_lives(graph), _elements(graph))[1]


def live_bytes(graph: Graph, element_size: int) -> list[Dim]:
    """The same in bytes: `element_size` for each number, or those of each tensor where that is 0."""
    if element_size:
        return [elements * element_size for elements in live_elements(graph)]
    return _alive(graph, *_lives(graph), _byte_size(graph))[1]


def _elements(graph: Graph) -> SizeOf:
    return lambda edge: graph.shape_of(*edge).elements * graph.batch


def _byte_size(graph: Graph) -> SizeOf:
    sizes = graph.bytes
    assert sizes is not None
    return lambda edge: sizes.inputs[IMAGE - edge[0]] if edge[0] < 0 else sizes.outputs[edge[0]][edge[1]]


def _lives(graph: Graph) -> tuple[list[bool], dict[Edge, int]]:
    """Whether each layer's outputs have memory of their own, and for each tensor the last layer that reads it."""
    stop = graph.stop
    buffers: list[frozenset[Edge]] = []  # the tensors that a layer's outputs lie in, where they have no memory
    last_read = {(IMAGE - place, 0): -1 for place in range(len(graph.entering))}
    own = needs_memory(graph, stop)

    def lies_in(edge: Edge) -> frozenset[Edge]:
        return frozenset((edge,)) if edge[0] < 0 or own[edge[0]] else buffers[edge[0]]

    for index, layer in enumerate(graph.layers[:stop]):
        read = frozenset[Edge]().union(*map(lies_in, edges_into(layer)))
        last_read.update(dict.fromkeys(read, index))
        buffers.append(frozenset() if own[index] else read)
        if own[index]:
            last_read |= {(index, slot): index for slot in range(1 + len(layer.others))}
    for end in graph.ends if stop else ():
        last_read |= dict.fromkeys(lies_in(end), stop - 1)
    return own, last_read


def _alive(
    graph: Graph, own: Sequence[bool], last_read: dict[Edge, int], size_of: SizeOf
) -> tuple[dict[Edge, Dim], list[Dim]]:
    """The size of each tensor, and of all that are alive, before the first layer and in each."""
    alive = {edge: size_of(edge) for edge in last_read}
    ends: dict[int, list[Edge]] = {}
    for edge, last in last_read.items():
        ends.setdefault(last, []).append(edge)
    live = total(size for edge, size in alive.items() if edge[0] < 0)
    lives = [live]
    for unread in ends.get(IMAGE, ()):  # an input that nobody reads is given back before anything runs
        live = live - alive[unread]
    for index in range(graph.stop):
        if own[index]:
            live = live + total(alive[index, slot] for slot in range(1 + len(graph.layers[index].others)))
        lives.append(live)
        for edge in ends.get(index, ()):
            live = live - alive[edge]
    return alive, lives


def _larger(first: Dim, second: Dim) -> bool:
    if isinstance(first, int) and isinstance(second, int):
        return first > second
    no_larger = at_most(first, second)
    if no_larger is None:
        what = "the peak of live activations depends on a free symbol"
        raise Undecided(Problem("free-symbol", what, None, "set every size"))
    return not no_larger
