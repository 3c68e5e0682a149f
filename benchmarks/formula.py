"""What symbols cost: `formula` against `table -f json`, and a layer with three free symbols against one with numbers.

    python benchmarks/formula.py [ROUNDS]

Whole processes are measured in turns, by CPU time. The layers are those of one row of repeated bottlenecks, a hundred
to ten thousand; each process measures its own analysis with `time.process_time`, once with numbers and once with size,
batch and width multiplier left free, so that start-up and reading are left out.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import in_turns, machine, ratios, rounds_asked, spread
from scaling import LAYERS_EACH, SPEC

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = [sys.executable, "-m", "inception_calc"]
COMMANDS = {
    "table googlenet -f json": [*PROGRAM, "table", "googlenet", "-f", "json"],
    "formula googlenet": [*PROGRAM, "formula", "googlenet"],
    "formula googlenet --free size,width_multiplier,batch": [
        *PROGRAM, "formula", "googlenet", "--free", "size,width_multiplier,batch",
    ],
    "table googlenet --set size= --set batch= -f json": [
        *PROGRAM, "table", "googlenet", "--set", "size=", "--set", "batch=", "-f", "json",
    ],
}  # fmt: skip
WIDE = SPEC.replace("rows:\n", "rows:\n  stem: {{convolution: 1x1, filters: 64}}\n")
"""The width multiplier leaves the input's channels alone, so the sums need a layer in front that it scales."""
SIZES = (100, 1_000, 10_000)
LAYERS = """
import json, sys, time
from inception_calc import analyze, load
loaded = load(sys.argv[1])
free = dict.fromkeys(("size", "batch", "width_multiplier"))
analyze(loaded)  # what is imported on first use is not a layer's cost
times = []
for symbols in ({}, free):
    start = time.process_time()
    layers = len(analyze(loaded, symbols=symbols).layers)
    times.append((time.process_time() - start) / layers)
print(json.dumps(times))
"""


def main() -> None:
    """Prints two markdown tables."""
    rounds = rounds_asked(__doc__ or "", 15)
    runs = in_turns(COMMANDS, rounds, ROOT)
    first, *_ = COMMANDS
    print(f"{machine()}; {rounds} rounds in turn\n")
    print("| process | CPU ms, median (range) | against the table |\n|---|--:|--:|")
    for name, measured in runs.items():
        milliseconds = spread([1000 * run.cpu_seconds for run in measured], 0)
        print(f"| {name} | {milliseconds} | {spread(ratios(measured, runs[first]))} |")
    print("\n| layers | numbers, us a layer | three free symbols, us a layer | ratio |\n|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = Path(folder, f"{size}.yaml")
            path.write_text(WIDE.format(times=size // LAYERS_EACH), encoding="utf-8")
            pairs = [_layer_seconds(path) for _ in range(rounds)]
            numbers, symbols = (spread([1e6 * pair[index] for pair in pairs], 0) for index in (0, 1))
            print(f"| {size:,} | {numbers} | {symbols} | {spread([pair[1] / pair[0] for pair in pairs])} |")


def _layer_seconds(path: Path) -> tuple[float, float]:
    command = [sys.executable, "-c", LAYERS, str(path)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    numbers, symbols = json.loads(result.stdout)
    return numbers, symbols


if __name__ == "__main__":
    main()
