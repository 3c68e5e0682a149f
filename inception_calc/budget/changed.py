"""Which networks of a check changed since its base, and where each was before: what the action draws reports of."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from inception_calc.budget.base import Base, find_base
from inception_calc.problems import Stop


def changed(specs: Iterable[str], environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(before, now) of each file with other bytes at the base of `auto`; `before` is REF:path, or empty for a new one.

    Nothing where there is no base: the check itself says why.
    """
    files = [name for name in dict.fromkeys(specs) if Path(name).is_file()]
    try:
        base = find_base("auto", Path.cwd(), environment, map(Path, files))
    except Stop:
        return
    for name in files:
        file = Path.cwd() / name
        if base.text_path(file) is not None and not base.unchanged(file, with_neighbours=False):
            yield _before(base, file), name


def _before(base: Base, file: Path) -> str:
    path = base.text_path(file)
    assert path is not None
    old = path if base.commit.entry(path) is not None else base.origin(file)
    return "" if old is None else f"{base.commit.hash}:{old}"


def changed_text(report: str) -> str:
    """The same of a report that `check -f json` wrote, each part ended by a zero byte, for a shell."""
    document = json.loads(Path(report).read_text(encoding="utf-8"))
    pairs = changed((entry["spec"] for entry in document["specs"]), os.environ)
    return "".join(f"{before}\0{now}\0" for before, now in pairs)
