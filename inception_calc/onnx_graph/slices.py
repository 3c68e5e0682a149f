"""Scan and SequenceMap: a body for each slice of a tensor or element of a sequence."""

from __future__ import annotations

from inception_calc.dims import Dim
from inception_calc.onnx_graph.body import body_of
from inception_calc.onnx_graph.env import Env
from inception_calc.onnx_graph.place import Site
from inception_calc.onnx_graph.walking import Walking
from inception_calc.onnx_ops.kind import axis_of
from inception_calc.onnx_ops.sequences import common
from inception_calc.onnx_ops.value import Outputs, Sequence, Tensor, Value
from inception_calc.problems import Fault, counted


def walk_scan(walker: Walking, site: Site, inputs: Outputs, env: Env) -> Outputs:
    """The body for each slice of some inputs; states keep their shapes."""
    body = body_of(walker, site, env, "body")
    attributes = site.attributes()
    found = attributes.get("num_scan_inputs")
    if found is None or not isinstance(found.value, int):
        raise Fault("missing-key", "the attribute 'num_scan_inputs' is missing")
    batched = site.place.opsets.get("", 1) < 9
    inputs = inputs[1:] if batched else inputs
    if not 0 < found.value <= len(inputs):
        raise Fault("wrong-value", f"num_scan_inputs is {found.value}, and there are {counted(len(inputs), 'input')}")
    states, slices = inputs[: -found.value], inputs[-found.value :]

    def axes(name: str, count: int) -> tuple[int, ...]:
        given = attributes.get(name)
        values = given.value if given is not None else None
        return values if isinstance(values, tuple) else (1 if batched else 0,) * count

    batch: tuple[Dim, ...] = ()
    trips: Dim = 0
    parts: list[Value] = []
    for value, axis in zip(slices, axes("scan_input_axes", len(slices)), strict=True):
        if not isinstance(value, Tensor):
            raise Fault("wrong-type", "an input of a scan is no tensor")
        along = axis_of(axis, value.rank)
        trips = value.shape[along]
        shape = value.shape[:along] + value.shape[along + 1 :]
        batch, shape = (shape[:1], shape[1:]) if batched else ((), shape)
        parts.append(Tensor(shape, value.data_type))
    inner = tuple(Tensor(s.shape[len(batch) :], s.data_type) if isinstance(s, Tensor) else s for s in states)
    times = trips * batch[0] if batch else trips
    outputs, steps = body.run((*inner, *parts), times)
    walker.steps += steps
    kept = outputs[len(states) :]
    laid: list[Value] = [_batched(value, batch) for value in outputs[: len(states)]]
    laid += [
        _laid(value, batch, trips, axis) for value, axis in zip(kept, axes("scan_output_axes", len(kept)), strict=True)
    ]
    walker.step(site, inputs, tuple(laid))
    return tuple(laid)


def _laid(value: Value, batch: tuple[Dim, ...], trips: Dim, axis: int) -> Value:
    """One slice for each trip, side by side along an axis."""
    if not isinstance(value, Tensor):
        return value
    own = (*batch, *value.shape)
    axis = axis_of(axis, len(own) + 1)
    return Tensor((*own[:axis], trips, *own[axis:]), value.data_type)


def _batched(value: Value, batch: tuple[Dim, ...]) -> Value:
    return Tensor((*batch, *value.shape), value.data_type) if batch and isinstance(value, Tensor) else value


def walk_sequence_map(walker: Walking, site: Site, inputs: Outputs, env: Env) -> Outputs:
    """The body for each element of a sequence."""
    body = body_of(walker, site, env, "body")
    first = inputs[0] if inputs else None
    if not isinstance(first, Sequence):
        raise Fault("wrong-type", "the first input of a SequenceMap is no sequence")
    if first.elements is None:
        length = walker.names.unknown(site.label) if first.length is None else first.length
        own = tuple(value.like if isinstance(value, Sequence) else value for value in inputs)
        outputs, steps = body.run(own, length)
        walker.steps += steps
        return tuple(Sequence(None, value, length) for value in outputs)
    rows: list[Outputs] = []
    for number in range(len(first.elements)):
        own = tuple(_element(value, number) for value in inputs)
        outputs, steps = body.run(own)
        walker.steps += steps
        rows.append(outputs)
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in site.node.outputs]
    return tuple(Sequence(tuple(column), common(tuple(column)), len(column)) for column in columns)


def _element(value: Value, number: int) -> Value:
    if not isinstance(value, Sequence):
        return value
    if value.elements is None:
        return value.like
    if number >= len(value.elements):
        raise Fault("wrong-value", "the sequences of a SequenceMap are not equally long")
    return value.elements[number]
