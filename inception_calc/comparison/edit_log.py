"""The edits that are found, each once, and the choices that they are."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import NamedTuple

from inception_calc.comparison.choices import Choice, Either, Kept, Values
from inception_calc.comparison.model import Edit
from inception_calc.comparison.network_nodes import is_same, location, spot, text_of
from inception_calc.comparison.one_line import cut, told_apart
from inception_calc.spec_file.nodes import Mapping, Node, Scalar


class At(NamedTuple):
    """A place in both specs: its words (`block inception`, `3x3`, `step 2`), the row it stands in, the nodes."""

    words: tuple[str, ...]
    row: str
    before: Node
    after: Node

    def inside(self, before: Node, after: Node, *words: str) -> At:
        """A place below this one."""
        return At((*self.words, *words), self.row, before, after)


class Side(NamedTuple):
    """A value of one spec, and the key that leads to it where there is one."""

    node: Node
    key: Scalar | None = None


Sides = tuple[Side | None, Side | None]
"""A value before and after; None where a side has none."""


def sides_of(before: Mapping, after: Mapping, key: str) -> Sides:
    """What stands under a key."""
    old, new = (Side(node.values[key], node.keys[key]) if key in node.values else None for node in (before, after))
    return old, new


def _texts(sides: Sides) -> tuple[str | None, str | None]:
    """What was written and what is, each in one line."""
    before, after = (None if side is None else text_of(side.node) for side in sides)
    if before is not None and after is not None:
        return told_apart(before, after)
    return before and cut(before), after and cut(after)


def key_of(before: Mapping, after: Mapping, key: str) -> Scalar:
    """Where a key stands: in the new spec where that has it."""
    return (after if key in after.keys else before).keys[key]


class EditLog:
    """Numbers edits in the order in which they are found."""

    def __init__(self) -> None:
        self.edits: list[Edit] = []
        self._known: dict[Hashable, int] = {}

    def edit(self, kind: str, what: str, at: At, field: str, sides: Sides, texts: tuple[str, str] | None = None) -> int:
        """The number of an edit. What shows at several places, in a block and in those like it, is one edit.

        `texts` say what was there before and after where that is not the value itself. What was removed is looked
        for where it stood.
        """
        spots = [None if side is None else spot(side.node) for side in sides]
        key = (kind, field, *spots)
        if key not in self._known:
            self._known[key] = len(self.edits)
            before, after = texts or _texts(sides)
            old, new = sides
            place = location(None, at.after) if new is None else location(new.key, new.node)
            was = None if old is None else location(old.key, old.node)
            self.edits.append(Edit(kind, what, ", ".join(at.words), field, before, after, place, was, at.row))
        return self._known[key]

    def value(self, what: str, at: At, field: str, sides: Sides) -> Choice:
        """A value that is taken as a whole: a count, a window, a flag, a table."""
        old, new = sides
        if old is not None and new is not None and is_same(old.node, new.node):
            return Kept(new.node)
        kind = "added" if old is None else "removed" if new is None else "changed"
        before, after = (None if side is None else Kept(side.node) for side in sides)
        return Either(self.edit(kind, what, at, field, sides), before, after)

    def values(self, what: str, at: At, before: Mapping, after: Mapping, leave_out: Collection[str] = ()) -> Values:
        """All values of a mapping, key by key."""
        return {
            key: (key_of(before, after, key), self.value(what, at, key, sides_of(before, after, key)))
            for key in dict.fromkeys([*after.values, *before.values])
            if key not in leave_out
        }
