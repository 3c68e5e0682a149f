"""`check` of ten budgets over the shipped zoo, cold, against one `table -f json` of the same specs.

CPU time (user and system) of whole processes, in alternating runs; the ratio of the medians is what counts, because
machines differ. Run it with the repository's Python: python benchmarks/check.py
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
RUNS = 15
MOST = 3.0

BUDGETS = """\
version: 1
budgets:
  - {id: all-ops, match: specs/*.yaml, max: {multiply_adds: 30G}}
  - {id: all-params, match: specs/*.yaml, max: {params: 160M}, change: {params: +0}}
  - {id: all-memory, match: specs/*.yaml, max: {peak_activation_bytes: 60MB}}
  - {id: all-rows, match: specs/*.yaml, rows: {name: "*"}, max: {multiply_adds: 15G}}
  - {id: all-layers, match: specs/*.yaml, layers: {op: convolution}, max: {multiply_adds: 5G}}
  - {id: all-changes, match: specs/*.yaml, change: {multiply_adds: +1%}}
  - {id: googlenet, match: specs/googlenet.yaml, max: {multiply_adds: 1.6G, params: 7M}, existing: warn}
  - {id: modules, match: specs/googlenet.yaml, rows: {type: inception}, max: {multiply_adds: 310M, share: 20%}}
  - {id: bottleneck, match: specs/googlenet.yaml, compare: {to: naive}, max: {multiply_adds_ratio: 0.35}}
  - {id: mobile, match: specs/mobilenet_v2.yaml, max: {multiply_adds: 320M, param_bytes: 15MB}, slack: 20%}
"""


def cpu(folder: Path, *arguments: str) -> float:
    """Seconds of CPU time of one run."""
    before = os.times()
    subprocess.run(
        [sys.executable, "-m", "inception_calc", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    """Prints both medians and their ratio; ends with 1 where it is over the target."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "specs", folder / "specs")
        (folder / "inception-calc.yaml").write_text(BUDGETS, encoding="utf-8")
        who = ["-c", "user.name=benchmark", "-c", "user.email=benchmark@example.org"]
        for arguments in (["init", "-q", "-b", "main", "."], ["add", "-A"], [*who, "commit", "-q", "-m", "zoo"]):
            subprocess.run(["git", *arguments], cwd=folder, check=True)
        specs = sorted(path.relative_to(folder).as_posix() for path in (folder / "specs").glob("*.yaml"))
        kinds = {
            "table googlenet -f json": ("table", "specs/googlenet.yaml", "-f", "json"),
            "table ZOO -f json": ("table", *specs, "-f", "json"),
            "check": ("check", "-f", "plain"),
        }
        times: dict[str, list[float]] = {kind: [] for kind in kinds}
        for _ in range(RUNS):
            for kind, arguments in kinds.items():
                times[kind].append(cpu(folder, *arguments))
    medians = {kind: statistics.median(values) for kind, values in times.items()}
    for kind, median in medians.items():
        print(f"{kind:<24} {median:6.3f} s CPU, median of {RUNS}")
    one, zoo, check = medians.values()
    print(f"check / table of the zoo  {check / zoo:5.2f} (target: at most {MOST})")
    print(f"check / table of one spec {check / one:5.2f}")
    sys.exit(check / zoo > MOST)


if __name__ == "__main__":
    main()
