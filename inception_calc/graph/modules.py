"""Rows by module: layers whose module paths start alike, copies of a block that follow each other in one row."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple

from inception_calc.dims import Shape
from inception_calc.graph.model import GraphRow, Layer
from inception_calc.graph.tandem import Units, repeats

MOST_ROWS = 30
"""More lines than that nobody reads at a glance."""
ENOUGH = 5
"""So many lines show where the costs sit; fewer are split into their inner modules where there is room."""
DEEPEST = 12

Key = tuple[str, ...]


class Copies(NamedTuple):
    """How many copies of a block a row holds, and how many layers are in each."""

    number: int
    size: int


ONE = Copies(1, 0)
"""A row that is no block's copies."""


class Rows(NamedTuple):
    """Rows, each a set of layers, in the order of their first layers."""

    names: list[str]
    layers: list[list[int]]
    copies: list[Copies]

    def add(self, name: str, layers: list[int], copies: Copies = ONE) -> None:
        """A further row."""
        self.names.append(name)
        self.layers.append(layers)
        self.copies.append(copies)


class Work(NamedTuple):
    """What is known of layers when rows are made of them."""

    inputs: Sequence[Sequence[int]]
    signatures: Sequence[Hashable]
    have_weights: Sequence[bool]
    aside: frozenset[int]
    """Layers that read nothing and are read by none, and that stand in rows of their own: shape arithmetic."""


def work_of(layers: Sequence[Layer], inputs_of: Callable[[Layer], tuple[Shape, ...]]) -> Work:
    """What is known of these layers; `inputs_of` gives what enters one."""
    return Work(
        [layer.inputs for layer in layers],
        [signature(layer, inputs_of(layer)) for layer in layers],
        [bool(layer.depth) for layer in layers],
        frozenset(index for index, layer in enumerate(layers) if layer.op.moves_nothing and not layer.inputs),
    )


def signature(layer: Layer, inputs: tuple[Shape, ...]) -> Hashable:
    """What makes two layers copies of each other: operator, settings, sizes of weights."""
    op = layer.op
    held = tuple([(array.role, array.shape) for array in op.arrays(inputs) if array.role != "constants"])
    return op.op, tuple([(name, str(value)) for name, value in (op.facts() or {}).items()]), held


def as_deep_as_lines_allow(modules: Sequence[Key], work: Work, fold: bool = True) -> Rows | None:
    """The least depth that makes enough rows, or as many as there may be; None where these are too many."""
    chosen: Rows | None = None
    before = 0
    for depth in range(1, DEEPEST + 1):
        names = len({module[:depth] for index, module in enumerate(modules) if index not in work.aside})
        if names == before:
            continue
        before = names
        rows = at_depth(modules, depth, work, fold)
        if len(rows.names) > MOST_ROWS:
            break
        chosen = rows
        if names >= ENOUGH:
            break
    return chosen


def at_depth(modules: Sequence[Key], depth: int, work: Work, fold: bool) -> Rows:
    """The rows at a depth."""
    groups: dict[Key, list[int]] = {}
    for index, module in enumerate(modules):
        groups.setdefault(module[:depth], []).append(index)
    keys = _without_front([key for key, indices in groups.items() if indices[0] not in work.aside])
    names = {key: "/".join(keys.get(key, key)) for key in groups}
    return folded([(names[key], indices) for key, indices in groups.items()], work, fold)


def _without_front(keys: list[Key]) -> dict[Key, Key]:
    """Names of rows without what all of them have in front."""
    shared = 0
    while len(keys) > 1 and all(len(key) > shared + 1 and key[shared] == keys[0][shared] for key in keys):
        shared += 1
    return {key: key[shared:] for key in keys}


