"""Files of the onnx package: published totals, and layers that sum to what the walk found."""

from __future__ import annotations

from pathlib import Path

import pytest

onnx = pytest.importorskip("onnx")

from inception_calc.analysis import analyze  # noqa: E402
from inception_calc.onnx_file import read_file  # noqa: E402
from inception_calc.onnx_graph import walk  # noqa: E402
from inception_calc.problems import Stop  # noqa: E402

DATA = Path(onnx.__file__).parent / "backend" / "test" / "data"
ROLES = {"weights", "biases", "affine", "buffers", "embeddings"}


def test_googlenet():
    found = analyze(str(DATA / "light" / "light_inception_v1.onnx"))
    assert found.totals.params == 6_998_552  # Caffe's
    assert (found.totals.depth, found.totals.depth_with_pools) == (22, 27)  # section 5 of the paper
    assert [size[-2:] for size in (found.layers[0].layer.output,)] == [(112, 112)]


def test_blocks_of_resnet_50_without_names():
    """Stages of 3, 4, 6 and 3 blocks (Table 1 of the paper); the first of each has a projection."""
    rows = analyze(str(DATA / "light" / "light_resnet50.onnx")).graph.rows
    assert [row.repeat for row in rows if row.repeat > 1] == [2, 3, 5, 2]


def test_rows_of_googlenet_are_those_of_the_paper():
    """The file names no node, its weights say modules: `inception_3a/1x1_w_0`."""
    rows = {row.name: row.totals.params for row in analyze(str(DATA / "light" / "light_inception_v1.onnx")).rows}
    for row in analyze("googlenet").rows:
        if row.name[0].isdigit():
            assert rows[f"inception_{row.name}"] == row.totals.params


@pytest.mark.parametrize("folder", ["light", "pytorch-converted", "pytorch-operator", "simple"])
def test_layers_sum_to_the_walk_and_each_stands_in_one_row(folder: str):
    seen = 0
    for path in sorted((DATA / folder).rglob("*.onnx")):
        try:
            walked = walk(read_file(path), str(path))
        except Stop:
            continue
        found = analyze(str(path), symbols={})
        assert found.graph.known is not None
        if found.graph.known.assumptions:
            continue
        seen += 1
        assert found.totals.multiply_adds == walked.multiply_adds, path
        params = walked.params()
        held = [cost.param_counts for cost in found.layers]
        for role in ROLES:
            assert sum(getattr(each, role) for each in held) == params.get(role, 0), (path, role)
        assert sum(each.constants for each in held) == params.get("other", 0), path
        assert sorted(index for row in found.graph.rows for index in row.layers) == list(range(len(found.layers)))
        names = [cost.layer.name for cost in found.layers]
        assert len(set(names)) == len(names)
        assert len({row.name for row in found.rows}) == len(found.rows)
        for index, cost in enumerate(found.layers):
            assert all(source < index for source in cost.layer.inputs), path
    assert seen > 5
