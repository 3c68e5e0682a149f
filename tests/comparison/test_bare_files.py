"""A file whose nodes have no names against specs: rows and layers match by place, kernel and cost."""

from __future__ import annotations

import pytest

onnx = pytest.importorskip("onnx")

from inception_calc.analysis import analyze  # noqa: E402
from inception_calc.comparison import compare  # noqa: E402
from inception_calc.onnx_export.model import write_model  # noqa: E402
from inception_calc.onnx_export.plan import plan  # noqa: E402


@pytest.fixture(scope="module")
def torchvision(tmp_path_factory: pytest.TempPathFactory) -> str:
    """GoogLeNet as torchvision builds it, all names taken away."""
    path = tmp_path_factory.mktemp("bare") / "model.onnx"
    write_model(plan(analyze("googlenet@torchvision")), path, "constant", 0)
    model = onnx.load(path)
    outputs = {output.name for output in model.graph.output}
    names = {name: f"v{place}" for place, node in enumerate(model.graph.node) for name in node.output}
    names |= {tensor.name: f"c{place}" for place, tensor in enumerate(model.graph.initializer)}
    for tensor in model.graph.initializer:
        tensor.name = names[tensor.name]
    for node in model.graph.node:
        node.name = ""
        del node.metadata_props[:]
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [name if name in outputs else names[name] for name in node.output]
    del model.graph.value_info[:]
    onnx.save(model, path)
    return str(path)


def test_its_own_spec_says_the_same(torchvision: str):
    assert not compare([torchvision, "googlenet@torchvision"]).changes


def test_what_torchvision_builds_otherwise_is_told_by_row_and_layer(torchvision: str):
    """Kernels of 3x3 where the paper has 5x5 (pytorch/vision issue 906), batch norm for biases, no LRN."""
    found = compare(["googlenet", torchvision])
    rows = {part.name for part in found.parts if None not in part.totals}
    assert {
        "conv1",
        "conv2",
        *(f"{stage}{letter}" for stage, letters in ((3, "ab"), (4, "abcde"), (5, "ab")) for letter in letters),
    } <= rows
    kernels = [change for change in found.changes if change.field == "kernel size"]
    assert {(change.before, change.after) for change in kernels} == {("5x5", "3x3")}
    assert len(kernels) == 9
    assert all(change.renamed_from is not None and change.renamed_from.endswith("/5x5") for change in kernels)
    added = {change.after.partition(",")[0] for change in found.changes if change.kind == "added" and change.params}
    assert added == {"batch norm"}
    biases = [change for change in found.changes if change.field == "biases"]
    assert {change.after for change in biases} == {"0"}
