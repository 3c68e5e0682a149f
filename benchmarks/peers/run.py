"""The per-layer table of GoogLeNet by inception-calc and by four peers: CPU time and peak memory of whole processes.

    python benchmarks/peers/run.py [ROUNDS]

Makes three virtual environments in a temporary folder (this checkout; torch with fvcore; onnx with onnxsim and
onnx-tool), runs all tools in turn and prints a markdown table. Needs about 2 GB of disk and a package index.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from measuring import in_turns, machine, ratios, rounds_asked, spread  # noqa: E402

OURS = "inception-calc table --by layer"
PACKAGES = {
    "ours": [str(HERE.parents[1])],
    "torch": ["torch==2.13.0", "fvcore==0.1.5.post20221221", "setuptools"],
    "onnx": ["onnx==1.23.2", "onnxsim==0.8.1", "onnx-tool==1.0.1"],
}
TOOLS = {  # name: (environment, package whose version is shown, script)
    "fvcore": ("torch", "fvcore", "fvcore_table.py"),
    "torch FlopCounterMode": ("torch", "torch", "torch_flop_counter.py"),
    "onnx-tool": ("onnx", "onnx-tool", "onnx_tool_table.py"),
    "onnxsim": ("onnx", "onnxsim", "onnxsim_report.py"),
}


def environment(folder: Path, packages: list[str]) -> Path:
    """A fresh virtual environment with these packages; its Python."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
    return python


def answer(python: Path, code: str) -> str:
    """What a line of Python prints there."""
    return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def main() -> None:
    """Prints a markdown table."""
    rounds = rounds_asked(__doc__ or "", 5)
    with tempfile.TemporaryDirectory() as folder:
        pythons = {name: environment(Path(folder, name), packages) for name, packages in PACKAGES.items()}
        found = "import onnx, pathlib; print(pathlib.Path(onnx.__file__).parent)"
        model = Path(answer(pythons["onnx"], found), "backend/test/data/light/light_inception_v1.onnx")
        program = str(pythons["ours"].with_name("inception-calc"))
        commands = {OURS: [program, "table", "googlenet", "--by", "layer"]}
        versions = {OURS: "this checkout"}
        for name, (where, package, script) in TOOLS.items():
            commands[name] = [str(pythons[where]), str(HERE / script), str(model)]
            versions[name] = answer(pythons[where], f"import importlib.metadata as m; print(m.version({package!r}))")
        runs = in_turns(commands, rounds, Path(folder))
    print(f"{machine()}; {rounds} rounds in turn\n")
    print("| tool | version | CPU s, median (range) | CPU against ours | peak MiB |\n|---|---|--:|--:|--:|")
    for name, measured in runs.items():
        seconds = spread([run.cpu_seconds for run in measured])
        against = spread(ratios(measured, runs[OURS]), 1)
        peak = max(run.peak_bytes for run in measured) / 2**20
        print(f"| {name} | {versions[name]} | {seconds} | {against} | {peak:,.0f} |")


if __name__ == "__main__":
    main()
