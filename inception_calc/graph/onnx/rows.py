"""Rows that people recognize: by module where names, metadata or weights say so, else by structure."""

from __future__ import annotations

from collections.abc import Sequence

from inception_calc.graph.model import GraphRow, Layer
from inception_calc.graph.modules import MOST_ROWS, Key, Rows, Work, as_deep_as_lines_allow, graph_rows, work_of
from inception_calc.graph.onnx.layers import Made
from inception_calc.graph.onnx.scopes import by_name, by_weights, joined, pools_on_the_way, without_repeats
from inception_calc.graph.pieces import pieces

MOST = 0.5
"""Where so many of the layers with weights are named, the others stand with their neighbours."""
FEW = 3
"""Fewer modules than that say less than the structure does."""


def with_rows(made: Made) -> tuple[tuple[Layer, ...], tuple[GraphRow, ...]]:
    """The layers with their modules and the names of their rows, and the rows in the order of their first layers."""
    layers = made.layers
    work = work_of(layers, lambda _: ())
    modules, rows = _chosen(made, work)
    names = {index: name for name, indices in zip(rows.names, rows.layers, strict=True) for index in indices}
    placed = tuple(
        layer._replace(row=names[index], module=modules[index] if modules else ()) for index, layer in enumerate(layers)
    )
    return placed, graph_rows(rows, placed)


def _chosen(made: Made, work: Work) -> tuple[Sequence[Key], Rows]:
    """The modules of the layers and the rows by module; by structure where nothing says modules, or too little."""
    scopes, says, inside = _scopes(made, work)
    found: tuple[Sequence[Key], Rows] | None = None
    for known in (says, inside):  # where too many nodes stand outside all modules, these join their neighbours
        modules = joined(scopes, known, work.inputs)
        rows = as_deep_as_lines_allow(modules, work) if any(known) else None
        if rows is not None and len(set(modules)) - len(work.aside) > 1:
            found = modules, rows
            break
    if found is None or _count(found[1], work) < FEW:
        by_structure = pieces(made.layers, work)
        if found is None or _count(found[1], work) < _count(by_structure, work) <= MOST_ROWS:
            return (), by_structure
    return found


def _count(rows: Rows, work: Work) -> int:
    return len(rows.names) - len(work.aside)


def _scopes(made: Made, work: Work) -> tuple[list[Key], list[bool], list[bool]]:
    """For each layer the modules around it, whether its own name makes a row, and whether it stands in one.

    Outside all modules a layer makes a row where its name is more than its operator's; where some names say so much,
    pools make rows too, and layers with weights unless they are the few that are not named.
    """
    layers = made.layers
    paths = [by_name(way) for way in made.ways]
    around = {path[:-1] for path in paths}
    of_weights = _by_weights(
        layers, [index not in work.aside and len(paths[index]) == 1 for index in range(len(paths))]
    )
    scopes: list[Key] = []
    says: list[bool] = []
    inside: list[bool] = []
    for index, (path, noted) in enumerate(zip(paths, made.noted, strict=True)):
        scope = noted or of_weights[index] or (path if path in around else path[:-1])
        scopes.append(without_repeats(path if index in work.aside or not scope else scope))
        inside.append(bool(scope) and index not in work.aside)
        says.append(inside[-1] or (made.named[index] and index not in work.aside))
    if any(says):
        told = [known for known, layer in zip(says, layers, strict=True) if layer.depth]
        joins = sum(told) >= MOST * len(told)
        pools = pools_on_the_way(layers)
        says = [known or pools[index] or bool(layers[index].depth and not joins) for index, known in enumerate(says)]
    for index in work.aside:
        says[index] = inside[index] = True
    return scopes, says, inside


def _by_weights(layers: Sequence[Layer], asked: Sequence[bool]) -> list[Key]:
    """What the names of weights say of the layers that are asked about, without what all of them have in front."""
    found = [by_weights(layer.op.arrays(())) if is_asked else () for layer, is_asked in zip(layers, asked, strict=True)]
    fronts = {scope[0] for scope in found if scope}
    return [scope[1:] for scope in found] if len(fronts) == 1 else found
