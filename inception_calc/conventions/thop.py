"""thop's `profile`: hooks on modules; batch norm with scale and shift is 4 for each element.

An average pool counts 1 for each output, an adaptive one its window's area + 1; upsampling 1, bilinear 11; softmax
3 n - 1; a transposed convolution is counted at its output's places. Biases, max pools, activations, and whatever
is no module count nothing. Its params are those of modules that ran.
"""

from inception_calc.conventions.model import Convention, Seen, inputs, is_global, output_places, upsampled
from inception_calc.dims import Dim


def _average_pool(seen: Seen) -> Dim:
    return seen.x.elements + seen.y.elements if is_global(seen) else seen.y.elements


def _softmax(seen: Seen) -> Dim:
    return 3 * seen.x.elements - 1


CONVENTION = Convention(
    "thop",
    "0.1.1.post2209072238",
    {
        "batch norm": {"batch norm": inputs(4)},
        "average pool": {"average pool": _average_pool},
        "transposed convolution": {"transposed convolution": output_places},
        "upsampling": {"upsampling": upsampled(1, 11)},
        "softmax": {"softmax": _softmax},
    },
    ("what is called as a function, not as a module, counts nothing (MobileNetV2's pool in torchvision)",),
)
