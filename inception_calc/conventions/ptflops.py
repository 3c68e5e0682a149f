"""ptflops' `get_model_complexity_info` with its default back end, `pytorch`: hooks on modules and on functions.

Biases count, batch norm 2 for each element. Modules that call a function which is hooked too are counted twice: a
ReLU 2 for each element, a pool 2 for each element of its input (ReLU6 is not, it calls another function). Local
response norm is made of an average pool over padded channels and three products that are hooked.
"""

from inception_calc.conventions.model import BIASED, Convention, Seen, biases, inputs, outputs
from inception_calc.dims import Dim


def _response_norm(seen: Seen) -> Dim:
    x = seen.x
    size: Dim = getattr(seen.cost.layer.op, "size", 5)
    return (x.channels + size - 1) * x.positions + 3 * x.elements


def _pyramid(seen: Seen) -> Dim:
    levels: tuple[int, ...] = getattr(seen.cost.layer.op, "levels", ())
    return 2 * len(levels) * seen.x.elements


CONVENTION = Convention(
    "ptflops",
    "0.7.5",
    {
        **{operator: {"bias": biases} for operator in BIASED},
        "batch norm": {"batch norm": inputs(2)},
        "relu": {"ReLU": outputs(2)},
        "relu6": {"ReLU6": outputs()},
        "max pool": {"pools": inputs(2)},
        "average pool": {"pools": inputs(2)},
        "spatial pyramid pool": {"pools": _pyramid},
        "local response norm": {"local response norm": _response_norm},
        "upsampling": {"upsampling": outputs(2)},
        "softmax": {"softmax": outputs()},
    },
    ("ReLU and pools as modules count twice, as functions (F.relu) once",),
)
