"""Recurrent layers: plain ones, gated units, long short-term memory."""

from __future__ import annotations

from dataclasses import dataclass

from inception_calc.dims import Dim, Shape
from inception_calc.primitives.derivation import Derivation, batched
from inception_calc.primitives.primitive import Primitive


@dataclass(frozen=True, slots=True)
class Recurrent(Primitive):
    """Steps of a recurrent layer: `gates` products of the input and of the state with weights, in each direction."""

    steps: Dim
    batch: Dim
    directions: int
    gates: int
    in_features: Dim
    hidden: Dim

    @property
    def multiply_adds(self) -> Dim:
        rows = self.steps * self.batch * self.directions
        return rows * self.gates * self.hidden * (self.in_features + self.hidden)

    @property
    def element_ops(self) -> Dim:
        return self.steps * self.batch * self.directions * self.hidden * 2 * self.gates

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        units = {**batched(self.batch), "steps": self.steps, "directions": self.directions, "gates": self.gates}
        units |= {"hidden": self.hidden}
        factors, values = "*".join(units), {**units, "in_features": self.in_features}
        return (
            *(
                Derivation(count, f"{factors}*(in_features + hidden)", values)
                for count in ("multiply_adds", "effective_multiply_adds")
            ),
            Derivation("element_ops", f"2*{factors}", units),
        )
