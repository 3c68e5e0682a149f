"""Which item of one list is which of another, and which of them moved."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from itertools import takewhile

MOST_COMPARED = 40_000
"""Pairs of items that are looked at; beyond that, the middles of two lists are paired from the front."""
ANOTHER, ANOTHER_KIND, ALONE = 4, 7, 4
"""What it costs to take an item for another of its kind, for one of another kind (still less than to add one and to
remove one), and to leave one alone.
"""

Pairs = dict[int, int]
"""Index afterwards -> index before."""
Items = Sequence[tuple[Hashable, Hashable]]
"""What each item says, and its kind."""


def aligned(before: Items, after: Items) -> Pairs:
    """The pairs that leave least to add, remove or change; then equal items that are left, which moved."""
    head = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    rest = min(len(before), len(after)) - head
    ends = zip(reversed(before), reversed(after), strict=False)
    tail = min(rest, sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], ends)))
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    found = {index: index for index in range(head)}
    found |= {len(after) - index: len(before) - index for index in range(1, tail + 1)}
    if len(old) * len(new) > MOST_COMPARED:
        found |= {head + index: head + index for index in range(min(len(old), len(new)))}
    else:
        found |= {head + two: head + one for two, one in _cheapest(old, new).items()}
    return _with_moved(found, before, after)


def _cheapest(before: Items, after: Items) -> Pairs:
    """The cheapest pairs that keep the order, by the table of all beginnings of both lists."""
    costs = [[ALONE * column for column in range(len(after) + 1)]]
    for row, one in enumerate(before, 1):
        line = [ALONE * row]
        for column, two in enumerate(after, 1):
            paired = costs[row - 1][column - 1] + _cost(one, two)
            line.append(min(paired, costs[row - 1][column] + ALONE, line[column - 1] + ALONE))
        costs.append(line)
    found: Pairs = {}
    row, column = len(before), len(after)
    while row and column:
        here = costs[row][column]
        if here == costs[row - 1][column - 1] + _cost(before[row - 1], after[column - 1]):
            row, column = row - 1, column - 1
            found[column] = row
        elif here == costs[row - 1][column] + ALONE:
            row -= 1
        else:
            column -= 1
    return found


def _cost(one: tuple[Hashable, Hashable], other: tuple[Hashable, Hashable]) -> int:
    if one[0] == other[0]:
        return 0
    return ANOTHER if one[1] == other[1] else ANOTHER_KIND


def _with_moved(pairs: Pairs, before: Items, after: Items) -> Pairs:
    found, used = dict(pairs), set(pairs.values())
    waiting: dict[Hashable, list[int]] = {}
    for index, item in enumerate(before):
        if index not in used:
            waiting.setdefault(item[0], []).append(index)
    for index, item in enumerate(after):
        if index not in found and waiting.get(item[0]):
            found[index] = waiting[item[0]].pop(0)
    return found


def unmoved(pairs: Pairs) -> set[int]:
    """The items (by index afterwards) of a longest run that keeps its order; all others moved."""
    tails: list[int] = []
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for new in sorted(pairs):
        place = bisect_left(tails, pairs[new])
        before[new] = ends[place - 1] if place else None
        tails[place : place + 1] = [pairs[new]]
        ends[place : place + 1] = [new]
    found: set[int] = set()
    index = ends[-1] if ends else None
    while index is not None:
        found.add(index)
        index = before[index]
    return found
