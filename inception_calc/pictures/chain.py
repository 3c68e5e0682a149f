"""A network as a paper draws it: boxes, modules of branches between two places that everything passes, repeats folded.

A box is a layer with what is written into its output (batch norm, activation). Where every path goes through one box,
the network is cut: between two cuts lies a single box or a module. Modules that follow one another and are built
alike, whatever their filter counts, are drawn once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from inception_calc.dims import formula_text
from inception_calc.graph import Graph, Layer

LONGEST_PERIOD = 12
"""Parts of what repeats: a residual network's stage begins with another block, and all others are alike."""


class Box(NamedTuple):
    """One box: its layers, the first of which gives it its name, and the boxes that enter it."""

    layers: tuple[int, ...]
    inputs: tuple[int, ...]
    """Places of boxes; -1 for what enters the network."""
    kind: tuple[str, ...]
    """What it is built of, without its filter count: equal kinds look the same."""


class Part(NamedTuple):
    """What lies between two cuts: boxes by their places, the last of which everything passes."""

    boxes: tuple[int, ...]
    shape: tuple[object, ...]
    """What it is built like: kinds, and who enters whom."""


class Folded(NamedTuple):
    """Parts in a row that are drawn once; `times` how often they follow one another."""

    parts: tuple[Part, ...]
    times: int
    all_parts: tuple[Part, ...]


def boxes_of(graph: Graph, layers: Sequence[int]) -> list[Box]:
    """The boxes of some layers, in the order of execution."""
    wanted = set(layers)
    readers: dict[int, int] = dict.fromkeys(layers, 0)
    for index in layers:
        for source in graph.layers[index].inputs:
            if source in wanted:
                readers[source] += 1
    place_of: dict[int, int] = {}
    gathered: list[list[int]] = []
    for index in layers:
        layer = graph.layers[index]
        source = layer.inputs[0] if len(layer.inputs) == 1 and layer.op.in_place else -1
        if source in wanted and readers[source] == 1 and graph.layers[source].row == layer.row:
            place_of[index] = place_of[source]
            gathered[place_of[source]].append(index)
            continue
        place_of[index] = len(gathered)
        gathered.append([index])
    boxes = []
    for members in gathered:
        sources = [place_of.get(source, -1) for source in graph.layers[members[0]].inputs]
        kind = tuple(_kind(graph, graph.layers[index]) for index in members)
        boxes.append(Box(tuple(members), tuple(dict.fromkeys(sources)), kind))
    return boxes


def _kind(graph: Graph, layer: Layer) -> str:
    entering = graph.inputs_of(layer)
    return f"{layer.op.op} {layer.op.patch(entering[0]) if entering else ''}"


def parts_of(graph: Graph, boxes: Sequence[Box]) -> list[Part]:
    """The boxes between the places that everything passes. What enters the network may be read anywhere."""
    furthest = list(range(len(boxes)))
    for place, box in enumerate(boxes):
        for source in box.inputs:
            if source >= 0:
                furthest[source] = max(furthest[source], place)
    parts, start, reach = [], 0, 0
    for place in range(len(boxes)):
        if reach <= place:
            parts.append(_part(graph, boxes, range(start, place + 1)))
            start = place + 1
        reach = max(reach, furthest[place])
    if start < len(boxes):  # several outputs
        parts.append(_part(graph, boxes, range(start, len(boxes))))
    return parts


def _part(graph: Graph, boxes: Sequence[Box], places: range) -> Part:
    built = tuple(
        (boxes[p].kind, tuple(s - places.start if s >= places.start else -1 for s in boxes[p].inputs)) for p in places
    )
    sides = graph.layers[boxes[places[-1]].layers[-1]].output.sides
    return Part(tuple(places), (built, tuple(map(formula_text, sides))))


def folded(parts: Sequence[Part]) -> Iterator[Folded]:
    """The parts, those that repeat one another once: what saves most is folded first."""
    place = 0
    while place < len(parts):
        period, times = max(_repeats(parts, place), key=lambda pair: (pair[0] * (pair[1] - 1), -pair[0]))
        taken = tuple(parts[place : place + period * times])
        yield Folded(taken[:period], times, taken)
        place += period * times


def _repeats(parts: Sequence[Part], place: int) -> Iterator[tuple[int, int]]:
    """(1, 1), and every period with which something repeats here that is more than a single box twice."""
    yield 1, 1
    for period in range(1, min(LONGEST_PERIOD, (len(parts) - place) // 2) + 1):
        shapes = [part.shape for part in parts[place : place + period]]
        times = 1
        while [part.shape for part in parts[place + period * times : place + period * (times + 1)]] == shapes:
            times += 1
        boxes = sum(len(part.boxes) for part in parts[place : place + period])
        if times > 1 and (boxes > 2 or times > 2):
            yield period, times
