"""Specs that are exported and imported again count the same: params, multiply-adds, element ops, shapes of layers."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

pytest.importorskip("onnx")

from inception_calc.analysis import Analysis, analyze
from inception_calc.graph.onnx import open_onnx
from inception_calc.graph.source import Choice
from inception_calc.onnx_export.model import write_model
from inception_calc.onnx_export.plan import plan
from inception_calc.onnx_import import Imported, import_spec
from inception_calc.ops.activation_words import FUNCTIONS
from inception_calc.problems import InputError
from tests.cli.program import ROOT

SAID = {
    "convolution", "depthwise convolution", "transposed convolution", "max pool", "average pool", "upsampling",
    "spatial pyramid pool", "linear", "batch norm", "local response norm", "dropout", "scale", "layer scale", "split",
    "channel shuffle", "crop", "pad", "resize", "concat", "sum", "product", "softmax", "flatten", "identity",
    *FUNCTIONS,
}  # fmt: skip
"""Networks of these operators alone must come back; what others need may be refused, node by node."""
NAMES = sorted(path.stem for path in (ROOT / "specs").glob("*.yaml"))
COSTS = ("params", "weights", "biases", "buffers", "multiply_adds", "element_ops", "depth")


def imported(spec: Analysis, folder: Path) -> Imported:
    """A spec, exported and imported again."""
    file = folder / "model.onnx"
    write_model(plan(spec), file, "constant", 0)
    return import_spec(open_onnx(str(file)), Choice())


def shapes(analysis: Analysis) -> list[tuple[object, ...]]:
    """The sizes of all outputs but flattened ones, which linear layers make by themselves."""
    kept = [cost.layer for cost in analysis.layers if cost.layer.op.op not in ("flatten", "identity")]
    return sorted(tuple(size for size in layer.output if size != 1) for layer in kept)  # type: ignore[type-var]


@pytest.mark.parametrize("name", NAMES)
def test_counts_are_those_of_the_spec(name: str, tmp_path: Path):
    spec = analyze(name)
    if {cost.layer.op.op for cost in spec.layers} - SAID:
        with suppress(InputError):  # node by node, and nothing is written
            assert not imported(spec, tmp_path).differences
        return
    back = imported(spec, tmp_path)
    assert not back.differences
    assert [getattr(back.spec.totals, cost) for cost in COSTS] == [getattr(spec.totals, cost) for cost in COSTS]
    assert shapes(back.spec) == shapes(spec)
    rows = [[row.totals.multiply_adds for row in each.rows if row.totals.multiply_adds] for each in (back.spec, spec)]
    assert rows[0] == rows[1]


def test_what_no_word_says_is_refused_by_node(tmp_path: Path):
    with pytest.raises(InputError) as refused:
        imported(analyze("lenet5"), tmp_path)
    assert all(problem.code == "unsaid-node" for problem in refused.value.problems)


def test_a_table_of_the_paper_comes_back(tmp_path: Path):
    """Table 1 of GoogLeNet: one block, nine calls, the columns in the paper's order."""
    text = imported(analyze("googlenet"), tmp_path).text
    assert "columns: [1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, pool proj]" in text
    assert "  3a:      {block: [ 64,  96, 128, 16,  32,  32]}\n" in text
    assert "convolution: {padding: half, activation: relu}" in text
    assert len(text.splitlines()) < 50


def test_stages_of_resnet_are_calls_of_one_block(tmp_path: Path):
    text = imported(analyze("resnet50"), tmp_path).text
    assert text.count("{conv: [") == 4
    assert "repeat: n" in text
    assert "{batch norm" not in text  # it belongs to the convolution
