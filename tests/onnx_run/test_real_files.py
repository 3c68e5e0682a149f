"""Real files of Python packages run as they are counted, where a folder with their archives is named.

See `tests/onnx_graph/packages.py`; the sizes are those at which the counts there were taken.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from inception_calc.analysis import analyze
from inception_calc.onnx_run.model_proof import prove_model
from inception_calc.onnx_run.runtime import Options
from tests.onnx_graph.packages import files
from tests.onnx_graph.test_packages import COUNTED

WHEELS = os.environ.get("ONNX_WHEELS", "")


@cache
def contents() -> dict[str, bytes]:
    return dict(files(Path(WHEELS)))


@pytest.mark.skipif(not WHEELS, reason="ONNX_WHEELS names no folder with the packages of packages.txt")
@pytest.mark.parametrize("name", COUNTED)
def test_every_node_runs_as_it_is_counted(name: str, tmp_path: Path):
    if name not in contents():
        pytest.skip("this version of the package is not there")
    path = tmp_path / "model.onnx"
    path.write_bytes(contents()[name])
    for told in COUNTED[name]:
        sizes = {given: tuple(shape) for given, shape in told["inputs"].items() if shape}
        values = {given: str(value) for given, value in told["values"].items() if not told["inputs"][given]}
        found = prove_model(analyze(str(path), input=sizes, symbols=values), Options(), 0, lambda _: None)
        assert (found.mismatches, found.open) == ((), ())
