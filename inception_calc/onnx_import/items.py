"""The steps of the spec that is written, as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from inception_calc.onnx_import.windows import Accepted, Value

WINDOWED = frozenset(
    {
        "convolution",
        "depthwise convolution",
        "separable convolution",
        "transposed convolution",
        "max pool",
        "average pool",
    }
)
MOST_REPEATED = 100
"""Steps of one copy."""


@dataclass(frozen=True, slots=True)
class Item:
    """A step: an operator with its settings, a join with its branches, or a sequence."""

    word: str
    argument: Value = ""
    settings: tuple[tuple[str, Accepted], ...] = ()
    branches: tuple[tuple[str, tuple[Item, ...]], ...] = ()
    steps: tuple[Item, ...] = ()
    repeat: str = "1"
    name: str = field(default="", compare=False)
    """What the file calls it, without what is in front of it."""
    label: str = field(default="", compare=False)
    """The module that it stands in, of the row's own modules; of several steps in a row it is the name of this one."""
    part: int = field(default=-1, compare=False)
    """The part that it is."""

    @property
    def stride(self) -> str:
        """Of a window, `2`; empty where it has none."""
        return str(dict(self.settings).get("stride", ("",))[0])

    def parts(self) -> Iterator[int]:
        """The parts in it, in the order in which the spec makes layers of them."""
        for _, branch in self.branches:
            for item in branch:
                yield from item.parts()
        for item in self.steps:
            yield from item.parts()
        if self.part >= 0:
            yield self.part


def named(chain: tuple[Item, ...]) -> list[tuple[str, Item]] | None:
    """The steps under names that differ, where joins and single steps mix; None for a plain list of steps."""
    if len(chain) < 2 or not any(item.branches or item.steps for item in chain):
        return None
    taken: set[str] = set()
    found = []
    for item in chain:
        base = item.label or item.name or _plain_name(item)
        name, number = base, 1
        while name in taken:
            number += 1
            name = f"{base} {number}"
        taken.add(name)
        found.append((name, item))
    return found


def _plain_name(item: Item) -> str:
    if item.steps:
        return "steps"
    return str(item.argument) if item.word in WINDOWED and item.argument != "global" else item.word


def in_a_row(items: tuple[Item, ...]) -> Item:
    """One step, or a sequence of steps."""
    return items[0] if len(items) == 1 else Item("sequence", steps=items)


def folded(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The steps, copies that follow each other as one that is repeated."""
    found: list[Item] = []
    place = 0
    while place < len(items):
        best = (1, 1)
        for size in range(1, min(MOST_REPEATED, (len(items) - place) // 2) + 1):
            copies = 1
            block = items[place : place + size]
            while items[place + copies * size : place + (copies + 1) * size] == block:
                copies += 1
            if copies > 1 and copies * size > best[0] * best[1]:
                best = (copies, size)
        copies, size = best
        step = in_a_row(items[place : place + size])
        found.append(replace(step, repeat=str(copies)) if copies > 1 else step)
        place += copies * size
    return tuple(found)


def repeats_nothing(item: Item) -> bool:
    """Whether no step in it takes the output of a row: such ones cannot be copied."""
    inner = [one for _, branch in item.branches for one in branch]
    return item.word not in ("output of", "input") and all(map(repeats_nothing, (*inner, *item.steps)))
