"""Whole reports of `check` and `compare`, kept in tests/budget/output/. After a wanted change:
`python -m tests.budget.golden`, then read the difference. Dates of commits are fixed, so hashes are too.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.budget.scratch import Scratch, net, repository

FOLDER = Path(__file__).parent / "output"
BUDGETS = """\
version: 1
budgets:
  - {id: total, match: net.yaml, max: {multiply_adds: 400k, param_bytes: 1MiB}, change: {params: +0}, slack: 50%}
  - {id: rows, match: net.yaml, rows: {type: convolution}, max: {share: 90%}}
"""
CHECKS = {
    "plain": "txt", "markdown": "md", "html": "html", "latex": "tex", "csv": "csv", "tsv": "tsv", "json": "json",
    "github": "github", "sarif": "sarif", "junit": "xml",
}  # fmt: skip
DATES = {"GIT_AUTHOR_DATE": "2014-09-17T00:00:00Z", "GIT_COMMITTER_DATE": "2014-09-17T00:00:00Z"}


def written(folder: Path) -> dict[str, str]:
    """File name -> text of every kept report, made in a repository in `folder`."""
    made = repository(folder)
    made.write("net.yaml", net(16))
    made.write("inception-calc.yaml", BUDGETS)
    made.commit("net", **DATES)
    made.git("checkout", "-q", "-b", "feature")
    made.commit("begun", **DATES)
    made.write("net.yaml", net(17))
    reports = {f"check.{suffix}": _shown(made, "check", "-f", kind) for kind, suffix in CHECKS.items()}
    for kind in ("plain", "json"):
        reports[f"compare.{CHECKS[kind]}"] = _shown(made, "compare", "main:net.yaml", "net.yaml", "-f", kind)
    return reports


def _shown(made: Scratch, *arguments: str) -> str:
    done = made.run(*arguments)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        for file, text in written(Path(name) / "repo").items():
            (FOLDER / file).write_text(text, encoding="utf-8")
