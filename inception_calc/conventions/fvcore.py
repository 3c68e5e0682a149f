"""fvcore's `FlopCountAnalysis`: "one flop is one fused multiply-add" (its documentation), yet batch norm counts two.

Biases are not counted; batch norm in evaluation is 2 for each element; an adaptive average pool 1 for each element of
its input; upsampling 1 for each output, bilinear 4. Other pools, activations, additions and softmax are skipped.
"""

from inception_calc.conventions.model import Convention, Seen, inputs, is_global, upsampled
from inception_calc.dims import Dim


def _average_pool(seen: Seen) -> Dim:
    return seen.x.elements if is_global(seen) else 0


CONVENTION = Convention(
    "fvcore",
    "0.1.5.post20221221",
    {
        "batch norm": {"batch norm": inputs(2)},
        "average pool": {"adaptive pool": _average_pool},
        "upsampling": {"upsampling": upsampled(1, 4)},
    },
)
