"""Two trees of nodes laid over each other: what both share stands once, each difference is a choice between its sides.

An edit is a number. `built(undone)` is the tree of the other spec with the edits in `undone` taken back, so that any
set of edits can be undone, one of them or all.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Protocol

from inception_calc.spec_file.nodes import Mapping as MappingNode
from inception_calc.spec_file.nodes import Node, Scalar
from inception_calc.spec_file.nodes import Sequence as SequenceNode

Undone = Container[int]
"""The edits that are taken back."""


class Choice(Protocol):
    """A value that depends on which edits are undone."""

    def built(self, undone: Undone) -> Node | None:
        """The value; None where there is none."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A value that no edit changes."""

    node: Node

    def built(self, undone: Undone) -> Node | None:
        """The value."""
        return self.node


@dataclass(frozen=True, slots=True)
class Either:
    """A value that one edit decides; None where a side has none."""

    edit: int
    before: Choice | None
    after: Choice | None

    def built(self, undone: Undone) -> Node | None:
        """The value of the side that stands."""
        side = self.before if self.edit in undone else self.after
        return None if side is None else side.built(undone)


Values = dict[str, tuple[Scalar, Choice]]
"""Key -> where it stands, and its value."""


@dataclass(frozen=True, slots=True)
class Keys:
    """A mapping whose order says nothing: settings, symbols, the cells of a row."""

    place: Node
    """Where the mapping stands."""
    values: Values
    is_call: bool = False
    """The cells of a block's call, which is written without a value where there are none."""

    def built(self, undone: Undone) -> Node | None:
        """The mapping with the values that there are."""
        result = MappingNode(self.place.document, self.place.line, self.place.column)
        for key, choice in self.values.values():
            value = choice.built(undone)
            if value is not None:
                result.put(key, value)
        if self.is_call and not result.values:
            return Scalar(self.place.document, self.place.line, self.place.column, "", quoted=False)
        return result


@dataclass(frozen=True, slots=True)
class Item:
    """One row, branch or step of a list, with its index on both sides; None where a side has none."""

    before: int | None
    after: int | None
    choice: Choice
    key: Scalar | None = None
    """Its name, where it has one."""
    edit: int | None = None
    """What added, removed or moved it."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """Rows, branches or steps one after the other, in the order of the other spec, removed ones last."""

    place: Node
    items: Sequence[Item]
    is_named: bool
    is_body: bool = True
    """It is not written in another way where it holds one step or none."""

    def built(self, undone: Undone) -> Node | None:
        """The list; what comes back stands after what it stood after."""
        found = [(item, value) for item in self._order(undone) if (value := item.choice.built(undone)) is not None]
        if self.is_named:
            result = MappingNode(self.place.document, self.place.line, self.place.column)
            for item, value in found:
                assert item.key is not None
                result.put(item.key, value)
            return result
        nodes = [value for _, value in found]
        if len(nodes) < 2 and not self.is_body:
            return nodes[0] if nodes else None
        return SequenceNode(self.place.document, self.place.line, self.place.column, nodes)

    def _order(self, undone: Undone) -> list[Item]:
        stays = [item for item in self.items if item.edit is None]
        order = [item for item in self.items if item.after is not None and item.edit not in undone]
        firm = {item.before: item for item in stays}
        back = [item for item in self.items if item.before is not None and item.edit in undone]
        for item in sorted(back, key=lambda item: item.before or 0):
            assert item.before is not None
            above = next((firm[index] for index in range(item.before - 1, -1, -1) if index in firm), None)
            order.insert(0 if above is None else order.index(above) + 1, item)
            firm[item.before] = item
        return order
