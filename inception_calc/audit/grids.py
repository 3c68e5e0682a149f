"""Which sizes a row can leave, whatever its padding: from a printed size before it to the sizes after it.

A window of reach k and stride s, padded by less than k on each side, takes at least ceil((n - k + 1) / s) positions
and at most floor((n + k - 2) / s) + 1.
"""

from inception_calc.graph import Graph, GraphRow, Layer
from inception_calc.ops.convolution import Conv
from inception_calc.ops.max_pool import Pool

Sides = tuple[int, ...]
Range = tuple[Sides, Sides]
"""The smallest and the largest extent along each axis."""


def possible_grids(graph: Graph, row: GraphRow, sides: Sides) -> tuple[Range, tuple[int, ...]] | None:
    """The range of sizes after the row, and the strides above 1 on a path; None where nothing can be said."""
    start: Range = (sides, sides)
    found: dict[int, tuple[Range, tuple[int, ...]]] = {row.source: (start, ())}
    for index in row.layers:
        layer = graph.layers[index]
        before = [found[source] for source in layer.inputs if source in found]
        if not before:
            return None
        strides = before[0][1]
        after = _after(graph, layer, _joined(layer, [sizes for sizes, _ in before]), strides)
        if after is None:
            return None
        found[index] = after
    return found.get(row.result)


def _joined(layer: Layer, branches: list[Range]) -> Range:
    """The sizes at a join: those that all branches can have; of a product the larger ones, its gate is 1x1."""
    lowest, highest = zip(*branches, strict=True)
    most = max if layer.op.op == "product" else min
    return tuple(map(max, zip(*lowest, strict=True))), tuple(map(most, zip(*highest, strict=True)))


def _after(graph: Graph, layer: Layer, sizes: Range, strides: tuple[int, ...]) -> tuple[Range, tuple[int, ...]] | None:
    op = layer.op
    window = op.window if isinstance(op, Conv | Pool) else None
    if window is not None:
        lowest, highest = sizes
        reach = [d * (k - 1) + 1 for k, d in zip(window.kernel_size, window.dilation, strict=True)]
        steps = window.stride
        low = tuple(max(1, -(-(n - k + 1) // s)) for n, k, s in zip(lowest, reach, steps, strict=True))
        high = tuple((n + k - 2) // s + 1 for n, k, s in zip(highest, reach, steps, strict=True))
        return (low, high), strides + ((max(steps),) if max(steps) > 1 else ())
    if all(side == 1 for side in layer.output.sides):  # global pools, linear layers, vectors
        return (layer.output.sides, layer.output.sides), strides
    if layer.output.sides != graph.map_of(layer.inputs[0]).sides:
        return None  # what enlarges a map has other bounds
    return sizes, strides
