"""Rows and blocks that only go by another name, and the old spec under the new names, so that no more differs by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from inception_calc.comparison.align import unmoved
from inception_calc.comparison.network_nodes import is_same, items_of, operator_of, section
from inception_calc.ops.register import BODIES
from inception_calc.spec_file.nodes import Mapping as MappingNode
from inception_calc.spec_file.nodes import Node, Scalar
from inception_calc.spec_file.nodes import Sequence as SequenceNode


class Renames(NamedTuple):
    """Old name -> new name."""

    rows: dict[str, str]
    blocks: dict[str, str]


def renames(before: MappingNode, after: MappingNode, rows: Mapping[str, str]) -> Renames:
    """What was renamed. `rows` are the new rows with the old one that each was taken for, by place and shape."""
    found: dict[str, str] = {}
    for key in ("rows", "heads"):
        old, new = section(before, key), section(after, key)
        order = {name: index for index, name in enumerate(old.values)}
        pairs = {index: order[rows[name]] for index, name in enumerate(new.values) if rows.get(name) in order}
        firm = unmoved(pairs)
        for index, name in enumerate(new.values):
            was = rows.get(name, name)
            if index in pairs and was != name and (index in firm or is_same(old.values[was], new.values[name])):
                found[was] = name
    return Renames(found, _blocks(before, after, {**rows, **{new: old for old, new in found.items()}}))


def _blocks(before: MappingNode, after: MappingNode, rows: Mapping[str, str]) -> dict[str, str]:
    """Blocks that are the same, or that every row that called one now calls in its place."""
    old, new = section(before, "blocks"), section(after, "blocks")
    gone = [name for name in old.values if name not in new.values]
    come = [name for name in new.values if name not in old.values]
    found: dict[str, str] = {}
    for was in gone:
        same = [now for now in come if now not in found.values() and is_same(old.values[was], new.values[now])]
        calls = {
            operator_of(row, new.values)
            for name, row in section(after, "rows").values.items()
            if operator_of(section(before, "rows").values.get(rows.get(name, name), row), old.values) == was
        }
        called = [now for now in come if calls == {now} and now not in found.values()]
        for now in (*same, *called)[:1]:
            found[was] = now
    return found


def with_names(root: MappingNode, names: Renames) -> MappingNode:
    """The old spec under the new names."""
    if not names.rows and not names.blocks:
        return root
    rewriter = _Rewriter(names, section(root, "blocks").values)
    result = root.copy()
    for key in ("rows", "heads", "blocks"):
        if key in root.values:
            own = names.blocks if key == "blocks" else names.rows
            result.values[key] = _rekeyed(section(root, key), own, rewriter.step)
    return result


class _Rewriter:
    """Puts new names where steps call blocks or take the output of rows."""

    def __init__(self, names: Renames, blocks: Mapping[str, Node]) -> None:
        self.names = names
        self.blocks = blocks

    def step(self, node: Node) -> Node:
        """A step, a block, or a list of steps."""
        if isinstance(node, SequenceNode):
            return SequenceNode(node.document, node.line, node.column, [self.step(item) for item in node.items])
        if not isinstance(node, MappingNode):
            return node
        called = operator_of(node, self.blocks)
        result = _rekeyed(node, self.names.blocks if called in self.names.blocks else {}, lambda value: value)
        for key, value in result.values.items():
            if key == "then":
                result.values[key] = self.step(value)
            elif key in BODIES:
                result.values[key] = self._children(value)
            elif key in ("output of", "after") and isinstance(value, Scalar):
                result.values[key] = _renamed(value, self.names.rows)
        return result

    def _children(self, node: Node) -> Node:
        if isinstance(node, MappingNode):
            return _rekeyed(node, {}, self.step)
        return SequenceNode(node.document, node.line, node.column, [self.step(item) for item in items_of(node)])


def _rekeyed(node: MappingNode, names: Mapping[str, str], change: Callable[[Node], Node]) -> MappingNode:
    result = MappingNode(node.document, node.line, node.column)
    for key, value in node.values.items():
        result.put(_renamed(node.keys[key], names), change(value))
    return result


def _renamed(scalar: Scalar, names: Mapping[str, str]) -> Scalar:
    new = names.get(scalar.text)
    return scalar if new is None else Scalar(scalar.document, scalar.line, scalar.column, new, scalar.quoted)
