"""How many networks a second a sweep decides, against the same sums written by hand in numpy, and against `analyze`.

    python benchmarks/sweep.py [ROUNDS]

Two spaces of about 10^8 points: the lecture's module (its reduction, the image's height and width) and GoogLeNet with
ten cells of its first two modules. Both metrics are worked out and held to a limit each. "every point" switches the
bounds off, which is what the hand-written expression does too; "with bounds" is what users get. Times are CPU time of
one process, in turns. Then whole processes at 10^9 points: seconds and peak memory.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import NamedTuple

import numpy
from measuring import machine, rounds_asked, run, spread

from inception_calc import analyze
from inception_calc.sweep.run import sweep
from inception_calc.sweep.walk import Walk
from inception_calc.sweep.wording import Wording

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = [sys.executable, "-m", "inception_calc", "sweep"]
MODULE = Wording(
    "inception_module",
    {"reduction": "1:1000", "height": "1:100", "width": "1:1000"},
    max=("multiply_adds=1G", "params=1.5M"),
)
CELLS = ("3a.1x1", "3a.3x3 reduce", "3a.3x3", "3a.5x5 reduce", "3a.5x5", "3a.pool proj")
CELLS += ("3b.3x3 reduce", "3b.3x3", "3b.5x5 reduce", "3b.5x5")
GOOGLENET = Wording("googlenet", dict.fromkeys(CELLS, "16:96:16"), max=("multiply_adds=1.25G", "params=6.5M"))
LARGE = {
    "10^9 points of the module, --count": [
        "inception_module", "--vary", "reduction=1:1000", "--vary", "height=1:1000", "--vary", "width=1:1000",
        "--max", "multiply_adds=1G", "--max", "params=1.5M", "--count",
    ],
    "10^9 points of the module, the 20 largest": [
        "inception_module", "--vary", "reduction=1:1000", "--vary", "height=1:1000", "--vary", "width=1:1000",
        "--max", "multiply_adds=1G", "--sort", "-params,-multiply_adds", "--top", "20",
    ],
    "10^8 points of the module, every one that fits counted": [
        "inception_module", "--vary", "reduction=1:1000", "--vary", "height=1:100", "--vary", "width=1:1000",
        "--max", "multiply_adds=1G", "--max", "params=1.5M", "--count",
    ],
}  # fmt: skip


class Timed(NamedTuple):
    """CPU seconds, how many fit, and how many points were worked out one by one."""

    seconds: float
    fit: int
    evaluated: int


def module_by_hand() -> int:
    """How many networks of the module's space fit: the sums of the lecture, h w (a + b r), a thousand points a row."""
    filters, taps = 256, 9 * 192 + 25 * 96
    reduction = numpy.arange(1, 1001)
    fit = 0
    for height in range(1, 101):
        for first in range(1, 1001, 64):
            width = numpy.arange(first, min(first + 64, 1001)).reshape(-1, 1)
            weights = filters * (128 + 64) + (2 * filters + taps) * reduction
            multiply_adds = height * width * weights
            params = weights + 128 + 192 + 96 + 64 + 2 * reduction
            fit += int(numpy.count_nonzero((multiply_adds <= 10**9) & (params <= 1_500_000)))
    return fit


def googlenet_by_hand(base: tuple[int, int]) -> int:
    """The same for GoogLeNet's; `base` is what all that does not vary costs."""
    values = numpy.arange(16, 97, 16)
    c4 = values.reshape(-1, 1, 1, 1)
    c5, d2, d3 = (values.reshape(-1, *[1] * place) for place in (2, 1, 0))
    fit = 0
    for a1 in map(int, values):
        for a2 in map(int, values):
            for a3 in map(int, values):
                for a4 in map(int, values):
                    for a5 in map(int, values):
                        for a6 in map(int, values):
                            first = 192 * (a1 + a2 + a4 + a6) + 9 * a2 * a3 + 25 * a4 * a5
                            deep = a1 + a3 + a5 + a6
                            out = 128 + c5 + d3 + 64
                            second = deep * (128 + c4 + d2 + 64) + 9 * c4 * c5 + 25 * d2 * d3
                            third = out * (192 + 96 + 16 + 64)
                            multiply_adds = base[0] + 784 * (first + second) + 196 * third
                            biases = a1 + a2 + a3 + a4 + a5 + a6 + c4 + c5 + d2 + d3
                            params = base[1] + first + second + third + biases
                            kept = (multiply_adds <= 1_250_000_000) & (params <= 6_500_000)
                            fit += int(numpy.count_nonzero(kept))
    return fit


