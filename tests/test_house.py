"""No two modules of the house know each other: imports inside functions and for type checkers count too."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.cli.program import ROOT

HOUSE = ROOT / "inception_calc"


def name_of(path: Path) -> str:
    """`inception_calc.dims.window`; a room's `__init__` is the room."""
    parts = path.relative_to(HOUSE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(text: str, modules: set[str]) -> set[str]:
    """The modules that a text names in its imports, wherever they stand."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in modules else node.module for name in names}
    return found & modules


def house() -> dict[str, set[str]]:
    """Module -> the modules that it knows. The front door and the rooms' own lists of names are left out."""
    texts = {name_of(path): path.read_text(encoding="utf-8") for path in HOUSE.rglob("*.py")}
    doors = {name_of(path.parent / "__init__.py") for path in HOUSE.rglob("__init__.py")}
    graph = {name: imports(text, set(texts)) for name, text in texts.items()}
    return {name: known for name, known in graph.items() if name not in doors or name == "inception_calc.cli"}


def test_no_two_modules_know_each_other():
    TopologicalSorter(house()).prepare()


def test_this_test_can_fail():
    graph = house()
    graph["inception_calc.spec_file.use"].add("inception_calc.spec_file.load")
    with pytest.raises(CycleError):
        TopologicalSorter(graph).prepare()
