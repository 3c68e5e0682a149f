"""Nodes -> YAML that is read as the same nodes: plain scalars stay plain, for quotes would make a count a text."""

from __future__ import annotations

import json
import re

from inception_calc.spec_file.nodes import Mapping, Node, Scalar, Sequence

PLAIN_KEY = re.compile(r"[A-Za-z0-9_][\w ./+-]*")
FLOW_SAFE = re.compile(r"[\w./+*%()'-][\w ./+*%()'-]*|")
"""What may stand plain between brackets."""


def yaml_text(root: Mapping) -> str:
    """The mapping in block style, lists of plain words in one line."""
    return "".join(f"{line}\n" for line in _mapping(root))


def _mapping(node: Mapping) -> list[str]:
    lines: list[str] = []
    for key, value in node.values.items():
        lines += _with_head(f"{_key(key)}:", value)
    return lines


def _with_head(head: str, node: Node) -> list[str]:
    """A value behind its key or dash."""
    if isinstance(node, Scalar):
        text = _scalar(node)
        return [f"{head} {text}" if text else head]
    if isinstance(node, Sequence):
        if (line := _in_one_line(node)) is not None:
            return [f"{head} {line}"]
        return [head, *(f"  {line}" for item in node.items for line in _with_head("-", item))]
    assert isinstance(node, Mapping)
    if not node.values:
        return [f"{head} {{}}"]
    return [head, *(f"  {line}" for line in _mapping(node))]


def _in_one_line(node: Sequence) -> str | None:
    """A list of words between brackets; None where it has other things."""
    texts: list[str] = []
    for item in node.items:
        if not isinstance(item, Scalar) or not (item.quoted or FLOW_SAFE.fullmatch(item.text)):
            return None
        texts.append(_scalar(item))
    return f"[{', '.join(texts)}]"


def _scalar(node: Scalar) -> str:
    return json.dumps(node.text) if node.quoted else node.text


def _key(text: str) -> str:
    return text if PLAIN_KEY.fullmatch(text) else json.dumps(text)
