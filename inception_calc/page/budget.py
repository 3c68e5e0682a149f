"""Verdicts of a budget file on the specs of a page, and the limits that its pictures draw."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from inception_calc.budget import Judgement, check, read_file
from inception_calc.page.forms import exact
from inception_calc.problems import InputError, Problem
from inception_calc.report.check_words import detail_lines, what_of
from inception_calc.report.text import visible


def judged(path: str, sources: Sequence[str]) -> Mapping[str, tuple[dict[str, Any], ...]]:
    """Spec file -> its verdicts, the worst first; raises `InputError` where the budgets speak of none of them."""
    files = [source for source in dict.fromkeys(sources) if Path(source).is_file()]
    if not files:
        what = f"'{path}' judges files, and '{sources[0]}' is none"
        raise InputError(Problem("bad-usage", what, None, "name the spec's file: specs/googlenet.yaml"))
    budgets = read_file(Path.cwd() / path)
    report = check(budgets, specs=files, environment=os.environ)
    return {
        file: tuple(_entry(one) for one in report.judgements if _speaks_of(one, budgets.folder, Path(file)))
        for file in files
    }


def _speaks_of(judgement: Judgement, folder: Path, file: Path) -> bool:
    return (folder / judgement.spec).resolve() == file.resolve()


def _entry(judgement: Judgement) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": visible(judgement.id),
        "verdict": judgement.verdict,
        "what": visible(what_of(judgement)),
        "details": [visible(line) for line in detail_lines(judgement)],
    }
    if judgement.section == "max" and judgement.part == "total" and judgement.unit in ("count", "bytes"):
        entry |= {"metric": judgement.metric, "limit": exact(int(judgement.limit or 0)), "text": judgement.limit_text}
    return entry
