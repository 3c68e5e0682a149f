"""Globs of budgets -> files, and filters of rows and layers -> parts of a network."""

import glob
import os
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import NamedTuple

from inception_calc.analysis import Analysis, Group, LayerCost, Totals
from inception_calc.analysis.model import single_layer
from inception_calc.budget.models import Budget
from inception_calc.problems import Location, Stop
from inception_calc.spec_file.git import repository


def matching_files(pattern: str, folder: Path, leave_out: Path | None = None) -> list[str]:
    """The files below `folder` that a pattern means, as a name and as a glob, with slashes, in alphabetical order.

    Both, because a file that is called `specs/*.yaml` must not take all others out of sight. A link to nothing counts:
    a spec must not go out of sight because its file is gone.
    """

    def found(text: str) -> list[str]:
        return glob.glob(text, root_dir=folder, recursive=True)  # noqa: PTH207 - pathlib's has no root_dir

    names = [*found(glob.escape(pattern)), *found(pattern)]
    paths = {name: folder / name for name in names}
    files = [name for name, path in paths.items() if _may_be_spec(path) and path != leave_out]
    return sorted(Path(name).as_posix() for name in files)


def _may_be_spec(path: Path) -> bool:
    return path.is_file() or (path.is_symlink() and not path.is_dir())


def leads_out(path: Path, folder: Path) -> bool:
    """True for a link to somewhere outside the folder's repository: a budget speaks of nothing there."""
    real = path.resolve()
    if real.is_relative_to(folder.resolve()):
        return False
    here = repository(folder)
    return here is None or not real.is_relative_to(here.root.resolve())


def is_glob(pattern: str) -> bool:
    """True for a pattern that may mean several files."""
    return glob.has_magic(pattern)


class Target(NamedTuple):
    """What a budget judges: the whole network, a row or a layer."""

    kind: str
    """total, row or layer."""
    name: str
    totals: Totals
    location: Location | None
    """Where it stands in the spec or model; None for the whole."""
    was: str = ""
    """Its name at the base, where the budget's selector held it there and does not hold it now."""


class Selectable(NamedTuple):
    """A row or layer of a network, and whether a budget's selector fits it."""

    name: str
    fits: bool
    target: Callable[[], Target]
    """Itself as something to judge: summed only where it is asked for."""


def parts(budget: Budget, analysis: Analysis) -> tuple[Selectable, ...]:
    """Every row or layer of a network, as the budget's selector asks for."""
    if budget.rows is not None:
        fits = budget.rows.fits
        return tuple(
            [
                Selectable(
                    group.name,
                    fits({"type": group.type, "name": group.name, "label": group.label}),
                    partial(_row, analysis, group),
                )
                for group in analysis.rows
            ]
        )
    if budget.layers is None:
        return ()
    fits = budget.layers.fits
    return tuple(
        [
            Selectable(
                cost.layer.name,
                fits({"op": cost.layer.op.op, "name": cost.layer.name, "row": cost.layer.row}),
                partial(_layer, analysis, cost),
            )
            for cost in analysis.layers
        ]
    )


def _row(analysis: Analysis, group: Group) -> Target:
    place = None if group.row is None else analysis.origin.place_of_row(group.row)
    return Target("row", group.name, group.totals, place)


def _layer(analysis: Analysis, cost: LayerCost) -> Target:
    return Target("layer", cost.layer.name, single_layer(cost), analysis.origin.place_in_row(cost.layer))


def whole(analysis: Analysis) -> Target:
    """The network itself."""
    return Target("total", "", analysis.totals, None)


def means(pattern: str, name: str) -> bool:
    """Whether a pattern means a file that is not there to be found."""
    if pattern == name:
        return True
    if "**" in pattern:
        return fnmatchcase(name, pattern)
    parts = pattern.removeprefix("./").split("/"), name.split("/")
    return len(parts[0]) == len(parts[1]) and all(map(fnmatchcase, parts[1], parts[0]))


def deleted_files(patterns: Sequence[str], present: Sequence[str], base: Sequence[str]) -> list[str]:
    """Files that the globs meant at the base and that are gone."""
    here = set(present)
    return [name for name in base if name not in here and any(means(pattern, name) for pattern in patterns)]


def left_out_files(folder: Path) -> list[str]:
    """Files of the last commit that a sparse checkout leaves out of the working tree, from a folder."""
    try:
        here = repository(folder)
        if here is None or not here.is_sparse():
            return []
        head = here.commit("HEAD")
        names = (os.path.relpath(here.root / entry.path, folder) for entry in head.entries()) if head else ()
        return [Path(name).as_posix() for name in names if not os.path.lexists(folder / name)]
    except Stop:  # whatever needs git says so
        return []
