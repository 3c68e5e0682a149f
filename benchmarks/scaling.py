"""What one layer more costs, from a hundred layers to a hundred thousand: CPU time and memory of whole processes.

    python benchmarks/scaling.py [ROUNDS]

The spec is one row of repeated bottlenecks: as many layers as asked for, from a file of constant size.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from measuring import in_turns, machine, rounds_asked, spread

ROOT = Path(__file__).resolve().parents[1]
LAYERS_EACH = 10
"""Of one repeated block: three convolutions with batch norm and ReLU (the last without), the sum and its ReLU."""
SIZES = (100, 1_000, 10_000, 100_000)
NOISE = ("in the noise", "")
SPEC = """
name: scaling
input: 64x56x56
defaults:
  convolution: {{batch norm: true, bias: false, activation: relu, padding: half}}
rows:
  body:
    repeat: {times}
    sum:
      shortcut: identity
      residual:
        - {{convolution: 1x1, filters: 16}}
        - {{convolution: 3x3, filters: 16}}
        - {{convolution: 1x1, filters: 64, activation: none}}
    activation: relu
"""


def main() -> None:
    """Prints a markdown table for the table in JSON and for the analysis alone."""
    rounds = rounds_asked(__doc__ or "", 5)
    with tempfile.TemporaryDirectory() as folder:
        commands = {}
        for size in (0, *SIZES):
            path = Path(folder, f"{size}.yaml")
            path.write_text(SPEC.format(times=max(1, size // LAYERS_EACH)), encoding="utf-8")
            analysis = f"from inception_calc import analyze, load; analyze(load({str(path)!r}))"
            commands[f"analysis {size}"] = [sys.executable, "-c", analysis]
            commands[f"json {size}"] = [sys.executable, "-m", "inception_calc", "table", str(path), "-f", "json"]
        runs = in_turns(commands, rounds, ROOT)
    print(f"{machine()}; {rounds} rounds in turn; start-up (a spec of {LAYERS_EACH} layers) taken off\n")
    print("| what | layers | CPU s, median (range) | microseconds a layer | layers a second | bytes a layer |")
    print("|---|--:|--:|--:|--:|--:|")
    for what in ("analysis", "json"):
        start = runs[f"{what} 0"]
        least_seconds = statistics.median(run.cpu_seconds for run in start)
        noise = max(run.cpu_seconds for run in start) - min(run.cpu_seconds for run in start)
        least_bytes = statistics.median(run.peak_bytes for run in start)
        for size in SIZES:
            measured = runs[f"{what} {size}"]
            more = size - LAYERS_EACH
            seconds = statistics.median(run.cpu_seconds for run in measured) - least_seconds
            memory = statistics.median(run.peak_bytes for run in measured) - least_bytes
            each, rate = NOISE if seconds < noise else (f"{seconds / more * 1e6:.0f}", f"{more / seconds:,.0f}")
            held = f"{memory / more:,.0f}" if memory > 2**20 else NOISE[0]
            print(f"| {what} | {size:,} | {spread([run.cpu_seconds for run in measured])} | {each} | {rate} | {held} |")


if __name__ == "__main__":
    main()
