"""Files of the onnx package with stored inputs and outputs: old opsets, PyTorch's exporter of 2017, sequences."""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest

from tests.onnx_graph.cases import Free, difference, walked

DATA = Path(onnx.__file__).parent / "backend" / "test" / "data"
FILES = sorted(
    path for folder in ("pytorch-converted", "pytorch-operator", "simple") for path in (DATA / folder).rglob("*.onnx")
)
DATA_DECIDES = ("test_strnorm",)


def stored(folder: Path, word: str, types: list[object]) -> list[object]:
    values: list[object] = []
    for number, kind in enumerate(types):
        raw = (folder / f"{word}_{number}.pb").read_bytes()
        if kind.WhichOneof("value") == "sequence_type":  # type: ignore[attr-defined]
            sequence = onnx.SequenceProto.FromString(raw)
            values.append([onnx.numpy_helper.to_array(one) for one in sequence.tensor_values])
        else:
            values.append(onnx.TensorProto.FromString(raw))
    return values


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_shapes_are_those_of_the_stored_outputs(path):
    model = onnx.load(path)
    folders = sorted(path.parent.glob("test_data_set_*"))
    assert folders
    for folder in folders:
        constants = {tensor.name for tensor in model.graph.initializer}
        needed = [info.type for info in model.graph.input if info.name not in constants]
        inputs = stored(folder, "input", needed)
        outputs = stored(folder, "output", [info.type for info in model.graph.output])
        for free in (None, Free()):
            result = walked(path.read_bytes(), inputs, free)
            assert not result.gaps
            left = difference(result, outputs, free.numbers if free else {})
            symbol = path.parent.name.startswith(DATA_DECIDES)
            assert left == "" or (symbol and left == "a symbol is left"), left


def test_there_are_many_files():
    assert len(FILES) > 130
