"""The register of operators: the only list of them. Models, schema, reserved words, hints and docs follow it.

A module is imported when its operator is first met, so start-up does not grow with the register.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from inception_calc.ops.activation_words import FUNCTIONS

if TYPE_CHECKING:
    from inception_calc.ops.operator import Operator, Part

REGISTER = {
    "convolution": "convolution.Convolution",
    "depthwise convolution": "depthwise_convolution.DepthwiseConvolution",
    "separable convolution": "separable_convolution.SeparableConvolution",
    "transposed convolution": "transposed_convolution.TransposedConvolution",
    "upsampling": "upsampling.Upsampling",
    "max pool": "max_pool.MaxPool",
    "average pool": "average_pool.AveragePool",
    "subsampling": "subsampling.Subsampling",
    "l2 pool": "l2_pool.L2Pool",
    "adaptive average pool": "adaptive_average_pool.AdaptiveAveragePool",
    "adaptive max pool": "adaptive_max_pool.AdaptiveMaxPool",
    "spatial pyramid pool": "spatial_pyramid_pool.SpatialPyramidPool",
    "linear": "linear.Linear",
    "rbf": "rbf.Rbf",
    "attention": "attention.Attention",
    "lstm": "lstm.Lstm",
    "gru": "gru.Gru",
    "rnn": "rnn.Rnn",
    "embedding": "embedding.Embedding",
    "positions": "positions.Positions",
    "class token": "class_token.ClassToken",
    "tokens": "tokens.Tokens",
    "map": "map.Map",
    "take": "take.Take",
    "batch norm": "batch_norm.BatchNorm",
    "layer norm": "layer_norm.LayerNorm",
    "rms norm": "rms_norm.RmsNorm",
    "group norm": "group_norm.GroupNorm",
    "instance norm": "instance_norm.InstanceNorm",
    "l2 norm": "l2_norm.L2Norm",
    "local response norm": "local_response_norm.LocalResponseNorm",
    "dropout": "dropout.Dropout",
    "scale": "scale.Scale",
    "layer scale": "layer_scale.LayerScale",
    **{word: f"activations.{word}" for word in FUNCTIONS},
    "prelu": "prelu.PRelu",
    "glu": "glu.Glu",
    "softmax": "softmax.Softmax",
    "log softmax": "softmax.LogSoftmax",
    "softmin": "softmax.Softmin",
    "flatten": "flatten.Flatten",
    "split": "split.Split",
    "channel shuffle": "channel_shuffle.ChannelShuffle",
    "pixel shuffle": "pixel_shuffle.PixelShuffle",
    "space to depth": "space_to_depth.SpaceToDepth",
    "crop": "crop.Crop",
    "pad": "pad.Pad",
    "resize": "resize.Resize",
    "roll": "roll.Roll",
    "permute": "permute.Permute",
    "identity": "identity.Identity",
    "sequence": "sequence.Sequence",
    "concat": "concat.Concat",
    "sum": "sum.Sum",
    "product": "product.Product",
    "output of": "output_of.OutputOf",
    "input": "network_input.NetworkInput",
}
"""Operator word -> module and class, in the order of the documentation."""

SETTINGS = frozenset(
    {
        "activation",
        "affine",
        "as",
        "batch norm",
        "bias",
        "bidirectional",
        "cache",
        "causal",
        "connections",
        "dilation",
        "entries",
        "filters",
        "groups",
        "head size",
        "key value heads",
        "layers",
        "memory of",
        "mode",
        "multiplier",
        "output padding",
        "output projection",
        "over",
        "padding",
        "part",
        "rounding",
        "shift",
        "size",
        "projection",
        "relative positions",
        "returns",
        "rotary",
        "shifted",
        "stride",
        "unscaled",
        "window",
    }
)
"""Every setting of any operator (a test compares); no block may be called so."""

BODIES = ("sequence", "concat", "sum", "product")
"""The operators that hold steps of their own; a block is made of one of them."""

FROZEN = "frozen"
"""The setting of steps, blocks and defaults that says that nothing is trained."""

TRAINED = frozenset(
    {
        "convolution",
        "depthwise convolution",
        "separable convolution",
        "transposed convolution",
        "subsampling",
        "linear",
        "batch norm",
        "layer norm",
        "rms norm",
        "group norm",
        "instance norm",
        "l2 norm",
        "layer scale",
        "prelu",
        *("attention", "embedding", "positions", "class token", "lstm", "gru", "rnn", "deformable convolution"),
    }
)
"""The operators that have params: their defaults may say `frozen` (a test compares)."""

COMMON = frozenset({"dtype", "frozen", "then", "repeat", "shared", "weights of", "when"})
"""Keys that any step may have."""


@cache
def operator(key: str) -> type[Operator]:
    """The model of the operator called `key`."""
    module, _, name = REGISTER[key].rpartition(".")
    model: type[Operator] = getattr(import_module(f"inception_calc.ops.{module}"), name)
    return model


@cache
def activation_part(text: str) -> Part:
    """The layer after a convolution that `activation: KEY`, or `{KEY: NUMBER}` read as `KEY: NUMBER`, asks for."""
    from inception_calc.dims import Scope, Shape

    key, _, number = text.partition(": ")
    (part,) = operator(key).read({key: number}, key).lower(Scope({}), Shape(1, 1, 1))
    return part._replace(name=key)


def activation_parts(text: str) -> list[Part]:
    """The same as a list; empty for `none`."""
    return [] if text == "none" else [activation_part(text)]


@cache
def batch_norm_part() -> Part:
    """The layer after a convolution that `batch norm: true` asks for."""
    return activation_part("batch norm")
