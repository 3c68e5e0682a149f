"""torchinfo's "total mult-adds": every parameter of a convolution times its output's places, any other parameter once.

So biases count, a transposed convolution is counted at its output's places, and batch norm counts its scale and shift
once for each image.
"""

from inception_calc.conventions.model import BIASED, Convention, Seen, biases, output_places
from inception_calc.dims import Dim


def _affine(seen: Seen) -> Dim:
    return seen.cost.used.affine


CONVENTION = Convention(
    "torchinfo",
    "1.8.0",
    {
        **{operator: {"bias": biases} for operator in BIASED},
        "transposed convolution": {"bias": biases, "transposed convolution": output_places},
        "batch norm": {"batch norm's params": _affine},
    },
)
