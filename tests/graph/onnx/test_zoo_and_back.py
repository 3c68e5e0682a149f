"""Specs that are exported and read back as ONNX files cost the same: two ways to count one network."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

pytest.importorskip("onnx")

from inception_calc.analysis import Analysis, analyze, element_ops_by_kind
from inception_calc.analysis.metrics import METRICS
from inception_calc.analysis.receptive_field import receptive_fields
from inception_calc.onnx_export.model import write_model
from inception_calc.onnx_export.plan import plan


class Seen(NamedTuple):
    """A receptive field."""

    size: object
    stride: object
    offset: object


ALIKE = (
    "googlenet",
    "resnet50",
    "se_resnet50",
    "mobilenet_v2",
    "densenet121",
    "unet",
    "c3d",
    "m11",
    "inception_v4",
    "nin_cifar10",
)
"""Every word of these is one operator of ONNX; xception's separable convolutions are two layers, lenet5's sums many."""
COSTS = ("params", "weights", "biases", "buffers", "multiply_adds", "element_ops")
HUNG_OVER = {
    name: Seen((76, 230, 230), (16, 32, 32), (-30, -59, -59))
    for name in ("fc6", "fc6/relu", "fc6/dropout", "fc7", "fc7/relu", "fc7/dropout", "fc8", "softmax")
}
"""C3D's last pool rounds up; a file says so by padding at the end, and padding counts as seen."""


def seen(analysis: Analysis) -> dict[str, Seen]:
    fields = zip(analysis.layers, receptive_fields(analysis.graph), strict=True)
    return {cost.layer.name: Seen(field.size, field.stride, field.offset) for cost, field in fields if field}


def effective(analysis: Analysis) -> object:
    return METRICS["effective_multiply_adds"].of(analysis)


@pytest.mark.parametrize("name", ALIKE)
def test_costs_by_kind_are_equal(name: str, tmp_path: Path):
    spec = analyze(name)
    write_model(plan(spec), tmp_path / f"{name}.onnx", "constant", 0)
    back = analyze(str(tmp_path / f"{name}.onnx"))
    assert [getattr(back.totals, cost) for cost in COSTS] == [getattr(spec.totals, cost) for cost in COSTS]
    assert element_ops_by_kind(back.layers) == element_ops_by_kind(spec.layers)
    assert back.totals.depth == spec.totals.depth
    assert back.graph.known is not None
    assert not back.graph.known.gaps
    assert back.dtype == "fp32"
    same_rows = {row.name: row.totals.multiply_adds for row in spec.rows}
    assert {row.name: row.totals.multiply_adds for row in back.rows if row.name != "shape arithmetic"} == same_rows
    assert effective(back) == effective(spec)
    assert seen(spec).items() - seen(back).items() == ({} if name != "c3d" else HUNG_OVER).items()


@pytest.mark.parametrize(
    "name", ["mobilenet_v3_large", "efficientnet_b0", "convnext_tiny", "shufflenet_v2_x1_0", "unet@printed"]
)
def test_totals_are_equal_where_words_are_several_operators(name: str, tmp_path: Path):
    """SiLU is a sigmoid and a product, a layer norm stands between transposes, a shuffle between reshapes."""
    spec = analyze(name)
    write_model(plan(spec), tmp_path / "net.onnx", "constant", 0)
    back = analyze(str(tmp_path / "net.onnx"))
    assert [getattr(back.totals, cost) for cost in COSTS] == [getattr(spec.totals, cost) for cost in COSTS]
    assert back.totals.depth == spec.totals.depth
    assert back.graph.known is not None
    assert not back.graph.known.gaps


@pytest.mark.parametrize("name", ["googlenet", "resnet50", "unet"])
def test_compare_finds_no_difference_and_one_that_is_made(name: str, tmp_path: Path):
    from inception_calc.comparison import compare, subject_of

    files = []
    for batch in (1, 2):
        files.append(str(tmp_path / f"{batch}.onnx"))
        write_model(plan(analyze(name, batch=batch)), Path(files[-1]), "constant", 0)
    assert not compare([name, files[0]]).changes
    assert not compare([files[0], name]).changes
    assert not compare([files[0], files[0]]).changes
    doubled = compare([subject_of(file) for file in files])
    assert {change.kind for change in doubled.changes} == {"moved along"}
    assert doubled.ratios["multiply_adds"] == (1, 2)


def test_memory_is_that_of_the_spec_where_nothing_is_rewritten(tmp_path: Path):
    spec = analyze("unet")
    write_model(plan(spec), tmp_path / "unet.onnx", "constant", 0)
    back = analyze(str(tmp_path / "unet.onnx"))
    for metric in ("activation_elements", "activation_bytes", "param_bytes"):
        assert getattr(back.totals, metric) == getattr(spec.totals, metric)
    assert METRICS["peak_activation_bytes"].of(back) == METRICS["peak_activation_bytes"].of(spec)
