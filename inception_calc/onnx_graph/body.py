"""A graph inside a node, and how it is walked: on its own, its steps noted only when it is known how often it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from inception_calc.dims import Dim
from inception_calc.onnx_file.messages import Graph
from inception_calc.onnx_graph.env import Env
from inception_calc.onnx_graph.model import Step
from inception_calc.onnx_graph.place import Place, Site
from inception_calc.onnx_graph.walking import Walking
from inception_calc.onnx_ops.arithmetic import Scalar
from inception_calc.onnx_ops.value import BOOL, INT64, Outputs, Tensor, Value
from inception_calc.problems import Fault

Walk: TypeAlias = Callable[[Walking, Site, Outputs, Env], Outputs]

ANY_TRIP = (Tensor((), INT64), Tensor((), BOOL, (True,)))
"""What a loop's body is given in front of its states: a trip of unknown number, and that the loop goes on."""


class Body(NamedTuple):
    """A graph inside a node, and where it is walked."""

    walker: Walking
    graph: Graph
    env: Env
    place: Place

    def look(self, inputs: Outputs) -> Env:
        """All values for these inputs; nothing is noted of the walk."""
        walker = self.walker
        inner = Env(self.env)
        inner.update(zip((info.name for info in self.graph.inputs), inputs, strict=False))
        before = len(walker.steps), len(walker.gaps)
        walker.graph(self.graph, inner, self.place)
        del walker.steps[before[0] :], walker.gaps[before[1] :]
        return inner

    def run(self, inputs: Outputs, times: Dim = 1) -> tuple[Outputs, list[Step]]:
        """The outputs for these inputs, and the steps, which are taken off the walk again."""
        walker = self.walker
        inner = Env(self.env)
        inner.update(zip((info.name for info in self.graph.inputs), inputs, strict=False))
        before = len(walker.steps)
        walker.graph(self.graph, inner, self.place._replace(times=self.place.times * times))
        steps = walker.steps[before:]
        del walker.steps[before:]
        missing = [info.name for info in self.graph.outputs if info.name not in inner]
        if missing:
            raise Fault("missing-value", f"nothing makes the output '{missing[0]}'", fix="export the model again")
        return tuple(inner[info.name] for info in self.graph.outputs), steps


def body_of(walker: Walking, site: Site, env: Env, name: str) -> Body:
    """The graph in the attribute `name` of a node."""
    attribute = site.attributes().get(name)
    if attribute is None or not isinstance(attribute.value, Graph):
        raise Fault("missing-key", f"the graph '{name}' is missing", fix="export the model again")
    own, place = site.own_name, site.place
    path = (*place.path, own if name == "body" else f"{own}/{name}")
    inner = place._replace(path=path, scope=f"{place.scope}{own}/{name}/", depth=place.depth + 1)
    return Body(walker, attribute.value, env, inner)


def scalar_of(value: Value) -> Scalar:
    """The only element of a value; None where it is not known."""
    return value.values[0] if isinstance(value, Tensor) and value.values and len(value.values) == 1 else None
