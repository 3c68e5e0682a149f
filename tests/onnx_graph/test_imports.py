"""Walking a model needs nothing but the core, also with free sizes; a second test shows that the first can fail."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import onnx

LIGHT = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"
SMALL = Path(onnx.__file__).parent / "backend" / "test" / "data" / "simple" / "test_sequence_model4" / "model.onnx"
HEAVY = {"onnx", "google", "numpy", "pydantic", "yaml", "sympy", "typer", "rich"}
PROGRAM = """
import sys
from pathlib import Path
from inception_calc.onnx_file import read_file
from inception_calc.onnx_graph import walk
found = walk(read_file(Path(sys.argv[1])), "m")
assert found.steps
{more}
print(" ".join(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""


def loaded(path: Path, more: str = "") -> set[str]:
    code = PROGRAM.format(more=more)
    run = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_nothing_heavy_is_loaded():
    assert not loaded(LIGHT / "light_inception_v1.onnx", "print(found.multiply_adds)") & HEAVY
    assert not loaded(SMALL, "print(found.outputs)") & HEAVY


def test_this_list_can_fail():
    assert "sympy" in loaded(SMALL, "import sympy")
