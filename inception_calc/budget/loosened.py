"""What a budget file allows that the one at the base did not: it is not judged, but nobody has to look for it."""

from collections.abc import Iterator

from inception_calc.budget.base import Base
from inception_calc.budget.models import Budget, BudgetFile
from inception_calc.budget.numbers import Allowance, Limit
from inception_calc.budget.read import BUDGET_FILE, Budgets, read_text
from inception_calc.problems import Stop
from inception_calc.spec_file.yaml_reader import decode

SETTING = ("match", "variant", "input", "batch", "set", "training", "dtype", "compare")
"""What a budget is about: another value is another budget."""
LEVELS = ("error", "warn", "off")


def loosened(budgets: Budgets, base: Base) -> Iterator[str]:
    """Notes on a budget file that was changed since the base, with everything that is looser now."""
    path = base.text_path(budgets.path)
    source = f"{base.name}:{path}"
    try:
        entry = base.commit.entry(path) if path is not None else None
        if entry is None or base.unchanged(budgets.path, with_neighbours=False):
            return
        before = read_text(decode(base.commit.read(entry), source, BUDGET_FILE), budgets.path, source).file
    except Stop:  # what git refuses to read stops no limit that can be judged
        yield f"{budgets.source} cannot be read at {base.name}: whether it allows more by now is not known"
        return
    said = list(differences(before, budgets.file))
    if said:
        yield f"{budgets.source} is looser or another one than at {base.name}: {'; '.join(said)}"


def differences(before: BudgetFile, after: BudgetFile) -> Iterator[str]:
    """What is looser, in file order of the base."""
    now = {budget.id: budget for budget in after.budgets}
    for old in before.budgets:
        new = now.get(old.id)
        if new is None:
            yield f"the budget {old.id} is gone"
        else:
            yield from (f"{old.id}: {text}" for text in _of_budget(old, new))
    if after.base != before.base:
        yield f"base: {before.base} -> {after.base}"
    known = {(waiver.budget, waiver.spec, waiver.row, waiver.layer): waiver.until for waiver in before.waivers}
    for waiver in after.waivers:
        until = known.get((waiver.budget, waiver.spec, waiver.row, waiver.layer))
        if until is None or until < waiver.until:
            yield f"a waiver of {waiver.budget} until {waiver.until}"


def _of_budget(old: Budget, new: Budget) -> Iterator[str]:
    for key in SETTING:
        if getattr(old, key) != getattr(new, key):
            yield f"another {key}"
    if old.selector != new.selector:
        yield "another filter"
    for section in ("max", "change"):
        limits, now = getattr(old, section), getattr(new, section)
        for name, limit in limits.items():
            if name not in now:
                yield f"{section} {name} {limit.text} is gone"
            elif _looser(limit, now[name]):
                yield f"{section} {name}: {limit.text} -> {now[name].text}"
    if LEVELS.index(new.level) > LEVELS.index(old.level):
        yield f"level: {old.level} -> {new.level}"
    for key in ("existing", "optional"):
        if getattr(old, key) != getattr(new, key) and getattr(new, key) in ("warn", True):
            yield f"{key}: {str(getattr(new, key)).lower()}"


def _looser(old: object, new: object) -> bool:
    """Whether a limit or an allowance is larger; a percentage and an amount cannot be compared, which is said too."""
    if isinstance(old, Limit) and isinstance(new, Limit):
        return new.value > old.value
    if isinstance(old, Allowance) and isinstance(new, Allowance):
        if (old.part is None) != (new.part is None):
            return old[:2] != new[:2] and (new.part or new.amount) != 0
        return (new.part or 0, new.amount) > (old.part or 0, old.amount)
    return old != new
