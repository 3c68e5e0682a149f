"""Specs that a budget's globs met at the base and do not meet now: moved out of their reach, or deleted."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from inception_calc.budget.base import SUFFIXES, Base
from inception_calc.budget.match import deleted_files


class Lost(NamedTuple):
    """A spec of the base, and where it is now; None for one that was deleted. Both count from the budget file."""

    before: str
    now: str | None


def lost_files(base: Base, folder: Path, patterns: Sequence[str], present: Sequence[str]) -> Iterator[Lost]:
    """What the globs meant at the base and mean no longer, without what was renamed inside of them."""
    inside = base.text_path(folder / "x")
    if inside is None:
        return
    prefix = inside[:-1]
    then = [entry.path.removeprefix(prefix) for entry in base.commit.entries() if entry.path.startswith(prefix)]
    gone = deleted_files(patterns, present, then)
    if not gone:
        return
    now: dict[str, str] = {}
    for name in new_files(base, folder, prefix, gone):
        old = base.origin(folder / name)
        if old is not None:
            now.setdefault(old.removeprefix(prefix), name)
    for name in gone:
        found = now.get(name)
        if found is None or found not in present:
            yield Lost(name, found)


def new_files(base: Base, folder: Path, prefix: str, gone: Sequence[str]) -> list[str]:
    """Specs that may be one that is gone: all of the last commit, and those that lie where one was."""
    names = dict.fromkeys(
        os.path.relpath(entry.path, prefix or ".") for entry in base.head.entries() if entry.path.endswith(SUFFIXES)
    )
    for place in dict.fromkeys(Path(name).parent for name in gone):
        found = sorted((folder / place).iterdir()) if (folder / place).is_dir() else []
        names |= dict.fromkeys((place / path.name).as_posix() for path in found if path.suffix in SUFFIXES)
    known = {entry.path for entry in base.commit.entries()}
    return [name for name in names if base.text_path(folder / name) not in known and (folder / name).is_file()]
