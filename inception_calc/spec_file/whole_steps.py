"""Bare words: `softmax` is `{softmax: }` before anything else happens, merging included (language, rule 5)."""

from collections.abc import Callable

from inception_calc.ops.register import BODIES
from inception_calc.spec_file.nodes import Mapping, Node, Scalar, Sequence

REMOVE = "remove"


def is_removal(node: Node) -> bool:
    """True for the unquoted word `remove`."""
    return isinstance(node, Scalar) and node.text == REMOVE and not node.quoted


def with_whole_steps(root: Mapping) -> Mapping:
    """The spec with every bare word that stands for a step written as a mapping, in variants too."""
    spec = _each_value(root, "rows", _whole_step)
    spec = _each_value(spec, "heads", _whole_step)
    spec = _each_value(spec, "blocks", _whole_body)
    return _each_value(spec, "variants", lambda patch: with_whole_steps(patch) if isinstance(patch, Mapping) else patch)


def _each_value(parent: Mapping, key: str, change: Callable[[Node], Node]) -> Mapping:
    child = parent.values.get(key)
    if not isinstance(child, Mapping):
        return parent
    changed = child.copy()
    changed.values = {name: change(node) for name, node in child.values.items()}
    result = parent.copy()
    result.values[key] = changed
    return result


def _whole_step(node: Node) -> Node:
    if isinstance(node, Scalar):
        if node.text == "" or node.quoted or is_removal(node):
            return node
        step = Mapping(node.document, node.line, node.column)
        step.put(node, Scalar(node.document, node.line, node.column + len(node.text), "", quoted=False))
        return step
    return _whole_body(node)


def _whole_body(node: Node) -> Node:
    """A step or block with the bare words below it made whole."""
    if not isinstance(node, Mapping):
        return node
    result = node
    for key in (*BODIES, "then"):
        child = node.values.get(key)
        if child is None:
            continue
        changed: Node
        if isinstance(child, Mapping) and key != "then":
            changed = child.copy()
            changed.values = {name: _whole_branch(item) for name, item in child.values.items()}
        elif isinstance(child, Sequence):
            changed = Sequence(child.document, child.line, child.column, [_whole_branch(item) for item in child.items])
        else:
            changed = _whole_step(child) if key == "then" else child
        result = result.copy() if result is node else result
        result.values[key] = changed
    return result


def _whole_branch(node: Node) -> Node:
    if isinstance(node, Sequence):
        return Sequence(node.document, node.line, node.column, [_whole_step(item) for item in node.items])
    return _whole_step(node)
