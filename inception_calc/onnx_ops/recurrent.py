"""Recurrent layers: plain ones, gated units and long short-term memory, quantized weights too."""

from __future__ import annotations

from inception_calc.dims import Dim
from inception_calc.onnx_ops.kind import Call, Cost, Kind, Rule, integer, text
from inception_calc.onnx_ops.value import Outputs, Tensor
from inception_calc.primitives.primitive import Primitives
from inception_calc.primitives.recurrent import Recurrent

GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}


def _sizes(call: Call, packed: bool) -> tuple[Dim, Dim, Dim, int, Dim]:
    """Steps, batch, features, directions and hidden size; the recurrence weights give the last, where it is not set."""
    x = call.shape(0, 3)
    steps, batch = (x[1], x[0]) if call.settings["layout"] else (x[0], x[1])
    directions = 2 if call.settings["direction"] == "bidirectional" else 1
    hidden = call.settings["hidden_size"]
    if hidden is None:
        hidden = call.shape(2, 3)[1 if packed else 2]
    return steps, batch, x[2], directions, hidden


def recurrent(states: int, packed: bool = False) -> Rule:
    """Outputs of every step and the last of each of `states`; `packed` weights are stored transposed."""

    def rule(call: Call) -> Outputs:
        steps, batch, _, directions, hidden = _sizes(call, packed)
        kind = call.tensor(0).data_type
        if call.settings["layout"]:
            every, last = (batch, steps, directions, hidden), (batch, directions, hidden)
        else:
            every, last = (steps, directions, batch, hidden), (directions, batch, hidden)
        return (Tensor(every, kind), *(Tensor(last, kind),) * states)

    return rule


def recurrent_cost(kind: str, packed: bool = False) -> Cost:
    """The primitive of a recurrent layer."""

    def cost(call: Call, outputs: Outputs) -> Primitives:
        steps, batch, features, directions, hidden = _sizes(call, packed)
        return (Recurrent(steps, batch, directions, GATES[kind], features, hidden),)

    return cost


SETTINGS = {"direction": text("forward"), "hidden_size": integer(), "layout": integer(0)}
ROLES = {1: "weights", 2: "weights", 3: "biases"}

KINDS: tuple[Kind, ...] = (
    Kind("RNN", 1, recurrent(1), recurrent_cost("RNN"), SETTINGS, ROLES),
    Kind("GRU", 1, recurrent(1), recurrent_cost("GRU"), SETTINGS, ROLES),
    Kind("LSTM", 1, recurrent(2), recurrent_cost("LSTM"), SETTINGS, {**ROLES, 7: "weights"}),
    Kind(
        "DynamicQuantizeLSTM",
        1,
        recurrent(2, packed=True),
        recurrent_cost("LSTM", packed=True),
        SETTINGS,
        {**ROLES, 7: "weights"},
        domain="com.microsoft",
    ),
)
