"""What a cold `table -f json` costs against only importing its libraries; CPU time of whole processes, in turns.

python benchmarks/startup.py [ROUNDS]; the models that it reads are exported first, which needs the extra `onnx`
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import in_turns, machine, ratios, rounds_asked, spread

ROOT = Path(__file__).resolve().parents[1]
IMPORTS = """
import typer, yaml, pydantic
class Model(pydantic.BaseModel):
    a: int = 1
"""
PROGRAM = [sys.executable, "-m", "inception_calc"]


def commands(folder: Path) -> dict[str, list[str]]:
    """What is measured; models are written into a folder."""
    models = {}
    for name in ("lenet5", "googlenet"):
        models[name] = str(folder / f"{name}.onnx")
        subprocess.run([*PROGRAM, "export", name, "-o", models[name]], cwd=ROOT, check=True, capture_output=True)
    return {
        "imports alone": [sys.executable, "-c", IMPORTS],
        "typer alone": [sys.executable, "-c", "import typer"],
        "table specs/googlenet.yaml -f json": [*PROGRAM, "table", "specs/googlenet.yaml", "-f", "json"],
        **{f"table {name}.onnx -f json": [*PROGRAM, "table", path, "-f", "json"] for name, path in models.items()},
    }


def main() -> None:
    """Prints a markdown table."""
    rounds = rounds_asked(__doc__ or "", 20)
    with tempfile.TemporaryDirectory() as folder:
        runs = in_turns(commands(Path(folder)), rounds, ROOT)
    print(f"{machine()}; {rounds} rounds in turn\n")
    print("| process | CPU ms, median (range) | against imports | peak MiB |\n|---|--:|--:|--:|")
    for name, measured in runs.items():
        milliseconds = spread([1000 * run.cpu_seconds for run in measured], 0)
        against = spread(ratios(measured, runs["imports alone"]))
        peak = max(run.peak_bytes for run in measured) / 2**20
        print(f"| {name} | {milliseconds} | {against} | {peak:.0f} |")


if __name__ == "__main__":
    main()
