"""Multiply-adds against what ONNX Runtime's kernels saw, on files that others wrote; with sizes left free, too."""

from __future__ import annotations

from pathlib import Path

import pytest

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

from inception_calc.onnx_file import read_file  # noqa: E402
from inception_calc.onnx_graph import walk  # noqa: E402
from inception_calc.onnx_ops.value import FLOAT, Tensor  # noqa: E402
from tests.onnx_graph.runtime import NotJudged, multiply_adds  # noqa: E402

DATA = Path(onnx.__file__).parent / "backend" / "test" / "data"
SMALL = sorted(path for folder in ("pytorch-converted", "pytorch-operator") for path in (DATA / folder).rglob("*.onnx"))
LIGHT = [DATA / "light" / f"light_{name}.onnx" for name in ("squeezenet", "shufflenet", "inception_v1", "resnet50")]


@pytest.mark.parametrize("path", [*SMALL, *LIGHT], ids=lambda path: path.parent.name + path.stem)
def test_they_are_those_of_the_kernels(path, tmp_path):
    try:
        count, feed = multiply_adds(path, None, tmp_path)
    except NotJudged as kernel:
        pytest.skip(f"{kernel} is not judged")
    except Exception as error:
        pytest.skip(f"ONNX Runtime does not run it: {str(error)[:80]}")
    found = walk(read_file(path), str(path), {name: Tensor(array.shape, FLOAT) for name, array in feed.items()})
    assert not found.gaps
    assert found.multiply_adds == count
