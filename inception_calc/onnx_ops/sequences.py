"""Lists of tensors, and values that may be absent."""

from __future__ import annotations

from inception_calc.dims import Dim, ceil_div
from inception_calc.onnx_ops.arithmetic import Scalar
from inception_calc.onnx_ops.kind import Call, Kind, Setting, Unresolved, axis_of, integer
from inception_calc.onnx_ops.move import joined, replaced, split_into
from inception_calc.onnx_ops.reshape import viewed
from inception_calc.onnx_ops.value import (
    BOOL,
    FLOAT,
    INT64,
    MOST_VALUES,
    Optional,
    Outputs,
    Sequence,
    Tensor,
    Unknown,
    Value,
)
from inception_calc.problems import Fault


def _sequence(call: Call, slot: int = 0) -> Sequence:
    value = call.value(slot)
    if isinstance(value, Optional) and value.value is not None:
        value = value.value
    if not isinstance(value, Sequence):
        raise Fault("wrong-type", f"input {slot} is no sequence")
    return value


def common(values: tuple[Value, ...]) -> Value:
    """What all values of a list have in common."""
    first = values[0] if values else Unknown()
    if isinstance(first, Tensor) and all(isinstance(v, Tensor) and v.shape == first.shape for v in values):
        return Tensor(first.shape, first.data_type)
    return Unknown()


def _construct(call: Call) -> Outputs:
    return (Sequence(call.inputs, common(call.inputs), len(call.inputs)),)


def _empty(call: Call) -> Outputs:
    return (Sequence((), Unknown(), 0),)


def _length(call: Call) -> Outputs:
    sequence = _sequence(call)
    length = sequence.length if sequence.length is not None else call.fresh()
    return (Tensor((), INT64, (length,)),)


def _place(call: Call, slot: int, length: int, default: int) -> int | None:
    """A position in a list, counted from behind where it is negative; None where it is not known."""
    place: Scalar = call.scalar(slot) if call.has(slot) else default
    if not isinstance(place, int):
        return None
    if not -length <= place <= length:
        raise Fault("wrong-value", f"position {place} in a sequence of {length}")
    return place + length if place < 0 else place


def _at(call: Call) -> Outputs:
    sequence = _sequence(call)
    if sequence.elements is None:
        return (sequence.like,)
    place = _place(call, 1, len(sequence.elements), 0)
    if place is None:
        return (common(sequence.elements),)
    if place >= len(sequence.elements):
        raise Fault("wrong-value", f"there is no position {place} in a sequence of {len(sequence.elements)}")
    return (sequence.elements[place],)


def _insert(call: Call) -> Outputs:
    sequence, value = _sequence(call), call.value(1)
    if sequence.elements is None:
        return (
            Sequence(None, common((sequence.like, value)), None if sequence.length is None else sequence.length + 1),
        )
    place = _place(call, 2, len(sequence.elements), len(sequence.elements))
    elements = sequence.elements
    if place is None:
        every = (*elements, value)
        return (Sequence(None, common(every), len(every)),)
    elements = (*elements[:place], value, *elements[place:])
    return (Sequence(elements, common(elements), len(elements)),)


def _erase(call: Call) -> Outputs:
    sequence = _sequence(call)
    if sequence.elements is None:
        return (Sequence(None, sequence.like, None if sequence.length is None else sequence.length - 1),)
    place = _place(call, 1, len(sequence.elements), len(sequence.elements) - 1)
    if place is None:
        return (Sequence(None, common(sequence.elements), len(sequence.elements) - 1),)
    elements = sequence.elements[:place] + sequence.elements[place + 1 :]
    return (Sequence(elements, common(elements), len(elements)),)


