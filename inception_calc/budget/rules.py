"""What the parts of a budget file must be together: no limit may stand where it could never be judged."""

from collections.abc import Iterator

from inception_calc.analysis.metrics import METRICS
from inception_calc.budget.models import RATIOS, Against, Budget, BudgetFile
from inception_calc.problems import Fault, Path, nearest


def check_file(file: BudgetFile) -> Iterator[Fault]:
    """Every fault of names and combinations."""
    if not file.budgets:
        yield Fault("no-budget", "there is no budget here", path=("budgets",), at_key=True, fix="add '- id: ...'")
    seen: dict[str, int] = {}
    for index, budget in enumerate(file.budgets):
        path: Path = ("budgets", index)
        if budget.id in seen:
            yield Fault("twice", f"the id '{budget.id}' stands here a second time", path=(*path, "id"), fix="rename it")
        seen.setdefault(budget.id, index)
        for fault in check_budget(budget):
            yield fault.under(*path)
    for index, waiver in enumerate(file.waivers):
        path = ("waivers", index)
        if waiver.budget not in seen:
            fix = nearest(waiver.budget, seen)
            yield Fault("unknown-budget", f"there is no budget '{waiver.budget}'", path=(*path, "budget"), fix=fix)


def check_budget(budget: Budget) -> Iterator[Fault]:
    """What one budget says that cannot be judged."""
    if not budget.max and not budget.change:
        yield Fault("no-limit", f"the budget '{budget.id}' limits nothing", path=("id",), fix="add 'max' or 'change'")
    parts = [key for key in ("rows", "layers", "compare") if getattr(budget, key) is not None]
    if len(parts) > 1:
        yield _beside(parts[1], parts[0])
    part = parts[0] if parts else None
    for name in budget.max:
        path = ("max", name)
        if (name in RATIOS) != (part == "compare"):
            fix = (
                "write a budget with compare: {variant: default, to: naive}"
                if name in RATIOS
                else f"write {name}_ratio"
            )
            what = "is a ratio to something" if name in RATIOS else "is no ratio, and this budget compares two variants"
            yield Fault("wrong-metric", f"'{name}' {what}", path=path, at_key=True, fix=fix)
        if name == "share" and part not in ("rows", "layers"):
            fix = "write a budget with rows: {name: '*'}"
            yield Fault("wrong-metric", "the share of the whole is always 100%", path=path, at_key=True, fix=fix)
    for section, limits in (("max", budget.max), ("change", budget.change)):
        for name in limits:
            if name in METRICS and METRICS[name].measured is not None and part in ("rows", "layers"):
                what = f"a part of a network has no {METRICS[name].label} of its own"
                yield Fault("wrong-metric", what, path=(section, name), at_key=True, fix="limit it for the whole")
    if budget.compare is not None:
        yield from _check_comparison(budget, budget.compare)
    if budget.input is not None and not budget.input.is_fixed:
        for key in ("change", "compare", "existing"):
            if key in budget.model_fields_set:
                yield _beside(key, "a range of inputs")
        if "share" in budget.max:
            fix = "leave it out, or fix the input"
            yield Fault(
                "wrong-metric", "a share over a range is not judged", path=("max", "share"), at_key=True, fix=fix
            )
    if budget.slack is not None and not budget.max:
        what = "'slack' speaks of 'max', which is not there"
        yield Fault("no-limit", what, path=("slack",), at_key=True, fix="leave it out, or add 'max'")


def _check_comparison(budget: Budget, compare: Against) -> Iterator[Fault]:
    if compare.variant == compare.to:
        what = f"the variant '{compare.to}' is compared with itself"
        yield Fault("same-variant", what, path=("compare", "to"), fix="name another variant")
    for key in ("change", "variant"):
        if key in budget.model_fields_set:
            yield _beside(key, "compare")


def _beside(key: str, other: str) -> Fault:
    fix = "make two budgets of them"
    return Fault("not-together", f"'{key}' cannot stand beside {other}", path=(key,), at_key=True, fix=fix)
