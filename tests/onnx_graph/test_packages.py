"""Real files of Python packages, where a folder with their archives is named: see `packages.py`."""

from __future__ import annotations

import json
import os
from functools import cache
from math import prod
from pathlib import Path

import pytest

from inception_calc.analysis import analyze
from inception_calc.dims import free_symbols, substitute
from inception_calc.onnx_file import read_bytes
from inception_calc.onnx_graph import walk
from inception_calc.onnx_ops.value import INT64, Tensor
from tests.onnx_graph.packages import COUNTS, files

COUNTED = json.loads(COUNTS.read_text())
WHEELS = os.environ.get("ONNX_WHEELS", "")
ONLY_A_RUN_KNOWS = ("hey_jarvis",)
"""An If on data: the larger branch counts, and that is said."""
SIZES_DECIDE = ("wespeaker",)
"""A slice between two free ends."""


@cache
def contents() -> dict[str, bytes]:
    return dict(files(Path(WHEELS)))


def test_many_files_are_counted():
    assert len(COUNTED) >= 100


@pytest.mark.skipif(not WHEELS, reason="ONNX_WHEELS names no folder with the packages of packages.txt")
@pytest.mark.parametrize("name", COUNTED)
def test_multiply_adds_are_those_of_the_runtime(name):
    data = contents().get(name)
    if data is None:
        pytest.skip("this version of the package is not there")
    model = read_bytes(data, name)
    for told in COUNTED[name]:
        values = {
            given: Tensor(tuple(shape), INT64, (told["values"][given],) * prod(shape) if prod(shape) <= 1024 else None)
            for given, shape in told["inputs"].items()
            if given in told["values"]
        }
        given = {one: Tensor(tuple(shape)) for one, shape in told["inputs"].items()} | values
        whole = walk(model, name, given)
        assert not whole.gaps
        if any(word in name for word in ONLY_A_RUN_KNOWS):
            assert whole.assumptions
            assert whole.multiply_adds >= told["multiply_adds"]
            continue
        assert whole.multiply_adds == told["multiply_adds"]

        scalars = {given: value for given, value in values.items() if value.elements == 1}
        free = walk(model, name, scalars)
        sizes = {
            next(iter(free_symbols(size))): number
            for given, shape in told["inputs"].items()
            for size, number in zip(free.inputs[given].shape, shape, strict=True)
            if not isinstance(size, int)
        }
        if not any(word in name for word in SIZES_DECIDE):
            assert substitute(free.multiply_adds, sizes) == told["multiply_adds"]


BLOCKS = {"rxnmap.onnx": [8, 7], "smart-turn-v3.2-cpu.onnx": [4], "open-nsfw.onnx": [2, 3, 5, 2]}
"""Layers of the encoders as their configurations say, and of ResNet-50's stages all blocks but the first."""


@pytest.mark.skipif(not WHEELS, reason="ONNX_WHEELS names no folder with the packages of packages.txt")
def test_rows_show_the_blocks_and_hold_each_layer_once(tmp_path: Path):
    for name, data in contents().items():
        file = tmp_path / "model.onnx"
        file.write_bytes(data)
        found = analyze(str(file))
        assert sorted(index for row in found.graph.rows for index in row.layers) == list(range(len(found.layers)))
        if name.rpartition("/")[2] in BLOCKS:
            copies = [row.repeat for row in found.graph.rows if row.repeat > 1]
            assert copies == BLOCKS[name.rpartition("/")[2]], name
