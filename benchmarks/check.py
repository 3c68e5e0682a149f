"""`check` of ten budgets over the zoo, cold, against one `table -f json`; CPU time of whole processes, in turns.

python benchmarks/check.py [ROUNDS]
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import in_turns, machine, ratios, rounds_asked, spread

ROOT = Path(__file__).resolve().parents[1]
MOST = 3.0
ONE = "table specs/googlenet.yaml -f json"
CHECK = "check"
PROGRAM = f"import sys; sys.path[0] = {str(ROOT)!r}; from inception_calc.__main__ import main; main()"

BUDGETS = """\
version: 1
budgets:
  - {id: all-ops, match: specs/*.yaml, max: {multiply_adds: 40T}}
  - {id: all-params, match: specs/*.yaml, max: {params: 8G}, change: {params: +0}}
  - {id: all-memory, match: specs/*.yaml, max: {peak_activation_bytes: 5GB}}
  - {id: all-rows, match: specs/*.yaml, rows: {name: "*"}, max: {multiply_adds: 40T}}
  - {id: all-layers, match: specs/*.yaml, layers: {op: convolution}, max: {multiply_adds: 20G}}
  - {id: all-changes, match: specs/*.yaml, change: {multiply_adds: +1%}}
  - {id: googlenet, match: specs/googlenet.yaml, max: {multiply_adds: 1.6G, params: 7M}, existing: warn}
  - {id: modules, match: specs/googlenet.yaml, rows: {type: inception}, max: {multiply_adds: 310M, share: 20%}}
  - {id: bottleneck, match: specs/googlenet.yaml, compare: {to: naive}, max: {multiply_adds_ratio: 0.35}}
  - {id: mobile, match: specs/mobilenet_v2.yaml, max: {multiply_adds: 320M, param_bytes: 15MB}, slack: 20%}
"""


def main() -> None:
    """Prints a markdown table; ends with 1 where the check costs more than its target."""
    rounds = rounds_asked(__doc__ or "", 15)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "specs", folder / "specs")
        (folder / "inception-calc.yaml").write_text(BUDGETS, encoding="utf-8")
        who = ["-c", "user.name=benchmark", "-c", "user.email=benchmark@example.org"]
        for arguments in (["init", "-q", "-b", "main", "."], ["add", "-A"], [*who, "commit", "-q", "-m", "zoo"]):
            subprocess.run(["git", *arguments], cwd=folder, check=True)
        specs = sorted(path.relative_to(folder).as_posix() for path in (folder / "specs").glob("*.yaml"))
        calls = {
            ONE: ("table", "specs/googlenet.yaml", "-f", "json"),
            f"table of all {len(specs)} specs -f json": ("table", *specs, "-f", "json"),
            CHECK: ("check", "-f", "plain"),
        }
        runs = in_turns({kind: [sys.executable, "-c", PROGRAM, *call] for kind, call in calls.items()}, rounds, folder)
    print(f"{machine()}; {rounds} rounds in turn\n")
    print("| process | CPU ms, median (range) | against one table | peak MiB |\n|---|--:|--:|--:|")
    for kind, measured in runs.items():
        milliseconds = spread([1000 * run.cpu_seconds for run in measured], 0)
        peak = max(run.peak_bytes for run in measured) / 2**20
        print(f"| {kind} | {milliseconds} | {spread(ratios(measured, runs[ONE]))} | {peak:.0f} |")
    sys.exit(statistics.median(ratios(runs[CHECK], runs[ONE])) > MOST)


if __name__ == "__main__":
    main()
