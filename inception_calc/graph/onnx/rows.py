"""Rows that people recognize: layers by the module that their names say, or run by run where they say none."""

from __future__ import annotations

from collections.abc import Sequence

from inception_calc.graph.model import GraphRow, Layer
from inception_calc.graph.onnx.layers import ARITHMETIC, NOT_TAKEN, in_row

MOST_ROWS = 30
"""More lines than that nobody reads at a glance."""
ENOUGH = 8
"""So many lines show where the costs sit; fewer are split into their inner modules where there is room."""
DEEPEST = 12

ASIDE = (ARITHMETIC, NOT_TAKEN)

Key = tuple[str, ...]


def with_rows(
    layers: Sequence[Layer], ways: Sequence[Key], named: Sequence[bool]
) -> tuple[tuple[Layer, ...], tuple[GraphRow, ...]]:
    """The layers with the names of their rows, and the rows in the order of their first layers."""
    keys = _keys(layers, ways, named)
    rows: dict[Key, list[int]] = {}
    for index, key in enumerate(keys):
        rows.setdefault(key, []).append(index)
    names = _names(list(rows))
    placed = tuple(in_row(layer, names[key]) for layer, key in zip(layers, keys, strict=True))
    return placed, tuple(_row(names[key], indices, placed) for key, indices in rows.items())


def _keys(layers: Sequence[Layer], ways: Sequence[Key], named: Sequence[bool]) -> list[Key]:
    """For each layer the row that it belongs to: no deeper in the modules than it takes to see where costs sit."""
    is_aside = [layer.op.op in ASIDE for layer in layers]
    paths = [tuple(part for one in way for part in one.partition(";")[0].split("/") if part) for way in ways]
    modules = {path[:-1] for path in paths}
    scopes = _joined([_scope(path, modules) for path in paths], named)
    chosen = _as_deep_as_lines_allow(scopes)
    if not chosen:  # too many nodes stand outside all modules
        inside = [len(path) > 1 or path in modules or aside for path, aside in zip(paths, is_aside, strict=True)]
        chosen = _as_deep_as_lines_allow(_joined(scopes, inside))
    proper = {key for aside, key in zip(is_aside, chosen, strict=False) if not aside}
    if len(proper) > 1:
        return chosen
    return [(layer.name,) for layer in layers] if len(layers) <= MOST_ROWS else _runs(layers)


def _scope(path: Key, modules: set[Key]) -> Key:
    """The modules that a name says: `/layer1/layer1.0/conv1/Conv` is layer1.0, conv1.

    A part that its inner part repeats is left out, and so is the operator's own name, unless it is a module to others.
    """
    scope = path if path in modules else path[:-1] or path
    return tuple(part for part, inner in zip(scope, [*scope[1:], ""], strict=True) if not inner.startswith(f"{part}."))


def _joined(scopes: Sequence[Key], known: Sequence[bool]) -> list[Key]:
    """The scopes, those that say nothing being that of the layer in front of them."""
    joined: list[Key] = []
    nearest: Key = next((scope for scope, is_known in zip(scopes, known, strict=True) if is_known), ())
    for scope, is_known in zip(scopes, known, strict=True):
        nearest = scope if is_known else nearest
        joined.append(nearest or scope)
    return joined


def _as_deep_as_lines_allow(scopes: Sequence[Key]) -> list[Key]:
    """The fronts of the scopes that make enough rows, or as many as there may be; none where these are too many."""
    chosen: list[Key] = []
    for depth in range(1, DEEPEST + 1):
        keys = [scope[:depth] for scope in scopes]
        rows = len(set(keys))
        if rows > MOST_ROWS:
            break
        chosen = keys
        if rows >= ENOUGH:
            break
    return chosen


def _runs(layers: Sequence[Layer]) -> list[Key]:
    """A row for each convolution or matrix product, with what follows it up to the next."""
    keys: list[Key] = []
    for layer in layers:
        starts = not keys or layer.depth or layer.op.op in ASIDE
        keys.append((layer.name,) if starts else keys[-1])
    return keys


def _names(keys: list[Key]) -> dict[Key, str]:
    """Names of rows without what all of them have in front."""
    proper = [key for key in keys if key[0] not in ASIDE]
    shared = 0
    while len(proper) > 1 and all(len(key) > shared + 1 and key[shared] == proper[0][shared] for key in proper):
        shared += 1
    return {key: "/".join(key[shared:] if key in proper else key) for key in keys}


def _row(name: str, indices: list[int], layers: Sequence[Layer]) -> GraphRow:
    first, last = layers[indices[0]], layers[indices[-1]]
    kind = _kind([layers[index] for index in indices])
    source = first.inputs[0] if first.inputs else -1
    patches = [patch for index in indices if (patch := layers[index].op.patch(layers[index].output))]
    patch = patches[0] if len(patches) == 1 else ""
    return GraphRow(name, kind, kind, patch, {}, frozenset(), (), indices, source, indices[-1], last.output)


def _kind(layers: list[Layer]) -> str:
    """The operator of the only layer, or of the only one with weights; else `12 layers`."""
    main = layers if len(layers) == 1 else [layer for layer in layers if layer.depth]
    return main[0].op.op if len(main) == 1 else f"{len(layers)} layers"
