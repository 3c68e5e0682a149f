"""Which nodes of a file a kernel of the optimized graph computes: runtimes fuse nodes, fold them and rename them.

A kernel computes what lies between its outputs and its inputs. Values keep their names where they are still made; where
a layout is changed on the way, the kernel is called after the value that it stands for (`conv1_nchwc`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from inception_calc.onnx_run.user_model import MARK, UserModel

ADDED = ("_nchwc", "_bn")
"""What the runtime adds to a value's name for a kernel in another layout, and for a batch norm as a convolution."""


def computed_by(model: UserModel, optimized: Any) -> dict[str, frozenset[int]]:
    """Kernel -> the nodes of the copy that it computes; empty for what the runtime put in."""
    makers = _makers(model)
    kernels = {node.name: _stands_for(node, makers, model) for node in _nodes(optimized.graph)}
    made = {value for values in kernels.values() for value in values}
    return {
        name: frozenset(_between(values, made, makers, model)) | _marked(name, model)
        for name, values in kernels.items()
    }


def _nodes(graph: Any) -> Iterator[Any]:
    """All nodes, those of graphs inside too."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from _nodes(attribute.g)


def _makers(model: UserModel) -> Mapping[str, int]:
    """Value -> the node that makes it; names that several graphs have are left out."""
    makers: dict[str, int] = {}
    twice: set[str] = set()
    for number, node in enumerate(model.nodes):
        for name in filter(None, node.outputs):
            if makers.setdefault(name, number) != number:
                twice.add(name)
    return {name: number for name, number in makers.items() if name not in twice}


def _marked(name: str, model: UserModel) -> frozenset[int]:
    found = MARK.search(name)
    return frozenset({int(found[1])}) if found and int(found[1]) < len(model.nodes) else frozenset()


def _stands_for(node: Any, makers: Mapping[str, int], model: UserModel) -> list[str]:
    """The values of the file that a kernel makes."""
    values = [name for name in node.output if name in makers]
    if not values:
        name = node.name
        for added in ADDED:
            name = name.removesuffix(added)
            values = values or ([name] if name in makers else [])
    if not values:
        values = [name for mark in _marked(node.name, model) for name in model.nodes[mark].outputs if name]
    return values


def _between(values: Iterable[str], made: set[str], makers: Mapping[str, int], model: UserModel) -> Iterator[int]:
    """The nodes behind some values, back to those that other kernels make."""
    seen: set[int] = set()
    waiting = [makers[name] for name in values if name in makers]
    while waiting:
        number = waiting.pop()
        if number in seen:
            continue
        seen.add(number)
        yield number
        waiting += [makers[name] for name in model.nodes[number].inputs if name in makers and name not in made]
