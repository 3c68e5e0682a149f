"""Fourier transforms and determinants. Their sums of products are worked out by fast algorithms: element operations."""

from __future__ import annotations

from inception_calc.dims import Dim, floor_div
from inception_calc.onnx_ops.arithmetic import Sizes
from inception_calc.onnx_ops.elementwise import each
from inception_calc.onnx_ops.kind import Call, Kind, Unresolved, axis_of, integer
from inception_calc.onnx_ops.value import Outputs, Tensor


def _dft_17(call: Call) -> Outputs:
    return (_transformed(call, call.settings["axis"]),)


def _dft_20(call: Call) -> Outputs:
    axis = call.scalar(2) if call.has(2) else -2
    if not isinstance(axis, int):
        raise Unresolved
    return (_transformed(call, axis),)


def _transformed(call: Call, axis: int) -> Tensor:
    x = call.tensor(0)
    axis = axis_of(axis, x.rank)
    given = call.has(1)
    length: Dim = call.scalar(1) if given else x.shape[axis]
    length = call.fresh() if length is None else length
    parts = 2
    if call.settings["onesided"]:
        if call.settings["inverse"]:
            length = length if given else 2 * (x.shape[axis] - 1)
            parts = 1
        else:
            length = floor_div(length, 2) + 1
    return Tensor((*x.shape[:axis], length, *x.shape[axis + 1 : -1], parts), x.data_type)


def _stft(call: Call) -> Outputs:
    batch, signal, *_ = call.shape(0)
    step = call.scalar(1)
    frame: Dim = call.scalar(3) if call.has(3) else call.shape(2)[0] if call.has(2) else signal
    if frame is None and call.has(2):
        frame = call.shape(2)[0]
    if step is None or frame is None:
        frames: Dim = call.fresh()
    else:
        frames = floor_div(signal - frame, step) + 1
    frame = call.fresh() if frame is None else frame
    shape: Sizes = (batch, frames, floor_div(frame, 2) + 1 if call.settings["onesided"] else frame, 2)
    return (Tensor(shape, call.tensor(0).data_type),)


def _det(call: Call) -> Outputs:
    x = call.tensor(0)
    return (Tensor(x.shape[:-2], x.data_type),)


SIDES = {"onesided": integer(0), "inverse": integer(0)}

KINDS: tuple[Kind, ...] = (
    Kind("DFT", 17, _dft_17, each(), {**SIDES, "axis": integer(1)}),
    Kind("DFT", 20, _dft_20, each(), SIDES),
    Kind("STFT", 17, _stft, each(), {"onesided": integer(1)}),
    Kind("Det", 11, _det, each()),
)