def folded(named: Sequence[tuple[str, list[int]]], work: Work, fold: bool = True) -> Rows:
    """Rows with those joined that are copies of a block, where `fold` says so."""
    proper = [(name, indices) for name, indices in named if indices[0] not in work.aside]
    aside = [(name, indices) for name, indices in named if indices[0] in work.aside]
    rows = Rows([], [], [])
    place = 0
    for repeat in repeats(_units([indices for _, indices in proper], work)) if fold else ():
        _take(rows, proper[place : repeat.start])
        copies = [proper[start : start + repeat.period] for start in range(repeat.start, repeat.stop, repeat.period)]
        layers = sorted(index for copy in copies for _, indices in copy for index in indices)
        rows.add(_name(copies, rows.names), layers, Copies(repeat.copies, len(layers) // repeat.copies))
        place = repeat.stop
    _take(rows, proper[place:])
    if fold:
        rows = _closed(rows, work)
    _take(rows, aside)
    return rows


def _take(rows: Rows, plain: Iterable[tuple[str, list[int]]]) -> None:
    for name, indices in plain:
        rows.add(name, indices)


def _units(groups: Sequence[list[int]], work: Work) -> Units:
    return Units(
        [tuple([work.signatures[index] for index in indices]) for indices in groups],
        groups,
        work.inputs,
        [sum(work.have_weights[index] for index in indices) for indices in groups],
    )


def _closed(rows: Rows, work: Work) -> Rows:
    """The rows with those joined that are copies of a block, whichever row which of its layers is in.

    A few layers without weights that stand with them stay: a mask that is made for all copies.
    """
    plain = [place for place, copies in enumerate(rows.copies) if copies is ONE]
    owner = {index: place for place in plain for index in rows.layers[place]}
    order = sorted(owner)
    joined: dict[int, tuple[list[int], Copies]] = {}
    gone: set[int] = set()
    for repeat in repeats(_units([[index] for index in order], work)):
        inside = order[repeat.start : repeat.stop]
        touched = sorted({owner[index] for index in inside})
        if sum(len(rows.layers[place]) for place in touched) - len(inside) >= repeat.period:
            continue
        whole = sorted(index for place in touched for index in rows.layers[place])
        rest = [index for index in set(whole).difference(inside) if work.have_weights[index]]
        if not rest and gone.isdisjoint(touched):
            joined[touched[0]] = whole, Copies(repeat.copies, repeat.period)
            gone.update(touched)
    found = Rows([], [], [])
    for place, row in enumerate(zip(rows.names, rows.layers, rows.copies, strict=True)):
        if place in joined:
            found.add(rows.names[place], *joined[place])
        elif place not in gone:
            found.add(*row)
    return found


def _name(copies: Sequence[Sequence[tuple[str, list[int]]]], taken: Iterable[str]) -> str:
    """`layer1.1 to layer1.2`: what the rows of the first and of the last copy have in common."""
    first, last = (_common([name for name, _ in copy]) for copy in (copies[0], copies[-1]))
    name = first if first == last else f"{first} to {last}"
    if not first or not last or name in taken:
        name = f"{copies[0][0][0]} to {copies[-1][-1][0]}"
    return name


def _common(names: Sequence[str]) -> str:
    """The modules that all names start with."""
    paths = [name.split("/") for name in names]
    shared = 0
    while all(len(path) > shared and path[shared] == paths[0][shared] for path in paths):
        shared += 1
    return "/".join(paths[0][:shared])


def graph_rows(rows: Rows, layers: Sequence[Layer]) -> tuple[GraphRow, ...]:
    """The rows as those of a graph."""
    return tuple([_row(*row, layers) for row in zip(rows.names, rows.layers, rows.copies, strict=True)])


def _row(name: str, indices: list[int], copies: Copies, layers: Sequence[Layer]) -> GraphRow:
    first, last = layers[indices[0]], layers[indices[-1]]
    kind = _kind([layers[index] for index in indices], copies)
    source = first.inputs[0] if first.inputs else -1
    patches = [patch for index in indices if (patch := layers[index].op.patch(layers[index].output))]
    patch = patches[0] if len(patches) == 1 else ""
    return GraphRow(
        name, kind, kind, patch, {}, frozenset(), (), indices, source, indices[-1], last.output, repeat=copies.number
    )


def _kind(layers: list[Layer], copies: Copies) -> str:
    """The operator of the only layer, or of the only one with weights; else `12 layers`, `8 x 12 layers`."""
    heavy = [layer for layer in layers if layer.depth]
    if copies is not ONE:
        each = heavy[0].op.op if len(heavy) == copies.number else f"{copies.size} layers"
        rest = len(layers) - copies.number * copies.size
        return f"{copies.number} x {each}" + (f" + {rest}" if rest else "")
    main = layers if len(layers) == 1 else heavy
    return main[0].op.op if len(main) == 1 else f"{len(layers)} layers"
