"""What carries symbols: the room's own polynomials against sympy, symengine and python-flint, each in a fresh process.

    python -m pip install symengine python-flint && python benchmarks/carriers.py [ROUNDS]

A process imports its carrier, makes three symbols, and works out the multiply-adds of 2,000 convolutions behind a
halved map of height x width, n images of it. Import and a layer's share of the CPU time are printed, each as a median
with the smallest and largest; and whether the carrier knows that floor((h + 3) / 2) is floor((h + 1) / 2) + 1, without
which branches of equal size would not be known to join.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from measuring import machine, rounds_asked, spread

ROOT = Path(__file__).resolve().parents[1]
LAYERS = 2_000
IMPORTS = {
    "own": """
from inception_calc.dims import floor_div as floored
from inception_calc.dims import symbol
""",
    "sympy": """
import sympy
def symbol(name): return sympy.Symbol(name, integer=True, positive=True)
def floored(a, b): return sympy.floor(a / b)
""",
    "symengine": """
import symengine
symbol = symengine.Symbol
def floored(a, b): return symengine.floor(a / b)
""",
    "python-flint": """
import flint
atoms = [f"q{index}" for index in range(16)]
made = flint.fmpz_mpoly_ctx.get(("h", "w", "n", *atoms), "degrevlex")
generators = dict(zip(made.names(), made.gens()))
symbol = generators.__getitem__
known = {}
def floored(a, b):  # a ring has no floors: each becomes a generator of its own, found by its text
    return generators[known.setdefault((str(a), b), f"q{len(known)}")]
""",
}
WORK = f"""
loaded = time.process_time()
h, w, n = symbol("h"), symbol("w"), symbol("n")
start = time.process_time()
total = 0
for index in range({LAYERS}):
    kernels = 9 * (3 + index % 7) * 64
    total = kernels * floored(h + 1, 2) * floored(w + 1, 2) * n
end = time.process_time()
melts = str(floored(h + 3, 2) - floored(h + 1, 2)) == "1"
print(json.dumps([loaded - begun, (end - start) / {LAYERS}, melts]))
"""


def main() -> None:
    """Prints a markdown table."""
    rounds = rounds_asked(__doc__ or "", 9)
    measured: dict[str, list[list[float]]] = {name: [] for name in IMPORTS}
    for _ in range(rounds):
        for name, imports in IMPORTS.items():
            program = f"import json, time\nbegun = time.process_time()\n{imports}\n{WORK}"
            result = subprocess.run(
                [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
            )
            if result.returncode:
                print(f"{name}: {result.stderr.strip().splitlines()[-1]}", file=sys.stderr)
            else:
                measured[name].append(json.loads(result.stdout))
    print(f"{machine()}; {rounds} rounds in turn\n")
    print("| carrier | import, CPU ms | a layer, CPU us | equal sizes known as equal |\n|---|--:|--:|---|")
    for name, runs in measured.items():
        if runs:
            imports, layers = spread([1e3 * run[0] for run in runs], 0), spread([1e6 * run[1] for run in runs], 1)
            print(f"| {name} | {imports} | {layers} | {'yes' if runs[0][2] else 'no'} |")


if __name__ == "__main__":
    main()
