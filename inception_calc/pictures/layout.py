"""Where the boxes of a network stand: modules from top to bottom, the branches of one side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from inception_calc.analysis import Analysis
from inception_calc.graph import Graph
from inception_calc.pictures.chain import Box, Folded, Part, boxes_of, folded, parts_of
from inception_calc.pictures.numbers import shown
from inception_calc.report.text import visible

WIDTH, HEIGHT, GAP, BETWEEN = 164, 36, 22, 14
"""Of a box; below it; and beside it."""
HEAD = 26
"""Room for the name of a frame."""
MOST_BOXES = 900
"""More are not drawn: a picture that long says nothing more."""


class Placed(NamedTuple):
    """A box or a frame at its place. `layers` are those of all repeats."""

    x: float
    y: float
    width: float
    height: float
    name: str
    kind: str
    layers: tuple[int, ...]


class Drawing(NamedTuple):
    """Everything at its place, and how large it is."""

    boxes: tuple[Placed, ...]
    frames: tuple[Placed, ...]
    paths: tuple[str, ...]
    """Arrows, as SVG writes paths."""
    width: float
    height: float
    left_out: int
    """Layers that are not drawn."""


class _Pen:
    """Draws part below part, around a middle line; turned into places when the width is known."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.y = 0.0
        self.boxes: list[Placed] = []
        self.frames: list[Placed] = []
        self.paths: list[str] = []
        self.wide = WIDTH / 2.0

    def arrow(self, points: Sequence[tuple[float, float]]) -> None:
        """A line through points, straight down or bent between two of them."""
        (x, y), *rest = points
        text = f"M{x:g},{y:g}"
        for to_x, to_y in rest:
            if to_x == x:
                text += f"L{to_x:g},{to_y:g}"
            else:
                middle = (y + to_y) / 2
                text += f"C{x:g},{middle:g} {to_x:g},{middle:g} {to_x:g},{to_y:g}"
            x, y = to_x, to_y
        self.paths.append(text)


def drawing_of(analysis: Analysis) -> Drawing:
    """The network, its heads of training below it."""
    graph = analysis.graph
    pen = _Pen(graph)
    left_out = 0
    for layers in (range(graph.stop), *(row.layers for row in graph.rows if row.is_head)):
        boxes = boxes_of(graph, layers)
        for fold in folded(parts_of(graph, boxes)):
            if len(pen.boxes) > MOST_BOXES:
                left_out += sum(len(boxes[place].layers) for part in fold.all_parts for place in part.boxes)
                continue
            _draw(pen, boxes, fold)
        pen.y += GAP
    return Drawing(tuple(pen.boxes), tuple(pen.frames), tuple(pen.paths), 2 * pen.wide + 16, max(pen.y, 40.0), left_out)


def _draw(pen: _Pen, boxes: Sequence[Box], fold: Folded) -> None:
    """The parts of a fold, in a frame where they are more than a box."""
    alone = len(fold.parts) == 1 and len(fold.parts[0].boxes) == 1 and fold.times == 1
    top = pen.y
    if _reads_before(boxes, fold.parts[0]):
        inside = HEAD - (GAP / 2 if len(fold.parts[0].boxes) > 1 else 0)
        pen.arrow([(0, pen.y - GAP), (0, pen.y + (0 if alone else inside))])
    if not alone:
        pen.y += HEAD
    half = WIDTH / 2.0
    for number, part in enumerate(fold.parts):
        repeats = fold.all_parts[number :: len(fold.parts)]
        if number and _reads_before(boxes, part):
            pen.arrow([(0, pen.y - GAP), (0, pen.y - (GAP / 2 if len(part.boxes) > 1 else 0))])
        half = max(half, _draw_part(pen, boxes, part, repeats))
    pen.wide = max(pen.wide, half + 8)
    if not alone:
        layers = tuple(index for part in fold.all_parts for place in part.boxes for index in boxes[place].layers)
        times = f" x{fold.times}" if fold.times > 1 else ""
        name = shown(_rows(pen.graph, layers)) + times
        pen.frames.append(Placed(-half - 8, top, 2 * half + 16, pen.y - top - GAP + 8, name, "", layers))
        pen.y += 8


def _reads_before(boxes: Sequence[Box], part: Part) -> bool:
    """Whether it reads what stands above it: a network of several outputs may have parts that do not."""
    return any(0 <= source < part.boxes[0] for place in part.boxes for source in boxes[place].inputs)


def _rows(graph: Graph, layers: Sequence[int]) -> str:
    """`3a`, `4b to 4e`."""
    names = list(dict.fromkeys(graph.layers[index].row for index in layers))
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"


