"""ONNX models written in onnx's own text, on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from onnx import numpy_helper, parser

HEAD = '<ir_version: 10, opset_import: ["" : 21, "com.acme": 1]>\n'


def write(path: Path, text: str, **weights: tuple[int, ...]) -> str:
    """The model with float weights of these shapes; nodes that are called `_` in front lose their names."""
    model = parser.parse_model(HEAD + text)
    for name, shape in weights.items():
        model.graph.initializer.append(numpy_helper.from_array(np.zeros(shape, np.float32), name))
    path.write_bytes(model.SerializeToString())
    return str(path)


def named(path: str, *names: str) -> str:
    """The model in `path`, its nodes called so, one after the other."""
    import onnx

    model = onnx.load(path)
    for node, name in zip(model.graph.node, names, strict=True):
        node.name = name
    onnx.save(model, path)
    return path
