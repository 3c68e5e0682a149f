"""What of a spec's nodes says something about the network, and the words and places of nodes in an edit."""

from __future__ import annotations

from collections.abc import Mapping

from inception_calc.ops.register import COMMON
from inception_calc.ops.step import operator_key
from inception_calc.problems import Location
from inception_calc.spec_file.nodes import Mapping as MappingNode
from inception_calc.spec_file.nodes import Node, Scalar
from inception_calc.spec_file.nodes import Sequence as SequenceNode

SECTIONS = ("name", "input", "symbols", "defaults", "blocks", "rows", "heads")
PROSE = ("label", "patch", "printed", "loss weight")
"""Keys of rows, heads and blocks that say nothing about the network."""


def network_of(root: MappingNode) -> MappingNode:
    """The sections that say what the network is, without labels and printed cells."""
    result = with_values(root, {key: node for key, node in root.values.items() if key in SECTIONS})
    for key in ("blocks", "rows", "heads"):
        named = result.values.get(key)
        if isinstance(named, MappingNode):
            result.values[key] = with_values(named, {name: _bare(node) for name, node in named.values.items()})
    return result


def _bare(node: Node) -> Node:
    if not isinstance(node, MappingNode) or not any(key in node.values for key in PROSE):
        return node
    return with_values(node, {key: value for key, value in node.values.items() if key not in PROSE})


def with_values(node: MappingNode, values: Mapping[str, Node]) -> MappingNode:
    """The mapping with these values, under keys that it has."""
    result = MappingNode(node.document, node.line, node.column)
    result.values = dict(values)
    result.keys = {key: node.keys[key] for key in values}
    return result


def section(node: MappingNode, key: str) -> MappingNode:
    """A mapping of a spec; an empty one where it is not written."""
    found = node.values.get(key)
    return found if isinstance(found, MappingNode) else MappingNode(node.document, node.line, node.column)


def items_of(node: Node | None) -> list[Node]:
    """The steps of a list, which may be one step alone."""
    if node is None:
        return []
    return node.items if isinstance(node, SequenceNode) else [node]


def operator_of(node: Node, blocks: Mapping[str, Node]) -> str | None:
    """The operator or block of a step or block; of a list, that of its first step."""
    first = next(iter(items_of(node)), None)
    if not isinstance(first, MappingNode):
        return None
    return operator_key((key for key in first.values if key not in (*COMMON, *PROSE, "after")), blocks)


def columns_of_block(node: Node | None) -> list[str]:
    """The columns that a block declares."""
    columns = node.values.get("columns") if isinstance(node, MappingNode) else None
    return [item.text for item in items_of(columns) if isinstance(item, Scalar)]


def text_of(node: Node) -> str:
    """A value as a spec has it, on one line."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, SequenceNode):
        return f"[{', '.join(map(text_of, node.items))}]"
    assert isinstance(node, MappingNode)
    if len(node.values) == 1 and text_of(next(iter(node.values.values()))) == "":
        return next(iter(node.values))
    return f"{{{', '.join(f'{key}: {text_of(value)}'.rstrip() for key, value in node.values.items())}}}"


def is_same(before: Node, after: Node) -> bool:
    """Whether both say the same."""
    return before is after or text_of(before) == text_of(after)


def location(key: Scalar | None, node: Node) -> Location:
    """Where a value stands: itself where it is a text, else its key."""
    if key is not None and not (isinstance(node, Scalar) and node.text):
        return key.location()
    first = next(iter(items_of(node)), node)
    return (first if isinstance(first, MappingNode) else node).location()


def spot(node: Node | None) -> tuple[str, int, int] | None:
    """What tells the place of a value from all others."""
    return None if node is None else (node.document.file, node.line, node.column)
