"""Whole outputs, kept as files in tests/output/. After a wanted change: `python -m tests.report.golden`, then read
the difference. What the numbers in them must be is judged elsewhere; here only that the outputs stay as they are.
"""

from __future__ import annotations

from pathlib import Path

from tests.cli.program import ROOT, output

FOLDER = ROOT / "tests" / "output"
SUFFIXES = {
    "plain": "txt",
    "rich": "rich",
    "markdown": "md",
    "csv": "csv",
    "tsv": "tsv",
    "latex": "tex",
    "html": "html",
    "json": "json",
}
CALLS = {
    "googlenet": ["specs/googlenet.yaml"],
    "inception_module": ["inception_module", "--by", "layer"],
    "towers": ["tests/output/towers.yaml", "tests/output/towers.yaml@narrow", "--printed", "--training"],
    "table1": ["googlenet", "--style", "paper"],
}


def written(name: str, folder: Path) -> None:
    """Writes the call's output in every format to `folder`, in one run of the program."""
    targets = [f"-o{kind}:{folder / f'{name}.{suffix}'}" for kind, suffix in SUFFIXES.items()]
    output("table", *CALLS[name], *targets)
    (folder / f"{name}.80.rich").write_text(output("table", *CALLS[name], "-f", "rich", COLUMNS="80", FORCE_COLOR="1"))


def names(name: str) -> list[str]:
    """The files of a call."""
    return [*(f"{name}.{suffix}" for suffix in SUFFIXES.values()), f"{name}.80.rich"]


if __name__ == "__main__":
    for call in CALLS:
        written(call, FOLDER)
