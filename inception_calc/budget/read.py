"""Finds and reads a budget file, every value with its place."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath

from inception_calc.budget.models import BudgetFile
from inception_calc.budget.rules import check_file
from inception_calc.problems import Faults, InputError, Location, Problem
from inception_calc.spec_file.load import in_file_order, read_bytes
from inception_calc.spec_file.nodes import Mapping
from inception_calc.spec_file.places import location_of, plain, problem_of
from inception_calc.spec_file.yaml_reader import FileKind, decode, read_yaml

NAME = "inception-calc.yaml"
BUDGET_FILE = FileKind(
    "budget files",
    "write 'version: 1' and 'budgets: ...'; `inception-calc init` does",
    "write the value out in each place",
    "write the keys out in each budget",
    "let a budget speak of several specs: match: specs/*.yaml",
    "keep all budgets in one list",
)


@dataclass(frozen=True, slots=True)
class Budgets:
    """A budget file that was read."""

    file: BudgetFile
    path: FilePath
    source: str
    """The file as people see it, from the current folder."""
    root: Mapping | None
    """Where its values stand; None for budgets from the command line."""

    @property
    def folder(self) -> FilePath:
        """What globs count from."""
        return self.path.parent

    def location(self, *path: str | int, at_key: bool = False) -> Location | None:
        """Where a value stands, or its key."""
        return None if self.root is None else location_of(self.root, path, at_key=at_key)


def find_file(start: FilePath) -> FilePath | None:
    """The budget file of a folder or of one above it, up to the root of the git repository."""
    return next(_files_from(FilePath(os.path.abspath(start))), None)  # noqa: PTH100 - links stay links


def files_above(path: FilePath) -> list[FilePath]:
    """Other budget files in the folders above one, up to the root of the git repository: they are not read."""
    folder = FilePath(os.path.abspath(path.parent))  # noqa: PTH100 - links stay links
    return [found for found in _files_from(folder) if found.parent != folder]


def _files_from(folder: FilePath) -> Iterator[FilePath]:
    for above in (folder, *folder.parents):
        if (above / NAME).is_file():
            yield above / NAME
        if (above / ".git").exists():
            break


def shown(path: FilePath, folder: FilePath | None = None) -> str:
    """A file as people see it: from a folder, else the current one, where it lies below or near it."""
    relative = FilePath(os.path.relpath(path, folder))
    return (relative if relative.parts[:3] != ("..",) * 3 else path).as_posix()


def read_file(path: FilePath) -> Budgets:
    """The budget file; raises `InputError` with every problem of it."""
    source = shown(path)
    data = read_bytes(path, source, if_missing="`inception-calc init` writes a budget file")
    return read_text(decode(data, source, BUDGET_FILE), path, source)


def read_text(text: str, path: FilePath, source: str) -> Budgets:
    """The budgets that a text says."""
    root, problems = read_yaml(text, source, BUDGET_FILE)
    try:
        file = BudgetFile.read(plain(root), "a budget file")
        if faults := list(check_file(file)):
            raise Faults(faults)
    except Faults as found:
        problems += [problem_of(root, fault) for fault in found.faults]
    if problems:
        raise InputError(*in_file_order(problems))
    return Budgets(file, path, source, root)


def missing_file() -> InputError:
    """The complaint where there is no budget file."""
    fix = "`inception-calc init` writes one; or: inception-calc check SPEC --max multiply_adds=1.6G"
    if FilePath(NAME).with_suffix(".yml").exists():
        fix = f"rename {FilePath(NAME).with_suffix('.yml')}"
    return InputError(Problem("no-budget-file", f"there is no {NAME} here or above", None, fix))
