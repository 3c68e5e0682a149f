"""The rows of `--by module`: of any network, at any depth."""

from __future__ import annotations

from inception_calc.graph.model import Graph, GraphRow
from inception_calc.graph.modules import Key, as_deep_as_lines_allow, at_depth, graph_rows, work_of
from inception_calc.graph.pieces import pieces


def rows_by_module(graph: Graph, depth: int | None = None, fold: bool = True) -> tuple[GraphRow, ...]:
    """The layers of a network by module, so deep; None for as deep as it takes to see where costs sit.

    Where a file says no modules, its structure makes the rows.
    """
    work = work_of(graph.layers, graph.inputs_of)
    if not graph.says_modules:
        return graph_rows(pieces(graph.layers, work, fold), graph.layers)
    modules = _modules(graph)
    rows = as_deep_as_lines_allow(modules, work, fold) if depth is None else None
    return graph_rows(rows or at_depth(modules, depth or 1, work, fold), graph.layers)


def _modules(graph: Graph) -> list[Key]:
    """For each layer the modules around it. A spec says them in names; what `conv1` expands to stands with it."""
    paths = [layer.module or tuple(layer.name.split("/")) for layer in graph.layers]
    whole = set(paths)
    return [next(path[:end] for end in range(1, len(path) + 1) if path[:end] in whole) for path in paths]
