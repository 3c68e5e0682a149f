"""Gated linear unit: `glu`, or `{glu: silu}`: the first half of the channels times the activation of the second half.

    output       half of the channels
    element ops  for each output element one product, and those of the gate's activation: sigmoid (`glu`), silu
                 (SwiGLU), gelu (GEGLU), relu (ReGLU), none (bilinear), or any other

Sources: Dauphin et al., "Language modeling with gated convolutional networks" (2016), section 2; Shazeer, "GLU variants
improve Transformer" (2020), equations 5 and 6.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import Dim, Scope, Shape, exact_quotient
from inception_calc.ops.activation_words import FUNCTIONS
from inception_calc.ops.fields import one_of
from inception_calc.ops.layer import Elementwise, Unary
from inception_calc.ops.nodes import Node, Nodes, channels_between
from inception_calc.ops.operator import Operator, Part, must_divide
from inception_calc.ops.register import activation_parts
from inception_calc.primitives import elements
from inception_calc.primitives.derivation import Derivation


@dataclass(frozen=True, slots=True)
class GatedLinearUnit(Unary):
    """One half of the channels, gated by the other."""

    op: ClassVar[str] = "glu"
    gate: str = "sigmoid"

    def output(self, x: Shape) -> Shape:
        return x.deep(exact_quotient(x.channels, 2))

    def divided(self, inputs: tuple[Shape, ...]) -> tuple[tuple[Dim, Dim], ...]:
        return ((inputs[0].channels, 2),)

    def does(self, x: Shape, y: Shape) -> elements.Worked:
        ops = 1 + sum(function.ops_per_element for function in self._functions)
        return elements.Worked(y.elements, ops, str(ops))

    @property
    def _functions(self) -> list[Elementwise]:
        return [part.op for part in activation_parts(self.gate) if isinstance(part.op, Elementwise)]

    def derivations(self, inputs: tuple[Shape, ...], y: Shape) -> tuple[Derivation, ...]:
        (x,) = inputs
        halved = Derivation("channels", "input_channels//2", {"input_channels": x.channels})
        if not isinstance(x.channels, int):
            halved = Derivation("channels", "half_channels", {"half_channels": y.channels})
        return halved, *Unary.derivations(self, inputs, y)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        nodes, constants = channels_between("first", 0, y.channels)
        more, others = channels_between("second", y.channels, 2 * y.channels)
        nodes, constants, gate = [*nodes, *more], [*constants, *others], "second"
        for function in self._functions:
            parts = function.onnx_nodes((y,), y)
            local = {"x": "second", **{node.name: f"gate {node.name}" for node in parts.nodes}}
            nodes += [
                node._replace(inputs=tuple(local.get(name, name) for name in node.inputs), name=local[node.name])
                for node in parts.nodes
            ]
            constants, gate = [*constants, *parts.constants], local[""]
        nodes.append(Node("Mul", ("first", gate)))
        return Nodes(tuple(nodes), constants=tuple(dict.fromkeys(constants)))


GATES = (*FUNCTIONS, "none")


class Glu(Operator):
    """A gated linear unit as a spec writes it."""

    key: ClassVar[str] = "glu"

    argument: Annotated[
        str,
        PlainValidator(lambda value: "sigmoid" if value == "" else one_of(GATES, "activation of a gate")(value)),
        WithJsonSchema({"enum": [None, *GATES]}),
    ]

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        must_divide(self.key, x, 2, "a gated linear unit halves the channels")
        return [Part("", GatedLinearUnit(self.argument))]
