"""`table -f json` loads no heavy module; a second test shows that the first can fail."""

from __future__ import annotations

import subprocess
import sys

from tests.cli.program import ROOT, environment

HEAVY = ("rich", "sympy", "numpy", "onnx", "onnxruntime", "mpmath")
PROGRAM = """
import atexit, os, sys
def end(code):
    names = {name.partition(".")[0] for name in sys.modules}
    sys.stderr.write("loaded: " + " ".join(sorted(names)))
    sys.stderr.flush()
    real(code)
real, os._exit = os._exit, end
sys.argv = ["inception-calc", *sys.argv[1:]]
from inception_calc.__main__ import main
main()
"""


def loaded(*arguments: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded when the program ends."""
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert result.stdout
    return set(result.stderr.partition("loaded: ")[2].split())


def test_table_as_json_loads_no_heavy_module():
    modules = loaded("table", "specs/googlenet.yaml", "-f", "json")
    assert {"inception_calc", "typer", "yaml", "pydantic"} <= modules
    assert not modules & set(HEAVY)


def test_this_list_can_fail():
    assert "rich" in loaded("table", "inception_module", "-f", "rich")
    assert "sympy" in loaded("table", "inception_module", "--set", "size=", "-f", "json")
