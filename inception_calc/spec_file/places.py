"""Paths of keys <-> nodes: plain values for the models, and places for faults."""

from __future__ import annotations

from typing import Any

from inception_calc.ops.fields import LostText, Quoted
from inception_calc.problems import Fault, Location, Path, Problem
from inception_calc.spec_file.nodes import Lost, Mapping, Node, Scalar, Sequence


def plain(node: Node) -> Any:
    """The node as texts, lists and mappings, which is what the models read."""
    if isinstance(node, Scalar):
        return Quoted(node.text) if node.quoted else node.text
    if isinstance(node, Mapping):
        return {key: plain(value) for key, value in node.values.items()}
    if isinstance(node, Lost):
        return LostText()
    assert isinstance(node, Sequence)
    return [plain(item) for item in node.items]


def find(root: Node, path: Path) -> tuple[Node, Scalar | None]:
    """The node at `path` and the key that leads to it; as deep as the path goes."""
    node, key = root, None
    for place, part in enumerate(path):
        if isinstance(node, Mapping) and str(part) in node.values:
            key = node.keys[str(part)]
            node = node.values[str(part)]
        elif isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
            key, node = None, node.items[part]
        elif isinstance(node, Sequence) and len(node.items) == 1:  # a list of one stands for its item
            return find(node.items[0], path[place:])
        elif part != 0 or not isinstance(node, Scalar | Mapping):
            break
    return node, key


def location_of(root: Node, path: Path, span: tuple[int, int] | None = None, at_key: bool = False) -> Location:
    """Where the value at `path` (or its key) stands."""
    node, key = find(root, path)
    if at_key and key is not None:
        return key.location()
    if isinstance(node, Scalar):
        if node.text == "" and key is not None:
            return key.location()
        return node.location(span)
    return key.location() if key is not None and node.line != key.line else node.location()


def problem_of(root: Mapping, fault: Fault) -> Problem:
    """The fault with its place."""
    place = location_of(root, fault.path, fault.span, fault.at_key)
    notes = fault.notes
    blocks = root.values.get("blocks")
    if fault.code == "unknown-symbol" and fault.path[:1] == ("blocks",) and isinstance(blocks, Mapping):
        used = blocks.keys[str(fault.path[1])].location()
        if used.file != place.file:  # rule 16: a block that is used brings no symbols; the use is to blame
            notes = (*notes, f"read in {place.file}, line {place.line}")
            place = used
    return Problem(fault.code, fault.what, place, fault.fix, notes)
