"""Words of the field that are not words of the language: what to write instead, and what that would miscount.

A plain table: whoever adds an operator removes its line. It is loaded where a word is not known, never before.
"""

from functools import cache
from typing import NamedTuple


class Lacking(NamedTuple):
    """A word that is not supported, `also` how frameworks write it."""

    word: str
    nearest: str
    """What comes nearest, as it is typed."""
    miscount: str
    """What counting it so gets wrong."""
    also: tuple[str, ...] = ()


NO_COST = "params and multiply-adds agree, element ops may not"
NOTHING = "nothing is miscounted"

LACKING = (
    # activations
    Lacking("crelu", "relu", "it doubles the channels, so what follows has half its weights"),
    Lacking("maxout", "max pool", "it takes the largest of several channels, which no window does"),
    # norms
    Lacking("weight norm", "convolution", "one scale a filter is left out", ("spectral norm",)),
    # convolutions
    Lacking(
        "deformable convolution",
        "convolution",
        "the convolution that makes the offsets is left out: write one with 2 * 3 * 3 filters beside it",
        ("deformable conv", "deform conv", "dcn"),
    ),
    Lacking("dynamic convolution", "convolution", "its other kernels and what mixes them are left out", ("condconv",)),
    Lacking("causal convolution", "convolution with padding: causal", NOTHING),
    # pools and resizing
    Lacking(
        "global average pool", "average pool: global", NOTHING, ("gap", "global avg pool", "global average pooling")
    ),
    Lacking("global max pool", "max pool: global", NOTHING),
    Lacking("dilated convolution", "convolution with its 'dilation'", NOTHING, ("atrous convolution", "atrous conv")),
    Lacking("grouped convolution", "convolution with its 'groups'", NOTHING, ("group convolution", "group conv")),
    Lacking("pointwise convolution", "convolution: 1x1", NOTHING, ("pointwise conv",)),
    Lacking("min pool", "max pool", NOTHING),
    Lacking("max unpool", "upsampling", "params and multiply-adds agree, the values' places do not", ("unpooling",)),
    Lacking("roi pool", "spatial pyramid pool", "all that follows runs once a region", ("roi align", "roi pooling")),
    Lacking("bicubic", "bilinear", "element ops are too few: it reads 16 neighbours, not 4"),
    # matrices and sequences
    Lacking("transformer", "attention, norms and linear layers in a block", NOTHING, ("transformer block",)),
    Lacking("bilinear layer", "linear", "its second input is left out"),
    Lacking("matmul", "linear", "a matrix that is not trained counts as weights", ("matrix product", "bmm", "einsum")),
    Lacking(
        "squeeze and excitation", "{product: {map: identity, gate: [...]}}", NOTHING, ("squeeze excitation", "se block")
    ),
    # moving data
    Lacking("reshape", "flatten", f"in front of a linear layer {NOTHING}", ("view", "squeeze")),
    Lacking("stochastic depth", "dropout", NOTHING, ("drop path", "dropblock", "drop block")),
    # words of settings
    Lacking("padding mode", "padding", "effective multiply-adds are too few where the border is no zeros"),
    Lacking("ceil mode", "rounding: ceil", NOTHING),
    Lacking("count include pad", "padding", NOTHING),
    Lacking(
        "reflect",
        "padding by a number",
        "effective multiply-adds are too few: its border is no zeros",
        ("replicate", "circular", "reflection"),
    ),
    Lacking("int16", "fp16", NOTHING, ("uint16",)),
    Lacking("int32", "fp32", NOTHING, ("tf32", "uint32")),
    Lacking("uint8", "int8", NOTHING, ("fp8", "bool")),
    Lacking("fp64", "fp32", "bytes are half as many", ("float64", "double", "int64")),
)
"""Every word that is known and not supported, by theme."""

