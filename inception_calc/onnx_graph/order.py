"""The order in which nodes are walked: the file's, unless inputs come later than they are needed."""

from __future__ import annotations

from collections.abc import Iterator

from inception_calc.onnx_file.messages import Attribute, Graph, Node
from inception_calc.problems import Fault


def in_order(nodes: tuple[Node, ...]) -> Iterator[tuple[int, Node]]:
    """Nodes with their numbers, each behind those that make its inputs; a `Fault` for a circle."""
    if _sorted(nodes):
        return iter(enumerate(nodes))
    return iter(_sort(nodes))


def _sorted(nodes: tuple[Node, ...]) -> bool:
    makers = {name for node in nodes for name in node.outputs if name}
    made: set[str] = set()
    for node in nodes:
        if any(name in makers and name not in made for name in needed(node)):
            return False
        made.update(node.outputs)
    return True


def needed(node: Node) -> Iterator[str]:
    """What a node and the graphs in its attributes take from outside."""
    yield from node.inputs
    for attribute in node.attributes:
        for graph in _graphs(attribute):
            own = {tensor.name for tensor in graph.initializers} | {info.name for info in graph.inputs}
            own |= {name for inner in graph.nodes for name in inner.outputs}
            for inner in graph.nodes:
                yield from (name for name in needed(inner) if name not in own)
            yield from (info.name for info in graph.outputs if info.name not in own)


def _graphs(attribute: Attribute) -> tuple[Graph, ...]:
    if isinstance(attribute.value, Graph):
        return (attribute.value,)
    if isinstance(attribute.value, tuple) and not isinstance(attribute.value, Graph):
        return tuple(value for value in attribute.value if isinstance(value, Graph))
    return ()


def _sort(nodes: tuple[Node, ...]) -> list[tuple[int, Node]]:
    """Kahn's algorithm, the file's order where there is a choice."""
    from heapq import heapify, heappop, heappush

    maker = {name: index for index, node in enumerate(nodes) for name in node.outputs if name}
    waits = [{maker[name] for name in needed(node) if name in maker} for node in nodes]
    users: dict[int, list[int]] = {}
    for index, others in enumerate(waits):
        for other in others:
            users.setdefault(other, []).append(index)
    left = [len(others) for others in waits]
    ready = [index for index, count in enumerate(left) if not count]
    heapify(ready)
    done: list[tuple[int, Node]] = []
    while ready:
        index = heappop(ready)
        done.append((index, nodes[index]))
        for user in users.get(index, ()):
            left[user] -= 1
            if not left[user]:
                heappush(ready, user)
    if len(done) < len(nodes):
        index = next(index for index, count in enumerate(left) if count)
        name = nodes[index].name or nodes[index].op_type
        raise Fault("cycle", f"node {index} '{name}' needs its own output: the graph has a circle")
    return done
