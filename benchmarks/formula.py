"""Building all of GoogLeNet's closed forms against importing sympy: CPU time, in fresh processes, one after the other.

    python benchmarks/formula.py [ROUNDS]

One process of a pair imports sympy and nothing else; the other one has everything imported and the spec read, and
builds the closed forms of the whole, every row and every layer over size, batch and width multiplier, and writes all of
them as text. Both measure themselves with `time.process_time`. The ratio of each pair is printed, and its median
with the smallest and largest; the medians of both times stand beside it.
"""

import statistics
import subprocess
import sys
from pathlib import Path

from measuring import rounds_asked

ROOT = Path(__file__).parents[1]
IMPORT = """
import time
start = time.process_time()
import sympy
print(time.process_time() - start)
"""
BUILD = """
import time
import sympy
from inception_calc.dims.printing import python_text
from inception_calc.formula import CLOSED_METRICS, closed_forms
from inception_calc.spec_file import load
spec = load("googlenet")
start = time.process_time()
forms = closed_forms(spec, ["size", "batch", "width_multiplier"])
groups = (forms.totals, *forms.rows, *forms.layers)
texts = [python_text(group.counts[metric]) for group in groups for metric in CLOSED_METRICS]
print(time.process_time() - start)
assert len(texts) == 4 * len(groups)
"""


def seconds(program: str) -> float:
    """The CPU seconds that a fresh process measures."""
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return float(result.stdout)


def main() -> None:
    """Prints every pair and the summary."""
    pairs = rounds_asked(__doc__ or "", 15)
    imports, builds = [], []
    for index in range(pairs):
        for program, times in (
            ((IMPORT, imports), (BUILD, builds)) if index % 2 else ((BUILD, builds), (IMPORT, imports))
        ):
            times.append(seconds(program))
    ratios = [build / once for build, once in zip(builds, imports, strict=True)]
    print("ratios      ", " ".join(f"{ratio:.2f}" for ratio in ratios))
    print(f"import sympy {statistics.median(imports) * 1000:7.1f} ms CPU, median of {pairs}")
    print(f"closed forms {statistics.median(builds) * 1000:7.1f} ms CPU, median of {pairs}")
    print(f"ratio        {statistics.median(ratios):.2f} (from {min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
