"""Peak activation memory: the largest sum of live tensors over the execution order.

Layers run in the order of the graph, branch after branch in file order (a depth-first topological order). A tensor
lives from the layer that writes it to the last layer that reads it; the input counts. A layer that can overwrite its
input does so where nobody else reads it, a view has no memory of its own, and a concatenation has none where every
input was written for it alone (design, section 2). Heads of training are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from inception_calc.dims import Dim, at_most, total
from inception_calc.graph import IMAGE, Graph
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


def needs_memory(graph: Graph, stop: int | None = None) -> list[bool]:
    """For each of the first `stop` layers (all by default) whether its output needs memory of its own."""
    layers = graph.layers[:stop]
    readers = [0] * len(layers)
    for layer in layers:
        for source in layer.inputs:
            if source >= 0:
                readers[source] += 1
    if 0 <= graph.result < len(readers):
        readers[graph.result] += 1  # whoever asked for it
    needs: list[bool] = []
    private: list[bool] = []  # whether nothing else is read where the output lies
    for layer in layers:
        alone = all(source >= 0 and readers[source] == 1 and private[source] for source in layer.inputs)
        in_place = layer.op.in_place or layer.op.op == "concat"
        needs.append(not (layer.op.view or (in_place and alone)))
        private.append(alone or not layer.op.view)
    return needs


class Tensor(NamedTuple):
    """Memory of its own: the layer that writes it (an input below zero), and the layers while it is alive."""

    written: int
    elements: Dim
    """For the whole batch."""
    first: int
    last: int


def tensors(graph: Graph) -> tuple[Tensor, ...]:
    """Every tensor that has memory at inference, in the order of writing; which they are no free size decides."""
    _, last_read = _lives(graph)
    return tuple(
        Tensor(buffer, graph.map_of(buffer).elements * graph.batch, 0, last)
        if buffer < 0
        else Tensor(buffer, graph.layers[buffer].elements * graph.batch, buffer, last)
        for buffer, last in last_read.items()
        if last >= 0
    )


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
    held = tuple((graph.name_of(b, INPUT_NAME), elements(b)) for b, last in last_read.items() if b <= at <= last)
    return Peak(most, graph.name_of(at, INPUT_NAME), held, tuple(live))


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


SizeOf = Callable[[int], Dim]
"""The size of what a layer writes, or, below zero, of an input."""


def _elements(graph: Graph) -> SizeOf:
    return lambda index: (graph.entering[IMAGE - index] if index < 0 else graph.layers[index]).elements * graph.batch


def _byte_size(graph: Graph) -> SizeOf:
    assert graph.known is not None
    sizes = graph.known.bytes
    assert sizes is not None
    return lambda index: sizes.inputs[IMAGE - index] if index < 0 else sizes.of_layer(index)


def _lives(graph: Graph) -> tuple[list[bool], dict[int, int]]:
    """Whether each layer's output has memory of its own, and for each tensor the last layer that reads it."""
    stop = graph.stop
    buffers: list[frozenset[int]] = []  # the tensors that a layer's output lies in, by the layer that wrote them
    last_read = {IMAGE - place: -1 for place in range(len(graph.entering))}
    own = needs_memory(graph, stop)
    for index, layer in enumerate(graph.layers[:stop]):
        read = frozenset().union(*(frozenset((s,)) if s < 0 else buffers[s] for s in layer.inputs))
        for buffer in read:
            last_read[buffer] = index
        buffers.append(frozenset((index,)) if own[index] else read)
        if own[index]:
            last_read[index] = index
    if stop:
        for buffer in (graph.result,) if graph.result < 0 else buffers[graph.result]:
            last_read[buffer] = stop - 1
    return own, last_read


def _alive(
    graph: Graph, own: Sequence[bool], last_read: dict[int, int], size_of: SizeOf
) -> tuple[dict[int, Dim], list[Dim]]:
    """The size of each tensor, by the layer that writes it, and of all that are alive, before and in each layer."""
    alive = {IMAGE - place: size_of(IMAGE - place) for place in range(len(graph.entering))}
    ends: dict[int, list[int]] = {}
    for buffer, last in last_read.items():
        ends.setdefault(last, []).append(buffer)
    live = total(alive.values())
    lives = [live]
    for unread in ends.get(IMAGE, ()):  # an input that nobody reads is given back before anything runs
        live = live - alive[unread]
    for index in range(graph.stop):
        if own[index]:
            alive[index] = size_of(index)
            live = live + alive[index]
        lives.append(live)
        for buffer in ends.get(index, ()):
            live = live - alive[buffer]
    return alive, lives


def _larger(first: Dim, second: Dim) -> bool:
    if isinstance(first, int) and isinstance(second, int):
        return first > second
    no_larger = at_most(first, second)
    if no_larger is None:
        what = "the peak of live activations depends on a free symbol"
        raise Undecided(Problem("free-symbol", what, None, "set every size"))
    return not no_larger
