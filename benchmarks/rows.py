"""What rows cost that are written one by one, against rows that are repeated; and rows with a mistake in each.

    python benchmarks/rows.py [ROUNDS]

Every table shows as many lines. A file of mistakes ends with exit code 2, which is what is measured there.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from measuring import in_turns, machine, ratios, rounds_asked, spread

ROOT = Path(__file__).resolve().parents[1]
ROWS = 30_000
HEAD = "name: rows\ninput: 3x224x224\nrows:\n"
ROW = "  r{number}: {{convolution: 3x3, {key}: {filters}, padding: {padding}}}\n"
REPEATED = "repeated"
SPECS = {
    REPEATED: HEAD + f"  r: {{convolution: 3x3, filters: 8, padding: 1, repeat: {ROWS}}}\n",
    "written, all alike": HEAD
    + "".join(ROW.format(number=number, key="filters", filters=8, padding=1) for number in range(ROWS)),
    "written, a thousand different": HEAD
    + "".join(ROW.format(number=number, key="filters", filters=number % 1000 + 1, padding=1) for number in range(ROWS)),
    "a misspelt key in each": HEAD
    + "".join(ROW.format(number=number, key="filtres", filters=8, padding=1) for number in range(ROWS)),
    "a negative padding in each": HEAD
    + "".join(ROW.format(number=number, key="filters", filters=8, padding=-1) for number in range(ROWS)),
}


def main() -> None:
    """Prints a markdown table."""
    rounds = rounds_asked(__doc__ or "", 5)
    with tempfile.TemporaryDirectory() as folder:
        commands = {}
        for name, text in SPECS.items():
            path = Path(folder, f"{len(commands)}.yaml")
            path.write_text(text, encoding="utf-8")
            by = "layer" if name == REPEATED else "row"
            expected = 2 if name.startswith("a ") else 0
            line = f'"$0" -m inception_calc table "$1" --by {by}; test $? -eq {expected}'
            commands[name] = ["sh", "-c", line, sys.executable, str(path)]
        runs = in_turns(commands, rounds, ROOT)
    print(f"{machine()}; {rounds} rounds in turn; {ROWS:,} rows\n")
    print("| rows | CPU s, median (range) | against repeated | peak MiB |")
    print("|---|--:|--:|--:|")
    for name, measured in runs.items():
        seconds = spread([run.cpu_seconds for run in measured])
        peak = max(run.peak_bytes for run in measured) / 2**20
        print(f"| {name} | {seconds} | {spread(ratios(measured, runs[REPEATED]))} | {peak:.0f} |")


if __name__ == "__main__":
    main()
