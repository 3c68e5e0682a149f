"""The backward pass of training, in multiply-adds.

For y = W x, the gradient with respect to the input, W^T dy, and the one with respect to the weights, dy x^T, each take
as many multiply-adds as the forward pass. No gradient is needed for an input that no trainable parameter comes before,
so the first layer has none, and none in front of the first layer that is not frozen. Source: Goodfellow, Bengio and
Courville, "Deep Learning", section 6.5; the same counts as torch.utils.flop_counter.
"""

from __future__ import annotations

from typing import NamedTuple

from inception_calc.analysis.model import Analysis
from inception_calc.dims import Dim


class Backward(NamedTuple):
    """Multiply-adds of the gradients with respect to inputs and to weights."""

    inputs: Dim
    weights: Dim


def backward_costs(analysis: Analysis) -> tuple[Backward, ...]:
    """The backward cost of each layer, in the order of the layers."""
    after_params: list[bool] = []
    costs = []
    for cost in analysis.layers:
        needed = any(source >= 0 and after_params[source] for source in cost.layer.inputs)
        trained = not analysis.graph.is_frozen(cost.layer)
        after_params.append(needed or (trained and cost.used.trainable != 0))
        for_weights = cost.multiply_adds if trained and cost.used.weights != 0 else 0
        costs.append(Backward(cost.multiply_adds if needed else 0, for_weights))
    return tuple(costs)
