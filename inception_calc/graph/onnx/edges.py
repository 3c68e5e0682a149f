"""Which layer makes a value: by its name in the graph of the file, else by what flows into a function or a branch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from inception_calc.onnx_graph.model import Step
from inception_calc.onnx_ops.value import Tensor, Value


class Edge(NamedTuple):
    """An output of a layer; of the network's inputs, whose indices are below zero, the only one."""

    layer: int
    slot: int = 0


class Makers:
    """What has been made so far."""

    def __init__(self, inputs: Iterable[tuple[str, object]]) -> None:
        self._by_name: dict[tuple[tuple[str, ...], str], Edge | None] = {}
        self._by_value: dict[int, Edge] = {}
        self._unread: dict[tuple[str, ...], dict[int, None]] = {}
        """Layers whose output no layer has read yet, by the graph that they stand in."""
        self._paths: dict[int, tuple[str, ...]] = {}
        for place, (name, value) in enumerate(inputs):
            self._by_name[(), name] = self._by_value[id(value)] = Edge(-1 - place)

    def add(self, step: Step, layer: int | None) -> None:
        """Notes the outputs of a step; those of no layer are constants and shapes."""
        if layer is not None:
            self._unread.setdefault(step.path, {})[layer] = None
            self._paths[layer] = step.path
        for slot, name in enumerate(step.outputs):
            edge = None if layer is None else Edge(layer, slot)
            if name:
                self._by_name[step.path, name] = edge
            if edge is not None and slot < len(step.values) and step.values[slot] is not None:
                self._by_value[id(step.values[slot])] = edge

    def of(self, step: Step) -> list[Edge]:
        """Where the inputs of a step come from; constants and shapes come from nowhere."""
        found = [
            self._edge(step.path, name, value) for name, value in zip(step.inputs, step.arguments, strict=False) if name
        ]
        if step.kind is None:  # it may hold graphs, whose outputs are its own
            inside = [path for path in self._unread if _is_inside(path, step)]
            found += [Edge(layer) for path in inside for layer in self._unread[path]]
        edges = list(dict.fromkeys(edge for edge in found if edge is not None))
        for edge in edges:
            self._is_read(edge.layer)
        return edges

    def _is_read(self, layer: int) -> None:
        path = self._paths.pop(layer, None)
        if path is not None:
            del self._unread[path][layer]
            if not self._unread[path]:
                del self._unread[path]

    def named(self, name: str, value: object) -> Edge | None:
        """Where an output of the whole file comes from."""
        return self._by_name.get(((), name)) or self._by_value.get(id(value))

    def _edge(self, path: tuple[str, ...], name: str, value: Value) -> Edge | None:
        if isinstance(value, Tensor) and value.origins:
            return None
        for depth in range(len(path), -1, -1):
            if (path[:depth], name) in self._by_name:
                return self._by_name[path[:depth], name]
        return self._by_value.get(id(value))


def _is_inside(path: tuple[str, ...], step: Step) -> bool:
    """Whether a graph is one that a node holds, or lies in one."""
    depth, own = len(step.path), step.name or f"{step.op_type}_{step.number}"
    return len(path) > depth and path[:depth] == step.path and (path[depth] == own or path[depth].startswith(f"{own}/"))
