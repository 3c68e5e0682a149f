"""Heads of an attention: how many pairs of queries and keys they look at, with what is masked and what is cached."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from inception_calc.dims import Dim, Shape, Sides, axis_names, exact_quotient, product
from inception_calc.primitives.matrix import Attended


class Pairs(NamedTuple):
    """Pairs of a query and a key, of one head."""

    unmasked: Dim
    """How many of them are not masked."""
    formula: str
    values: Mapping[str, Dim]


@dataclass(frozen=True, slots=True)
class Heads:
    """What both products of an attention know."""

    heads: Dim
    groups: Dim
    """Heads of keys and values."""
    size: Dim
    causal: bool = False
    cached: Dim = 0
    window: Sides = ()
    shifts: Sides = ()
    """By how much the tiles are moved along each axis; empty where they are not."""
    parted: Dim = 0
    """The channels that the heads must divide evenly; 0 where the size of a head is said."""

    def keys(self, memory: Shape) -> Dim:
        """How many keys a query meets."""
        return product(self.window) if self.window else memory.positions + self.cached

    def pairs(self, sides: Sides, keys: Dim) -> Pairs:
        """The pairs that are not masked, of one head, for queries on a map of these sides."""
        queries = product(sides)
        if self.shifts:
            along = [_unmasked(*axis) for axis in zip(sides, self.window, self.shifts, strict=True)]
            values = {f"pairs_{axis}": count for axis, count in zip(axis_names(len(sides)), along, strict=True)}
            return Pairs(product(along), "*".join(values), values)
        if not self.causal:
            return Pairs(queries * keys, "queries*keys", {"queries": queries, "keys": keys})
        if self.window:
            count = exact_quotient(queries * (keys + 1), 2)
            formula, values = "queries*(keys + 1)//2", {"queries": queries, "keys": keys}
        else:
            count = queries * self.cached + exact_quotient(queries * (queries + 1), 2)
            formula, values = "queries*cached + queries*(queries + 1)//2", {"queries": queries, "cached": self.cached}
        if not isinstance(queries, int) or not isinstance(keys, int):  # a half of symbols is no formula of integers
            return Pairs(count, "unmasked", {"unmasked": count})
        return Pairs(count, formula, values)

    def does(self, sides: Sides, keys: Dim) -> Attended:
        """The products of all heads."""
        return Attended(self.heads, product(sides), keys, self.size, *self.pairs(sides, keys))

    @property
    def cache(self) -> Dim:
        """The numbers in the cache, of keys or of values."""
        return self.groups * self.size * self.cached


def _unmasked(side: Dim, tile: Dim, shift: Dim) -> Dim:
    """Pairs along one axis: whole tiles, and the last, in which two edges of the map meet and do not see each other."""
    tiles = exact_quotient(side, tile)
    return (tiles - 1) * tile * tile + shift * shift + (tile - shift) * (tile - shift)
