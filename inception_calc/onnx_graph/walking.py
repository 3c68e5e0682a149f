"""What a walk notes down, and what those who walk the graphs inside nodes ask of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from inception_calc.dims import Dim
from inception_calc.onnx_file.messages import Graph
from inception_calc.onnx_graph.env import Env
from inception_calc.onnx_graph.model import Gap, Step
from inception_calc.onnx_graph.names import Names
from inception_calc.onnx_graph.place import Place, Site
from inception_calc.onnx_graph.roles import Origins
from inception_calc.onnx_ops.kind import Kind
from inception_calc.onnx_ops.value import Outputs
from inception_calc.primitives.primitive import Primitives

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Walking(ABC):
    """The state of one walk."""

    def __init__(self, bound: dict[str, Dim]) -> None:
        self.names = Names(bound)
        self.origins = Origins()
        self.steps: list[Step] = []
        self.gaps: list[Gap] = []
        self.assumptions: dict[str, None] = {}
        self.fresh = 0

    @abstractmethod
    def graph(self, graph: Graph, env: Env, place: Place) -> None:
        """All nodes of a graph; their outputs are added to `env`, which has the values from outside already."""

    def step(
        self,
        site: Site,
        inputs: Outputs,
        outputs: Outputs,
        primitives: Primitives = (),
        kind: Kind | None = None,
        settings: Mapping[str, Any] = NOTHING,
        held: tuple[str, ...] = (),
    ) -> None:
        """Notes that a node was walked."""
        node, place = site.node, site.place
        made = outputs[: len(node.outputs)]
        self.steps.append(
            Step(
                place.path,
                site.number,
                node.name,
                node.op_type,
                node.domain,
                node.inputs,
                node.outputs,
                made,
                primitives,
                kind,
                place.times,
                inputs,
                settings,
                node.metadata,
                held,
            )
        )

    def assume(self, site: Site, what: str) -> None:
        """Notes what is taken for granted about a node."""
        self.assumptions[f"{site.described}: {what}"] = None

    def gap(self, site: Site, what: str, follows: bool = False) -> None:
        """Notes that something is not known about a node."""
        self.gaps.append(Gap(site.described, what, follows, site.place.path, site.number))
