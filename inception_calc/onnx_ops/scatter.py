"""Elements written over others at given places."""

from __future__ import annotations

from inception_calc.dims import product
from inception_calc.onnx_ops.elements import small
from inception_calc.onnx_ops.kind import Call, Kind, integer, text
from inception_calc.onnx_ops.value import Outputs, Tensor


def _scatter_nd(call: Call) -> Outputs:
    x, indices, updates = call.tensor(0), call.tensor(1), call.tensor(2)
    values = None
    simple = call.settings["reduction"] in {"", "none"}
    if x.values is not None and indices.values is not None and small(indices.shape) and simple:
        depth = int(indices.shape[-1])
        inner = int(product(x.shape[depth:]))
        found = list(x.values)
        new = updates.values or (None,) * int(product(updates.shape))
        for number in range(len(indices.values) // depth):
            index = indices.values[number * depth : (number + 1) * depth]
            if not all(isinstance(one, int) for one in index):
                return (Tensor(x.shape, x.data_type),)
            place = 0
            for one, size in zip(index, x.shape, strict=False):
                place = place * int(size) + one % int(size)
            found[place * inner : (place + 1) * inner] = new[number * inner : (number + 1) * inner]
        values = tuple(found)
    return (Tensor(x.shape, x.data_type).with_values(values),)


def _scatter_elements(call: Call) -> Outputs:
    x, indices, updates = call.tensor(0), call.tensor(1), call.tensor(2)
    plain = call.settings.get("reduction", "none") in {"", "none"} and x.rank == 1
    if not plain or x.values is None or indices.values is None:
        return (Tensor(x.shape, x.data_type),)
    found = list(x.values)
    for index, value in zip(indices.values, updates.values or (None,) * len(indices.values), strict=True):
        if not isinstance(index, int):
            return (Tensor(x.shape, x.data_type),)
        found[index] = value
    return (Tensor(x.shape, x.data_type).with_values(tuple(found)),)


REDUCTION = {"axis": integer(0), "reduction": text("none")}

KINDS: tuple[Kind, ...] = (
    Kind("Scatter", 9, _scatter_elements, settings={"axis": integer(0)}),
    Kind("ScatterElements", 11, _scatter_elements, settings=REDUCTION),
    Kind("ScatterND", 11, _scatter_nd, settings={"reduction": text("none")}),
)
