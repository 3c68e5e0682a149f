"""Between floats and small integers."""

from __future__ import annotations

from inception_calc.onnx_ops.elementwise import each
from inception_calc.onnx_ops.kind import Call, Kind, integer
from inception_calc.onnx_ops.value import FLOAT, UINT8, Outputs, Tensor


def _quantize(call: Call) -> Outputs:
    kind = call.settings["output_dtype"] or (call.tensor(2).data_type if call.has(2) else UINT8)
    return (Tensor(call.shape(0), kind),)


def _dequantize(call: Call) -> Outputs:
    return (Tensor(call.shape(0), call.settings["output_dtype"] or call.tensor(1).data_type),)


def _dynamic(call: Call) -> Outputs:
    return Tensor(call.shape(0), UINT8), Tensor((), FLOAT), Tensor((), UINT8)


TYPE = {"output_dtype": integer(0)}

KINDS: tuple[Kind, ...] = (
    *(
        kind
        for domain in ("", "com.microsoft")
        for kind in (
            Kind("QuantizeLinear", 1, _quantize, each(2), TYPE, carries=(0,), domain=domain),
            Kind("DequantizeLinear", 1, _dequantize, each(2), TYPE, carries=(0,), domain=domain),
        )
    ),
    Kind("DynamicQuantizeLinear", 11, _dynamic, each(4)),
)
