"""Attention and recurrent layers walked pair by pair and step by step."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import NamedTuple

Place = tuple[int, ...]


class Products(NamedTuple):
    """What one of the two products of an attention does, of all heads."""

    pairs: int
    multiply_adds: int
    effective_multiply_adds: int


def attention(heads: int, size: int, queries: int, keys: int, sees: Callable[[int, int], bool]) -> Products:
    """Every head multiplies each query with each key, element by element; `sees` says which pairs are not masked."""
    pairs, multiplied, seen = 0, 0, 0
    for _ in range(heads):
        for query in range(queries):
            for key in range(keys):
                pairs += 1
                for _ in range(size):
                    multiplied += 1
                    seen += sees(query, key)
    return Products(pairs, multiplied, seen)


def windowed(heads: int, size: int, sides: Place, window: Place, shifts: Place) -> Products:
    """Queries see the keys of their tile; of a moved tile only those that were neighbours before the move."""
    places = list(product(*map(range, sides)))

    def tile(place: Place) -> Place:
        return tuple(at // side for at, side in zip(place, window, strict=True))

    def came_from(place: Place) -> Place:
        """Which edge a place of the moved map lay at: behind the end of the map the beginning follows."""
        return tuple(at + shift >= side for at, side, shift in zip(place, sides, shifts, strict=True))

    pairs, multiplied, seen = 0, 0, 0
    for _ in range(heads):
        for query in places:
            for key in places:
                if tile(query) == tile(key):
                    pairs += 1
                    multiplied += size
                    seen += size * (came_from(query) == came_from(key))
    return Products(pairs, multiplied, seen)


class Recurrent(NamedTuple):
    """What a recurrent layer has and does."""

    weights: int
    biases: int
    multiply_adds: int


def recurrent(gates: int, features: int, width: int, steps: int, directions: int, biases: int) -> Recurrent:
    weights, vectors, multiplied = set(), set(), 0
    for direction in range(directions):
        for _ in range(steps):
            for gate, unit in product(range(gates), range(width)):
                for source in [("input", c) for c in range(features)] + [("state", u) for u in range(width)]:
                    weights.add((direction, gate, unit, source))
                    multiplied += 1
                for vector in range(biases):
                    vectors.add((direction, gate, unit, vector))
    return Recurrent(len(weights), len(vectors), multiplied)


class Placed(NamedTuple):
    """What becomes of a map or row: its sizes, the numbers that are trained for it, the operations."""

    output: Place
    trained: int
    element_ops: int = 0


def embedding(x: Place, width: int, entries: int) -> Placed:
    _, *sides = x
    table = {(entry, number) for entry in range(entries) for number in range(width)}
    return Placed((width, *sides), len(table))


def positions(x: Place, entries: int | None, learned: bool) -> Placed:
    """A table as long as the map, or longer; each element has one number added."""
    channels, *sides = x
    places = list(product(*map(range, sides)))
    rows = [(entry,) for entry in range(entries)] if entries is not None else places
    table = {(c, *row) for c in range(channels) for row in rows} if learned else set()
    return Placed(x, len(table), sum(1 for _ in range(channels) for _ in places))


def class_token(x: Place, count: int) -> Placed:
    channels, length = x
    row = [*(("token", number) for number in range(count)), *(("position", number) for number in range(length))]
    return Placed((channels, len(row)), len({(c, number) for c in range(channels) for number in range(count)}))


def tokens(x: Place) -> Placed:
    channels, *sides = x
    return Placed((channels, len(list(product(*map(range, sides))))), 0)


def take(x: Place) -> Placed:
    channels, length = x
    return Placed((channels, len(list(range(length))[:1])), 0)
