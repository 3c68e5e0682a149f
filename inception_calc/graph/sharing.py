"""Weights that several layers use: where a layer's come from, and whether they fit.

A layer's arrays (kernel, biases, scales and statistics) are held by one layer and may be used by others: they count
once, at the holder, and the work counts at each use. Source: Bromley et al., "Signature verification using a 'siamese'
time delay neural network" (1993); Press and Wolf, "Using the output embedding to improve language models" (2017),
whose classifier uses an embedding's matrix turned round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from inception_calc.dims import Dim, Shape, factor_text, same
from inception_calc.ops.layer import LayerOp
from inception_calc.ops.nodes import Array
from inception_calc.problems import Fault, Path, listed, nearest

ALL_LAYERS = "`inception-calc table SPEC --by layer`"
NO_HOLDERS: Mapping[str, int] = MappingProxyType({})
"""A layer that holds all its arrays."""


class Named(NamedTuple):
    """`weights of: TEXT`: the layer called so, or below it the one with the rest of the name."""

    path: Path
    text: str
    own: str
    """The name of the step that takes the weights."""

    def lender(self, name: str, index: int, names: Mapping[str, int]) -> int:
        """The layer that lends; names are looked up from the innermost step outwards, as they are written last."""
        rest = name[len(self.own) :]
        for around in _around(self.own):
            found = names.get(f"{around}{self.text}{rest}")
            if found is not None:
                return found
        parts = [] if rest else self._parts(names)
        if parts:
            what = f"'{self.text}' is not one layer; which one's weights '{name}' uses must be said"
            raise Fault("unknown-layer", what, fix=f"write {listed(parts, 'or', all_in=ALL_LAYERS)}")
        what = f"there is no layer '{self.text}{rest}' above, whose weights '{name}' could use"
        raise Fault("unknown-layer", what, fix=nearest(self.text + rest, names) or "write ROW or ROW/LAYER")

    def _parts(self, names: Mapping[str, int]) -> list[str]:
        """The layers of the nearest row, branch or step that is called so; none where nothing is called so."""
        for around in _around(self.own):
            below = f"{around}{self.text}/"
            if found := [name[len(around) :] for name in names if name.startswith(below)]:
                return found
        return []


class InOrder(NamedTuple):
    """`shared: true`: the layer at the same place of the first repetition, or of the block's first call."""

    path: Path
    first: range
    start: int
    """The first layer of this repetition or call."""

    def lender(self, name: str, index: int, names: Mapping[str, int]) -> int:
        """The layer that lends."""
        place = index - self.start
        if place >= len(self.first):
            what = f"'{name}' has no layer to share weights with: the first time there are {len(self.first)} layers"
            raise Fault("weights-differ", what, fix="leave 'shared' out")
        return self.first[place]


Sharing = Named | InOrder


def _around(own: str) -> Iterator[str]:
    """`a/b/`, `a/` and nothing, of the step `a/b/c`."""
    while "/" in own:
        own = own.rpartition("/")[0]
        yield f"{own}/"
    yield ""


class Holder(NamedTuple):
    """A layer whose arrays may be used by others."""

    name: str
    place: int
    """Its index in the graph."""
    holders: Mapping[str, int]
    """Of arrays that it takes from others itself: which layers hold them."""
    arrays: tuple[Array, ...]


def taken(
    name: str,
    op: LayerOp,
    maps: tuple[Shape, ...],
    lender: int,
    holder_at: Callable[[int], Holder],
    own_bias: bool,
) -> tuple[LayerOp, dict[str, int]]:
    """The layer with the lender's weights: the operation, and for each array the layer that holds it.

    A bias that is written beside the step is the layer's own where the lender's does not fit; where none is written,
    the layer has one as the lender has. Raises a `Fault` that names both layers where shapes do not fit.
    """
    found: dict[str, int] = {}
    lent = holder_at(lender)
    for array in held(op, maps):
        holder = holder_at(lent.holders.get(array.name, lender))
        theirs = next((one for one in holder.arrays if one.name == array.name), None)
        if theirs is not None and fits(array, theirs):
            found[array.name] = holder.place
        elif array.role == "biases" and found and own_bias:
            continue
        elif array.role == "biases" and found and theirs is None:
            op = replace(op, bias=False)  # type: ignore[type-var]
        else:
            raise _misfit(name, array, holder.name, theirs)
    return op, found


def held(op: LayerOp, maps: tuple[Shape, ...]) -> Iterator[Array]:
    """The arrays of a layer that are params or buffers."""
    return (array for array in op.arrays(maps) if array.role != "fixed")


def fits(array: Array, other: Array) -> bool:
    """Whether two arrays have one shape; a matrix may be used turned round."""
    return _equal(array.shape, other.shape) or is_turned(array, other)


def is_turned(array: Array, other: Array) -> bool:
    """Whether one matrix is the other one turned round, rows for columns."""
    return len(array.shape) == 2 and array.shape != other.shape and _equal(array.shape[::-1], other.shape)


def _equal(first: Sequence[Dim], second: Sequence[Dim]) -> bool:
    return len(first) == len(second) and all(map(same, first, second))


def _misfit(name: str, array: Array, other: str, theirs: Array | None) -> Fault:
    what = f"'{other}' has no {array.name}" if theirs is None else f"the {array.name} of '{other}' is {_text(theirs)}"
    fix = "give both the same window, filters and input channels"
    if len(array.shape) == 2:
        fix = "give both the same units and inputs, or the one's units for the other's inputs"
    if array.role == "biases":
        fix = "write bias: true for a bias of its own, or bias: false"
    return Fault("weights-differ", f"{what}; '{name}' needs {_text(array)}", fix=fix)


def _text(array: Array) -> str:
    return "x".join(map(factor_text, array.shape))
