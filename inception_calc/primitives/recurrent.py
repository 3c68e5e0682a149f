"""Recurrent layers: plain ones, gated units, long short-term memory."""

from __future__ import annotations

from dataclasses import dataclass

from inception_calc.dims import Dim, Shape
from inception_calc.primitives.derivation import Derivation, batched, product_of
from inception_calc.primitives.primitive import Params, Primitive
from inception_calc.primitives.sight import Sights, spread


@dataclass(frozen=True, slots=True)
class Recurrent(Primitive):
    """Steps of a recurrent layer: `gates` products of the input and of the state with weights, in each direction."""

    steps: Dim
    batch: Dim
    directions: int
    gates: int
    in_features: Dim
    hidden: Dim
    projection: Dim | None = None
    """What the state is projected to after each step, where it is (Sak et al. 2014)."""
    biases: int = 0
    """Vectors of biases of each gate: one (Keras), or two (PyTorch and cuDNN)."""

    @property
    def state(self) -> Dim:
        """The numbers that go from one step to the next."""
        return self.hidden if self.projection is None else self.projection

    @property
    def params(self) -> Params:
        weights = self.gates * self.hidden * (self.in_features + self.state)
        if self.projection is not None:
            weights = weights + self.hidden * self.projection
        return Params(self.directions * weights, self.directions * self.gates * self.hidden * self.biases)

    @property
    def multiply_adds(self) -> Dim:
        return self.steps * self.batch * self.params.weights

    @property
    def element_ops(self) -> Dim:
        return self.steps * self.batch * self.directions * self.hidden * 2 * self.gates

    def sight(self, x: Shape) -> Sights | None:
        return spread(x.sides)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        units: dict[str, Dim] = {"directions": self.directions, "gates": self.gates, "hidden": self.hidden}
        factors, values = "*".join(units), {**units, "in_features": self.in_features}
        weights = f"{factors}*(in_features + hidden)"
        if self.projection is not None:
            values |= {"projection": self.projection}
            weights = "directions*(gates*hidden*(in_features + projection) + hidden*projection)"
        runs = {**batched(self.batch), "steps": self.steps}
        times = "*".join(runs)
        trained = [Derivation("weights", weights, values)]
        if self.biases:
            trained.append(product_of("biases", {**units, "bias_vectors": self.biases}))
        return (
            *trained,
            *(
                Derivation(count, f"{times}*{weights}", {**runs, **values})
                for count in ("multiply_adds", "effective_multiply_adds")
            ),
            Derivation("element_ops", f"2*{times}*{factors}", {**runs, **units}),
        )
