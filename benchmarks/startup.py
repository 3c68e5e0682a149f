"""What a cold `table -f json` costs against only importing its libraries; CPU time of whole processes, in turns.

python benchmarks/startup.py [ROUNDS]
"""

from __future__ import annotations

import sys
from pathlib import Path

from measuring import in_turns, machine, ratios, rounds_asked, spread

ROOT = Path(__file__).resolve().parents[1]
IMPORTS = """
import typer, yaml, pydantic
class Model(pydantic.BaseModel):
    a: int = 1
"""
COMMANDS = {
    "imports alone": [sys.executable, "-c", IMPORTS],
    "table -f json": [sys.executable, "-m", "inception_calc", "table", "specs/googlenet.yaml", "-f", "json"],
}


def main() -> None:
    """Prints a markdown table."""
    rounds = rounds_asked(__doc__ or "", 20)
    runs = in_turns(COMMANDS, rounds, ROOT)
    print(f"{machine()}; {rounds} rounds in turn\n")
    print("| process | CPU ms, median (range) | against imports | peak MiB |\n|---|--:|--:|--:|")
    for name, measured in runs.items():
        milliseconds = spread([1000 * run.cpu_seconds for run in measured], 0)
        against = spread(ratios(measured, runs["imports alone"]))
        peak = max(run.peak_bytes for run in measured) / 2**20
        print(f"| {name} | {milliseconds} | {against} | {peak:.0f} |")


if __name__ == "__main__":
    main()
