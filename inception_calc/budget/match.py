"""Globs of budgets -> files, and filters of rows and layers -> parts of a network."""

import glob
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from inception_calc.analysis import Analysis, Group, Totals
from inception_calc.budget.models import Budget
from inception_calc.problems import Path as Keys


def matching_files(pattern: str, folder: Path, leave_out: Path | None = None) -> list[str]:
    """The files below `folder` that a glob means, with slashes, in alphabetical order. A file's own name wins."""
    if (folder / pattern).is_file():
        return [pattern]
    found = glob.glob(pattern, root_dir=folder, recursive=True)  # noqa: PTH207 - pathlib's has no root_dir
    files = [name for name in found if (folder / name).is_file() and folder / name != leave_out]
    return sorted(Path(name).as_posix() for name in files)


def is_glob(pattern: str) -> bool:
    """True for a pattern that may mean several files."""
    return glob.has_magic(pattern)


class Target(NamedTuple):
    """What a budget judges: the whole network, a row or a layer."""

    kind: str
    """total, row or layer."""
    name: str
    totals: Totals
    path: Keys
    """Where it stands in the spec; empty for the whole."""


def targets(budget: Budget, analysis: Analysis) -> list[Target]:
    """The parts of a network that a budget judges."""
    if budget.rows is not None:
        return [
            Target("row", group.name, group.totals, ("heads" if _is_head(group) else "rows", group.name))
            for group in analysis.rows
            if _fits(budget.rows, {"type": group.type, "name": group.name, "label": group.label})
        ]
    if budget.layers is not None:
        found = []
        for cost, group in zip(analysis.layers, analysis.single_layers, strict=True):
            layer = cost.layer
            if _fits(budget.layers, {"op": layer.op.op, "name": layer.name, "row": layer.row}):
                found.append(Target("layer", layer.name, group.totals, layer.path))
        return found
    return [Target("total", "", analysis.totals, ())]


def _is_head(group: Group) -> bool:
    return group.row is not None and group.row.is_head


def _fits(globs: dict[str, str], texts: dict[str, str]) -> bool:
    return all(texts[key] == pattern or fnmatchcase(texts[key], pattern) for key, pattern in globs.items())


def deleted_files(patterns: Sequence[str], present: Sequence[str], base: Sequence[str]) -> list[str]:
    """Files that the globs meant at the base and that are gone."""
    here = set(present)
    return [
        name
        for name in base
        if name not in here and any(name == pattern or fnmatchcase(name, pattern) for pattern in patterns)
    ]
