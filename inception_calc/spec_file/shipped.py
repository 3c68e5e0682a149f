"""The specs that come with the program."""

from __future__ import annotations

from functools import cache
from pathlib import Path

LONGEST_NAME = 100


@cache
def folder() -> Path:
    """`inception_calc/specs` in a wheel, `specs/` beside the package in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "specs"
    return inside if inside.is_dir() else package.parent / "specs"


def names() -> list[str]:
    """The shipped names, in alphabetical order."""
    return sorted(path.stem for path in folder().glob("*.yaml"))


def path(name: str) -> Path | None:
    """The file of a shipped spec; None where there is none of that name."""
    if len(name) > LONGEST_NAME or not name.replace("_", "").replace("-", "").isalnum():
        return None
    found = folder() / f"{name}.yaml"
    return found if found.is_file() else None
