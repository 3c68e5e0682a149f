"""Where a walk is: in which graph, at which node, and what that is called in messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from inception_calc.dims import Dim
from inception_calc.onnx_file.messages import Attribute, Node
from inception_calc.problems import Fault


class Place(NamedTuple):
    """A graph that is walked: under which opsets, with which attributes of the function that it is in."""

    path: tuple[str, ...]
    opsets: Mapping[str, int]
    attributes: Mapping[str, Attribute]
    times: Dim = 1
    """How often it runs."""
    scope: str = ""
    """What names of constants stand under: each function and each body has its own."""
    depth: int = 0


class Site(NamedTuple):
    """A node in a graph; `number` is its place in the file, from 0."""

    number: int
    node: Node
    place: Place

    @property
    def described(self) -> str:
        """`node 214 '/layer1/conv1/Conv'`, with the graph that it is in."""
        return f"{self.alone}{' in ' + ' / '.join(self.place.path) if self.place.path else ''}"

    @property
    def alone(self) -> str:
        """The same without the graph."""
        name = f" '{self.node.name}'" if self.node.name else f" ({self.node.op_type})"
        return f"node {self.number}{name}"

    @property
    def label(self) -> str:
        """What unknown sizes of the node are called after: `nonzero_12`."""
        inside = "".join(f"{''.join(c if c.isalnum() else '_' for c in part)}_" for part in self.place.path)
        return f"{self.node.op_type.lower()}_{inside}{self.number}"

    @property
    def own_name(self) -> str:
        """The node's name, or one made of its operator and number."""
        return self.node.name or f"{self.node.op_type}_{self.number}"

    def attributes(self) -> dict[str, Attribute]:
        """The attributes of the node, those of the function that it stands in put in."""
        found: dict[str, Attribute] = {}
        for attribute in self.node.attributes:
            if attribute.reference:
                meant = self.place.attributes.get(attribute.reference)
                if meant is not None:
                    found[attribute.name] = meant._replace(name=attribute.name)
            else:
                found[attribute.name] = attribute
        return found


class PlacedFault(Fault):
    """A fault that says at which node it is."""

    def __init__(self, site: Site, fault: Fault) -> None:
        super().__init__(fault.code, f"{site.described}: {fault.what}", fix=fault.fix)