def base_of_googlenet() -> tuple[int, int]:
    """GoogLeNet's costs without what its ten cells decide, from one network."""
    totals = analyze("googlenet", symbols=dict.fromkeys(CELLS, 16)).totals
    first, out = 192 * 64 + 34 * 256, 128 + 16 + 16 + 64
    second, third = 64 * (128 + 16 + 16 + 64) + 34 * 256, out * (192 + 96 + 16 + 64)
    multiply_adds = totals.multiply_adds - 784 * (first + second) - 196 * third
    return multiply_adds, totals.params - first - second - third - 160


def swept(wording: Wording) -> Timed:
    """Our own count."""
    start = process_time()
    found = sweep(wording.setup(), counting=True).found
    return Timed(process_time() - start, found.fit, found.evaluated)


def without_bounds(wording: Wording) -> Timed:
    """Our own count of every point."""
    decided = Walk.decided
    Walk.decided = lambda *_: False  # type: ignore[method-assign]
    try:
        return swept(wording)
    finally:
        Walk.decided = decided  # type: ignore[method-assign]


def timed(count: Callable[[], int]) -> Timed:
    """A count by hand."""
    start = process_time()
    fit = count()
    return Timed(process_time() - start, fit, 0)


def main() -> None:
    """Prints two markdown tables."""
    rounds = rounds_asked(__doc__ or "", 5)
    base = base_of_googlenet()
    print(f"{machine()}, numpy {numpy.__version__}; load {os.getloadavg()[0]:.1f}; {rounds} rounds in turn\n")
    print("| space | points | way | M points a second, median (range) | CPU time against by hand | worked out |")
    print("|---|--:|---|--:|--:|--:|")
    hands: dict[str, Callable[[], int]] = {"module": module_by_hand, "GoogLeNet": lambda: googlenet_by_hand(base)}
    for name, wording in (("module", MODULE), ("GoogLeNet", GOOGLENET)):
        size = wording.setup().space.size
        ways: dict[str, Callable[[], Timed]] = {
            "by hand": lambda name=name: timed(hands[name]),  # type: ignore[misc]
            "every point": lambda wording=wording: without_bounds(wording),  # type: ignore[misc]
            "with bounds": lambda wording=wording: swept(wording),  # type: ignore[misc]
        }
        runs = {way: [] for way in ways}
        for _ in range(rounds):
            for way, once in ways.items():
                runs[way].append(once())
        assert len({one.fit for found in runs.values() for one in found}) == 1, runs
        for way, found in runs.items():
            rate = spread([size / one.seconds / 1e6 for one in found], 0)
            against = [one.seconds / hand.seconds for one, hand in zip(found, runs["by hand"], strict=True)]
            worked = f"{found[0].evaluated / size:.0%}" if found[0].evaluated else ""
            print(f"| {name} | {size:,} | {way} | {rate} | {spread(against)} | {worked} |")
        start = process_time()
        for _ in range(20):
            analyze(wording.spec, symbols=dict.fromkeys(wording.vary, "64"))
        print(f"| {name} | 20 | `analyze` in a loop | {20 / (process_time() - start) / 1e6:.6f} | | |")
    print("\n| whole process | CPU s | peak MiB |\n|---|--:|--:|")
    for name, words in LARGE.items():
        found = [run([*PROGRAM, *words], ROOT) for _ in range(3)]
        seconds = spread([one.cpu_seconds for one in found])
        print(f"| {name} | {seconds} | {max(one.peak_bytes for one in found) / 2**20:.0f} |")


if __name__ == "__main__":
    main()