def _concat(call: Call) -> Outputs:
    sequence = _sequence(call)
    axis, new = call.settings["axis"], call.settings["new_axis"]
    if sequence.elements is not None:
        parts = [part for part in sequence.elements if isinstance(part, Tensor)]
        if len(parts) != len(sequence.elements):
            raise Unresolved
        if new:
            parts = [_with_axis(part, axis) for part in parts]
        return (joined(parts, axis),)
    like = sequence.like
    if not isinstance(like, Tensor):
        raise Unresolved
    length = call.fresh() if sequence.length is None else sequence.length
    one = _with_axis(like, axis) if new else like
    axis = axis_of(axis, one.rank)
    return (Tensor(replaced(one.shape, axis, one.shape[axis] * length), one.data_type),)


def _with_axis(x: Tensor, axis: int) -> Tensor:
    axis = axis_of(axis, x.rank + 1)
    return viewed(x, (*x.shape[:axis], 1, *x.shape[axis:]))


def _split(call: Call) -> Outputs:
    x = call.tensor(0)
    axis = axis_of(call.settings["axis"], x.rank)
    size = x.shape[axis]
    keep = bool(call.settings["keepdims"]) or call.has(1)
    given = call.tensor(1) if call.has(1) else None
    each: Scalar = 1 if given is None else given.values[0] if given.rank == 0 and given.values else None
    if given is not None and given.rank == 1:
        parts = given.values or (None,) * int(given.shape[0]) if isinstance(given.shape[0], int) else None
        if parts is None:
            raise Unresolved
    elif isinstance(size, int) and isinstance(each, int) and each > 0 and size <= each * MOST_VALUES:
        parts = (each,) * (size // each) + ((size % each,) if size % each else ())
    else:
        return (_unknown_split(call, x, axis, each, keep),)
    pieces = tuple(piece for piece in split_into(call, parts) if isinstance(piece, Tensor))
    if not keep:
        pieces = tuple(viewed(piece, piece.shape[:axis] + piece.shape[axis + 1 :]) for piece in pieces)
    return (Sequence(pieces, common(pieces), len(pieces)),)


def _unknown_split(call: Call, x: Tensor, axis: int, each: Scalar, keep: bool) -> Sequence:
    """Pieces of an axis whose size is free, or more of them than are held one by one."""
    size = x.shape[axis]
    if each == 1:
        shape = replaced(x.shape, axis, 1) if keep else x.shape[:axis] + x.shape[axis + 1 :]
        return Sequence(None, Tensor(shape, x.data_type), size)
    count: Dim = call.fresh() if each is None else ceil_div(size, each)
    return Sequence(None, Tensor(replaced(x.shape, axis, call.fresh()), x.data_type), count)


def _optional(call: Call) -> Outputs:
    return (Optional(call.inputs[0] if call.inputs else None),)


def _get(call: Call) -> Outputs:
    value = call.value(0)
    if isinstance(value, Optional):
        if value.value is None:
            raise Fault("wrong-value", "an element of an empty optional is asked for")
        return (value.value,)
    return (value,)


def _has(call: Call) -> Outputs:
    value = call.inputs[0] if call.inputs else None
    there = not (value is None or (isinstance(value, Optional) and value.value is None))
    return (Tensor((), BOOL, (there,)),)


KINDS: tuple[Kind, ...] = (
    Kind("SequenceConstruct", 11, _construct),
    Kind("SequenceEmpty", 11, _empty, settings={"dtype": integer(FLOAT)}),
    Kind("SequenceLength", 11, _length),
    Kind("SequenceAt", 11, _at),
    Kind("SequenceInsert", 11, _insert),
    Kind("SequenceErase", 11, _erase),
    Kind("ConcatFromSequence", 11, _concat, settings={"axis": integer(required=True), "new_axis": integer(0)}),
    Kind("SplitToSequence", 11, _split, settings={"axis": integer(0), "keepdims": integer(1)}),
    Kind("Optional", 15, _optional, settings={"type": Setting(13)}),
    Kind("OptionalGetElement", 15, _get, view=True),
    Kind("OptionalHasElement", 15, _has),
)
