"""Prototxt files for tests, written here: GoogLeNet as its paper's Table 1 has it, in Caffe's words and layer order."""

from __future__ import annotations

MODULES = {
    "3a": (64, 96, 128, 16, 32, 32), "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64), "4b": (160, 112, 224, 24, 64, 64), "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64), "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128), "5b": (384, 192, 384, 48, 128, 128),
}  # fmt: skip
"""Szegedy et al. 2015, Table 1: #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj."""


def layer(kind: str, name: str, bottoms: str | tuple[str, ...], settings: str = "", top: str = "") -> str:
    bottoms = (bottoms,) if isinstance(bottoms, str) else bottoms
    below = " ".join(f'bottom: "{bottom}"' for bottom in bottoms)
    return f'layer {{ name: "{name}" type: "{kind}" {below} top: "{top or name}" {settings} }}\n'


def convolution(name: str, bottom: str, filters: int, kernel: int, pad: int = 0, stride: int = 1) -> str:
    param = f"num_output: {filters} kernel_size: {kernel} pad: {pad} stride: {stride}"
    relu = layer("ReLU", f"{name}/relu", name, top=name)
    return layer("Convolution", name, bottom, f"convolution_param {{ {param} }}") + relu


def pool(name: str, bottom: str, kernel: int, stride: int, pad: int = 0, kind: str = "MAX") -> str:
    param = f"pool: {kind} kernel_size: {kernel} stride: {stride} pad: {pad}"
    return layer("Pooling", name, bottom, f"pooling_param {{ {param} }}")


def module(name: str, bottom: str) -> str:
    one, three_reduce, three, five_reduce, five, projection = MODULES[name]
    at = f"inception_{name}"
    return (
        convolution(f"{at}/1x1", bottom, one, 1)
        + convolution(f"{at}/3x3_reduce", bottom, three_reduce, 1)
        + convolution(f"{at}/3x3", f"{at}/3x3_reduce", three, 3, 1)
        + convolution(f"{at}/5x5_reduce", bottom, five_reduce, 1)
        + convolution(f"{at}/5x5", f"{at}/5x5_reduce", five, 5, 2)
        + pool(f"{at}/pool", bottom, 3, 1, 1)
        + convolution(f"{at}/pool_proj", f"{at}/pool", projection, 1)
        + layer("Concat", f"{at}/output", tuple(f"{at}/{part}" for part in ("1x1", "3x3", "5x5", "pool_proj")))
    )


INPUT = 'name: "GoogLeNet"\ninput: "data"\ninput_dim: 10 input_dim: 3 input_dim: 224 input_dim: 224\n'


def googlenet() -> str:
    text = INPUT + convolution("conv1", "data", 64, 7, 3, 2) + pool("pool1", "conv1", 3, 2)
    text += layer("LRN", "norm1", "pool1", "lrn_param { local_size: 5 alpha: 0.0001 beta: 0.75 }")
    text += convolution("conv2_reduce", "norm1", 64, 1) + convolution("conv2", "conv2_reduce", 192, 3, 1)
    text += layer("LRN", "norm2", "conv2") + pool("pool2", "norm2", 3, 2)
    bottom = "pool2"
    for name in MODULES:
        text += module(name, bottom)
        bottom = f"inception_{name}/output"
        if name in {"3b", "4e"}:
            text += pool(f"pool{name[0]}", bottom, 3, 2)
            bottom = f"pool{name[0]}"
    text += pool("pool5", bottom, 7, 1, kind="AVE") + layer("Dropout", "drop", "pool5", top="pool5")
    text += layer("InnerProduct", "classifier", "pool5", "inner_product_param { num_output: 1000 }")
    return text + layer("Softmax", "prob", "classifier")
