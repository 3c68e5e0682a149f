"""Budgets without a file: limits from the command line, for specs that are named there."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from inception_calc.budget.base import SUFFIXES
from inception_calc.budget.library import Spec
from inception_calc.budget.match import is_glob, matching_files
from inception_calc.budget.models import Budget, BudgetFile, read_change, read_input, read_max
from inception_calc.budget.read import NAME, Budgets, shown
from inception_calc.budget.rules import check_budget
from inception_calc.problems import Fault, Faults, InputError, Problem
from inception_calc.spec_file import DEFAULT

ID = "limits"
OPTIONS = {"max": "--max", "change": "--max-change", "input": "--input"}
"""Fields of a budget -> the options that say them."""


def budgets_from_flags(
    specs: Sequence[str],
    limits: Iterable[str],
    changes: Iterable[str],
    setting: Mapping[str, Any],
    input: Sequence[str] = (),  # noqa: A002 - the option's word
) -> Budgets:
    """One budget for each spec, with limits such as `multiply_adds=1.6G` and changes such as `params=+0`.

    `setting` holds the other fields of a budget. Raises `InputError` with every mistake.
    """
    problems: list[Problem] = []
    values: dict[str, Any] = dict(setting)
    given: dict[str, Callable[[], Any]] = {
        "max": lambda: read_max(_pairs(limits)) if limits else {},
        "change": lambda: read_change(_pairs(changes)) if changes else {},
        "input": lambda: read_input(_sizes(input)) if input else None,
    }
    for field, read in given.items():
        try:
            values[field] = read()
        except (Fault, Faults) as found:
            problems += [_problem(OPTIONS[field], fault) for fault in found.faults]
    if problems:
        raise InputError(*problems)
    budgets = []
    for reference in chain.from_iterable(map(references, specs)):
        name, variant = split(reference)
        made = Budget.model_construct(
            _fields_set={field for field, value in values.items() if value},
            id=ID,
            match=(name,),
            variant=variant,
            **values,
        )
        if faults := list(check_budget(made)):
            raise InputError(*(_problem(OPTIONS[str(fault.path[0])], fault) for fault in faults))
        budgets.append(made)
    file = BudgetFile.model_construct(version=1, base="auto", budgets=tuple(budgets))
    return Budgets(file, Path.cwd() / NAME, "the command line", None)


def _problem(option: str, fault: Fault) -> Problem:
    return Problem(fault.code, f"{option}: {fault.what}", None, fault.fix)


def references(spec: str) -> list[str]:
    """The networks that a user names by one SPEC: a glob that no shell replaced means several."""
    if not is_glob(spec) or not spec.lower().endswith(SUFFIXES) or ":" in spec or Path(spec).exists():
        return [spec]
    found = matching_files(spec, Path.cwd())
    if not found:
        raise InputError(Problem("no-spec", f"'{spec}' matches no file", None, "mend the path"))
    return found


def _sizes(texts: Sequence[str]) -> str | dict[str, str]:
    """`3x224x224`, or the sizes of inputs by name: `ids=1x64`."""
    found: dict[str, str] = {}
    for text in texts:
        name, _, size = text.rpartition("=")
        if name in found or (found and ("" in found or not name)):
            again = f"'{name}' is given twice" if name in found and name else "sizes need names where there are several"
            raise Fault("two-sizes", again, fix="write --input NAME=1x64 for each")
        found[name] = size
    return found.get("", found)


def _pairs(texts: Iterable[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not value:
            raise Fault("bad-value", f"'{text}' is no METRIC=LIMIT", fix="write multiply_adds=1.6G, or params=+0")
        if name in pairs:
            raise Fault("twice", f"'{name}' is limited twice", fix="leave one out")
        pairs[name] = value
    return pairs


def split(reference: str) -> tuple[str, str]:
    """A SPEC and its variant."""
    name, _, variant = reference.rpartition("@")
    if not name or ":" in variant or Path(reference).exists():
        return reference, DEFAULT
    return name, variant or DEFAULT


def spec_of(name: str) -> Spec:
    """The spec that a user names: a file of the working tree has a base, anything else has none."""
    path = Path(name)
    return Spec(shown(path), Path.cwd() / path) if path.is_file() else Spec(name)