def _draw_part(pen: _Pen, boxes: Sequence[Box], part: Part, repeats: Sequence[Part]) -> float:
    """The boxes of a part; how far it reaches to each side."""
    first = part.boxes[0]
    ranks = _ranks(boxes, part)
    columns, wide = _columns(boxes, part, ranks)
    step = WIDTH + BETWEEN
    deep = max(ranks.values()) + 1
    at: dict[int, tuple[float, float]] = {}
    for place in part.boxes:
        x, y = (columns[place] - (wide - 1) / 2) * step, pen.y + ranks[place] * (HEIGHT + GAP)
        at[place] = x, y
        members = tuple(index for one in repeats for index in boxes[one.boxes[place - first]].layers)
        name, kind = _label(pen.graph, boxes[place])
        pen.boxes.append(Placed(x - WIDTH / 2, y, WIDTH, HEIGHT, name, kind, members))
    for place in part.boxes:
        x, y = at[place]
        for source in boxes[place].inputs:
            inside = source in at
            from_x, from_y = (at[source][0], at[source][1] + HEIGHT) if inside else (0.0, pen.y - GAP / 2)
            above = ranks[source] if inside else -1
            points = [(from_x, from_y)]
            if ranks[place] - above > 1:  # past other boxes
                lane = (columns.get((source, place), columns.get(source, 0.0)) - (wide - 1) / 2) * step
                points += [(lane, from_y + GAP / (1 if inside else 2)), (lane, y - GAP)]
            if inside or len(part.boxes) > 1:
                pen.arrow([*points, (x, y)])
    pen.y += deep * (HEIGHT + GAP)
    return wide * step / 2


def _ranks(boxes: Sequence[Box], part: Part) -> dict[int, int]:
    """How many boxes lie above each one, on the longest way."""
    ranks: dict[int, int] = {}
    for place in part.boxes:
        ranks[place] = 1 + max((ranks[source] for source in boxes[place].inputs if source in ranks), default=-1)
    return ranks


def _columns(boxes: Sequence[Box], part: Part, ranks: dict[int, int]) -> tuple[dict[object, float], int]:
    """The column of each box, and of each line that passes boxes; and how many there are.

    A branch keeps its column, a further reader gets one beside it; a join stands in the middle of what it joins.
    """
    order: list[object] = []
    column: dict[object, object] = {}
    continued: set[int] = set()
    for place in part.boxes:
        inside = [source for source in boxes[place].inputs if source in ranks]
        lines = [source for source in boxes[place].inputs if ranks[place] - ranks.get(source, -1) > 1]
        for source in lines:
            if source not in ranks or source in continued or _reads_on(boxes, part, source, place, ranks):
                column[source, place] = (source, place)
                beside = order.index(column[source]) + 1 if source in column else len(order)
                while beside < len(order) and _is_within(order[beside], source, ranks):
                    beside += 1  # lines that end first run inside
                order.insert(beside, (source, place))
        if len(inside) == 1 and inside[0] not in continued:
            column[place] = column[inside[0]]
            continued.add(inside[0])
        elif len(boxes[place].inputs) > 1:
            column[place] = column[inside[0]] if inside else place
            if not inside:
                order.append(place)
            continued.update(inside)
        else:
            order.insert(order.index(column[inside[0]]) + 1 if inside else len(order), place)
            column[place] = place
    placed = {key: float(order.index(where)) for key, where in column.items()}
    for place in part.boxes:
        ends = [placed[source] for source in boxes[place].inputs if source in placed and (source, place) not in placed]
        if len(ends) > 1 and _is_alone(part, ranks, place):
            placed[place] = (min(ends) + max(ends)) / 2
    last = part.boxes[-1]
    if _is_alone(part, ranks, last):  # where everything passes
        placed[last] = (len(order) - 1) / 2
    return placed, len(order)


def _is_within(lane: object, source: int, ranks: dict[int, int]) -> bool:
    """Whether a column is that of a line that begins below a box."""
    return isinstance(lane, tuple) and ranks.get(lane[0], -1) > ranks.get(source, -1)


def _reads_on(boxes: Sequence[Box], part: Part, source: int, place: int, ranks: dict[int, int]) -> bool:
    """Whether another box below reads a box first, so that a line to a later one must go around."""
    return any(source in boxes[other].inputs and ranks[other] < ranks[place] for other in part.boxes if other != place)


def _is_alone(part: Part, ranks: dict[int, int], place: int) -> bool:
    return sum(ranks[other] == ranks[place] for other in part.boxes) == 1


def _label(graph: Graph, box: Box) -> tuple[str, str]:
    """The last part of its name; what it is, with what is written into its output."""
    layer = graph.layers[box.layers[0]]
    name = layer.name.rpartition("/")[2] or layer.name
    more = "".join(f" + {graph.layers[index].op.op}" for index in box.layers[1:])
    kind = f"{box.kind[0].strip()}{more}"
    return shown(name), "" if kind == name else visible(kind)
