"""Rows of a network whose names say nothing: from one place where a single value passes to the next."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from inception_calc.graph.model import Layer
from inception_calc.graph.modules import Copies, Rows, Work
from inception_calc.graph.tandem import Units, repeats

LARGEST = 0.5
"""A piece that holds more of all layers than this is no row: each convolution starts one."""


def pieces(layers: Sequence[Layer], work: Work, fold: bool = True) -> Rows:
    """Copies of blocks, and between them a row for each block, convolution or pool with what follows it."""
    proper = [index for index in range(len(layers)) if index not in work.aside]
    units = Units(
        [work.signatures[index] for index in proper],
        [[index] for index in proper],
        work.inputs,
        [int(work.have_weights[index]) for index in proper],
    )
    rows = Rows([], [], [])
    place = 0
    for repeat in repeats(units) if fold else ():
        _between(layers, units, range(place, repeat.start), rows)
        copies = proper[repeat.start : repeat.stop]
        first, last = _main(layers, copies[: repeat.period]), _main(layers, copies[-repeat.period :])
        rows.add(f"{first} to {last}", copies, Copies(repeat.copies, repeat.period))
        place = repeat.stop
    _between(layers, units, range(place, len(proper)), rows)
    for index in sorted(work.aside):
        rows.add(layers[index].name, [index])
    return rows


def _between(layers: Sequence[Layer], units: Units, stretch: range, rows: Rows) -> None:
    """Adds the rows of layers that are no copies."""
    cuts = [place for place in stretch if units.crossing[place] <= 1 and _starts(layers, units, place)]
    edges = [stretch.start, *[cut for cut in cuts if cut > stretch.start], stretch.stop]
    piece: list[int] = []
    for start, stop in pairwise(edges):
        indices = [units.nodes[place][0] for place in range(start, stop)]
        if any(layers[index].depth or layers[index].op.is_pool for index in indices):
            _piece(layers, piece, rows, LARGEST * len(units.nodes))
            piece = []
        piece += indices  # x * sigmoid(x) stands with what makes x
    _piece(layers, piece, rows, LARGEST * len(units.nodes))


def _piece(layers: Sequence[Layer], indices: list[int], rows: Rows, largest: float) -> None:
    if len(indices) <= largest:
        _add(layers, indices, rows)
    else:
        _runs(layers, indices, rows)


def _starts(layers: Sequence[Layer], units: Units, place: int) -> bool:
    """Whether a row may start at a layer: one with weights, a pool, or one of several that read the same value."""
    layer = layers[units.nodes[place][0]]
    return bool(layer.depth) or layer.op.is_pool or units.readers_at(place, len(units.nodes)) > 1


def _runs(layers: Sequence[Layer], indices: Sequence[int], rows: Rows) -> None:
    """A row for each convolution or matrix product, with what follows it up to the next."""
    run: list[int] = []
    for index in indices:
        if run and layers[index].depth:
            _add(layers, run, rows)
            run = []
        run.append(index)
    _add(layers, run, rows)


def _add(layers: Sequence[Layer], indices: list[int], rows: Rows) -> None:
    if indices:
        rows.add(_main(layers, indices), indices)


def _main(layers: Sequence[Layer], indices: Sequence[int]) -> str:
    """The name of the first layer with weights; else of the first of all."""
    return layers[next((index for index in indices if layers[index].depth), indices[0])].name
