"""Which item of one list is which of another, and which of them moved."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher

MOST_COMPARED = 1_000_000
"""Pairs of items that are looked at; beyond that, lists are paired from the front."""

Pairs = dict[int, int]
"""Index afterwards -> index before."""


def aligned(
    before: Sequence[Hashable],
    after: Sequence[Hashable],
    kinds: tuple[Sequence[Hashable], Sequence[Hashable]] | None,
    pairs: Pairs,
) -> Pairs:
    """`pairs` and what can be paired besides: equal items in order, then items of one kind at one place, then equal
    items anywhere. Without `kinds` all items are of one kind.
    """
    found = dict(pairs)
    _take(found, before, after)
    for old, new in _gaps(found, len(before), len(after)):
        if kinds is not None:
            inside: Pairs = {}
            _take(inside, [kinds[0][index] for index in old], [kinds[1][index] for index in new])
            found |= {new[place]: old[other] for place, other in inside.items()}
    for old, new in _gaps(found, len(before), len(after)):
        if len(old) == len(new) == 1:
            found[new[0]] = old[0]
    used = set(found.values())
    waiting = [index for index in range(len(before)) if index not in used]
    for index in range(len(after)):
        same = next((old for old in waiting if index not in found and before[old] == after[index]), None)
        if same is not None:
            found[index] = same
            waiting.remove(same)
    return found


def _take(found: Pairs, before: Sequence[Hashable], after: Sequence[Hashable]) -> None:
    """Pairs equal items that stand in the same order."""
    used = set(found.values())
    free = [index for index in range(len(before)) if index not in used]
    open_ = [index for index in range(len(after)) if index not in found]
    if len(free) * len(open_) > MOST_COMPARED:
        found |= {new: old for old, new in zip(free, open_, strict=False) if before[old] == after[new]}
        return
    matcher = SequenceMatcher(None, [before[i] for i in free], [after[i] for i in open_], autojunk=False)
    for old, new, size in matcher.get_matching_blocks():
        found |= {open_[new + step]: free[old + step] for step in range(size)}


def _gaps(pairs: Pairs, before: int, after: int) -> Iterator[tuple[list[int], list[int]]]:
    """What is unpaired on both sides between two neighbours that are paired and did not move."""
    firm = [(new, pairs[new]) for new in sorted(unmoved(pairs))]
    used = set(pairs.values())
    last = (-1, -1)
    for new, old in (*firm, (after, before)):
        left = [index for index in range(last[1] + 1, old) if index not in used]
        right = [index for index in range(last[0] + 1, new) if index not in pairs]
        if left and right:
            yield left, right
        last = (new, old)


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
