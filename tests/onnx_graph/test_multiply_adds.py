"""Multiply-adds against what ONNX Runtime's kernels saw, on files that others wrote; with sizes left free, too."""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest
from onnxruntime.capi.onnxruntime_pybind11_state import NotImplemented as NoKernel

from inception_calc.onnx_file import read_file
from inception_calc.onnx_graph import walk
from inception_calc.onnx_ops.value import FLOAT, Tensor
from tests.onnx_graph.runtime import multiply_adds

DATA = Path(onnx.__file__).parent / "backend" / "test" / "data"
SMALL = sorted(path for folder in ("pytorch-converted", "pytorch-operator") for path in (DATA / folder).rglob("*.onnx"))
LIGHT = [DATA / "light" / f"light_{name}.onnx" for name in ("squeezenet", "shufflenet", "inception_v1", "resnet50")]


@pytest.mark.parametrize("path", [*SMALL, *LIGHT], ids=lambda path: path.parent.name + path.stem)
def test_they_are_those_of_the_kernels(path, tmp_path):
    try:
        count, feed = multiply_adds(path, None, tmp_path)
    except NoKernel as missing:
        pytest.skip(f"ONNX Runtime has no kernel for it: {str(missing)[:120]}")
    found = walk(read_file(path), str(path), {name: Tensor(array.shape, FLOAT) for name, array in feed.items()})
    assert not found.gaps
    assert found.multiply_adds == count