SAME_AS = {
    "conv": "convolution",
    "conv1d": "convolution",
    "conv2d": "convolution",
    "conv3d": "convolution",
    "convolution 1d": "convolution",
    "convolution 3d": "convolution",
    "deconvolution": "transposed convolution",
    "deconv": "transposed convolution",
    "conv transpose": "transposed convolution",
    "up convolution": "transposed convolution",
    "dense": "linear",
    "fc": "linear",
    "fully connected": "linear",
    "inner product": "linear",
    "avg pool": "average pool",
    "mean pool": "average pool",
    "out channels": "filters",
    "output channels": "filters",
    "number of filters": "filters",
    "dilation rate": "dilation",
    "bn": "batch norm",
    "lrn": "local response norm",
    "ln": "layer norm",
    "gn": "group norm",
    "unit normalization": "l2 norm",
    "normalize": "l2 norm",
    "spp": "spatial pyramid pool",
    "adaptive avg pool": "adaptive average pool",
    "lp pool": "l2 pool",
    "depth to space": "pixel shuffle",
    "sub pixel convolution": "pixel shuffle",
    "pixel unshuffle": "space to depth",
    "focus": "space to depth",
    "chunk": "split",
    "center crop": "crop",
    "zero pad": "pad",
    "upsample": "upsampling",
    "interpolate": "upsampling",
    "add": "sum",
    "residual": "sum",
    "multiply": "product",
    "concatenate": "concat",
    "cat": "concat",
    "self attention": "attention",
    "multi head attention": "attention",
    "multihead attention": "attention",
    "cross attention": "attention",
    "mha": "attention",
    "num heads": "attention",
    "embeddings": "embedding",
    "positional embedding": "positions",
    "position embedding": "positions",
    "positional encoding": "positions",
    "cls token": "class token",
    "num embeddings": "entries",
    "kv cache": "cache",
    "rope": "rotary",
    "out proj": "output projection",
    "bilstm": "lstm",
    "long short term memory": "lstm",
    "recurrent": "rnn",
    "logistic": "sigmoid",
    "parametric relu": "prelu",
    "lrelu": "leaky relu",
    "leaky rectify": "leaky relu",
    "randomized relu": "rrelu",
    "swish": "silu",
    "hswish": "hard swish",
    "h swish": "hard swish",
    "hard silu": "hard swish",
    "hsigmoid": "hard sigmoid",
    "h sigmoid": "hard sigmoid",
    "new gelu": "gelu tanh",
    "fast gelu": "gelu tanh",
    "gated linear unit": "glu",
    "exp": "exponential",
    "skip": "identity",
    "atrous rate": "dilation",
    "use bias": "bias",
    "float32": "fp32",
    "uint4": "int4",
    "nf4": "int4",
    "fp4": "int4",
    "q4": "int4",
    "float16": "fp16",
    "half precision": "fp16",
    "bfloat16": "bf16",
}
"""Other names of what the language has."""


TWINS = (
    "linear",
    "bilinear",
    "elu",
    "selu",
    "celu",
    "gelu",
    "silu",
    "relu",
    "prelu",
    "rrelu",
    "glu",
    "softmax",
    "softmin",
    "softplus",
    "softsign",
    "size",
    "resize",
    "pad",
    "part",
)
"""Words of the language that are a slip away from each other and mean another thing."""


def _squeezed(word: str) -> str:
    """The word as frameworks write it too: `LeakyReLU` and `leaky_relu` are `leaky relu`."""
    return "".join(filter(str.isalnum, word.casefold()))


@cache
def _lacking() -> dict[str, tuple[str, Lacking]]:
    return {_squeezed(word): (word, entry) for entry in LACKING for word in (entry.word, *entry.also)}


@cache
def _same() -> dict[str, str]:
    return {_squeezed(word): ours for word, ours in SAME_AS.items()}


def same_as(word: str) -> str:
    """What the language calls this; empty where it knows no other name of it."""
    return _same().get(_squeezed(word), "")


def answer(word: str) -> str:
    """Not supported, what comes nearest, what that would miscount; empty for a word that means nothing."""
    if _squeezed(word) not in _lacking():
        return ""
    spelled, found = _lacking()[_squeezed(word)]
    return f"{spelled} is not supported; nearest: {found.nearest} ({found.miscount})"


def is_real(word: str) -> bool:
    """Whether the field has the word, so that it is no misspelling of another one."""
    return _squeezed(word) in _lacking() or _squeezed(word) in _same() or word in TWINS


@cache
def foreign() -> tuple[str, ...]:
    """Every word that the field knows and the language does not."""
    return (*SAME_AS, *(word for entry in LACKING for word in (entry.word, *entry.also)))
