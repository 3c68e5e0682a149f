"""`table -f json` loads no heavy module; a second test shows that the first can fail."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cli.program import ROOT, environment
from tests.onnx_graph.test_imports import LIGHT

HEAVY = (
    "rich", "sympy", "numpy", "onnx", "onnxruntime", "mpmath", "vl_convert", "inception_calc.page",
    "inception_calc.pictures",
)  # fmt: skip
PROGRAM = """
import atexit, os, sys
def end(code):
    names = {name.partition(".")[0] for name in sys.modules}
    names |= {name for name in sys.modules if name in ("inception_calc.page", "inception_calc.pictures")}
    sys.stderr.write("loaded: " + " ".join(sorted(names)))
    sys.stderr.flush()
    real(code)
real, os._exit = os._exit, end
sys.argv = ["inception-calc", *sys.argv[1:]]
from inception_calc.__main__ import main
main()
"""


def loaded(*arguments: str) -> set[str]:
    """The top-level modules, and the rooms of the page, that a fresh interpreter has loaded when the program ends."""
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


@pytest.mark.parametrize("more", [("-f", "json"), ("--by", "kind", "--top", "3", "-f", "plain")])
def test_table_of_a_model_loads_nothing_that_reads_specs(more: tuple[str, ...]):
    modules = loaded("table", str(LIGHT / "light_squeezenet.onnx"), *more)
    assert {"inception_calc", "typer"} <= modules
    assert not modules & {*HEAVY, "pydantic", "pydantic_core", "yaml"}


def test_this_list_can_fail():
    assert "rich" in loaded("table", "inception_module", "-f", "rich")


def test_and_so_can_the_rooms_of_the_page():
    pytest.importorskip("vl_convert")
    modules = loaded("report", "inception_module", "-o", "-")
    assert {"vl_convert", "inception_calc.page", "inception_calc.pictures"} <= modules


@pytest.mark.parametrize(
    "arguments",
    [
        ("table", "googlenet", "--set", "size=", "--set", "batch=", "-f", "json"),
        ("check", "googlenet", "--input", "3x{128..448}x{128..448}", "--max", "multiply_adds=6.4G"),
        ("compare", "googlenet@naive", "googlenet", "--set", "batch=", "-f", "json"),
        ("explain", "googlenet", "3a/5x5", "--symbolic"),
        ("formula", "googlenet", "--free", "size,batch,width_multiplier", "--assume", "size % 32 == 0"),
        ("solve", "googlenet", "--max", "multiply_adds=1.5G", "--over", "size"),
    ],
)
def test_symbols_are_our_own_from_birth_and_never_load_sympy(arguments: tuple[str, ...]):
    assert "sympy" not in loaded(*arguments)


def test_that_list_can_fail_too():
    program = (
        "from inception_calc import analyze; analyze('lenet5', symbols={'batch': None}).totals.multiply_adds.to_sympy()"
    )
    result = subprocess.run(
        [sys.executable, "-c", f"{program}; import sys; print('sympy' in sys.modules)"],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert result.stdout == "True\n"
