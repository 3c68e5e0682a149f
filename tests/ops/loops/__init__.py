"""Every operator walked: its loops run in plain Python over a small map, and counters go up inside them.

Nothing here is a formula for a count. Params are the distinct coordinates that the loops touched, the output's
shape is the coordinates that they wrote, and where windows lie is found by sliding them, so the numbers owe nothing
to the code that they judge. What one element costs is read off each operator's docstring, one `element_op` per
word of it.
"""

from tests.ops.loops import sequences
from tests.ops.loops.axes import Axis, window_starts
from tests.ops.loops.elements import (
    batch_norm,
    elementwise,
    flatten,
    linear,
    linear_over_channels,
    local_response_norm,
    prelu,
    rbf,
    softmax,
)
from tests.ops.loops.joins import concat, product_of, sum_of
from tests.ops.loops.moves import adaptive_pool, l2_pool, layer_scale, moved, resize
from tests.ops.loops.norms import group_norm, instance_norm, l2_norm, layer_norm, rms_norm
from tests.ops.loops.walk import Counts, Map
from tests.ops.loops.windowed import (
    average_pool,
    convolution,
    depthwise_convolution,
    max_pool,
    overlapped,
    scattered,
    separable_convolution,
    spatial_pyramid_pool,
    subsampling,
    transposed_convolution,
    upsampling,
    whole,
)

__all__ = [
    "Axis",
    "Counts",
    "Map",
    "adaptive_pool",
    "average_pool",
    "batch_norm",
    "concat",
    "convolution",
    "depthwise_convolution",
    "elementwise",
    "flatten",
    "group_norm",
    "instance_norm",
    "l2_norm",
    "l2_pool",
    "layer_norm",
    "layer_scale",
    "linear",
    "linear_over_channels",
    "local_response_norm",
    "max_pool",
    "moved",
    "overlapped",
    "prelu",
    "product_of",
    "rbf",
    "resize",
    "rms_norm",
    "scattered",
    "separable_convolution",
    "sequences",
    "softmax",
    "spatial_pyramid_pool",
    "subsampling",
    "sum_of",
    "transposed_convolution",
    "upsampling",
    "whole",
    "window_starts",
]
